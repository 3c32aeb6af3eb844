package bench

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lambdasession/lambdasession-go/bench/cost"
)

// TestCost prints what a month of visits costs, by what one was counted to take
// on DynamoDB Local just now.
func TestCost(t *testing.T) {
	t.Parallel()
	took := walk(t, visit)
	v := cost.Visit{
		Requests: took.requests, Calls: took.used.Calls,
		ReadUnits: took.used.ReadUnits, WriteUnits: took.used.WriteUnits,
		Items: took.items, StoredBytes: took.stored, MetricsBytes: took.metrics,
	}
	var table strings.Builder
	cost.Render(&table, v, 1, 100, 10_000)
	t.Log("\n" + table.String())

	t.Run("docs/operations.md has this table", func(t *testing.T) {
		t.Parallel()
		page, err := os.ReadFile(filepath.Join("..", "docs", "operations.md"))
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(table.String()) {
			// How long a line of metrics is depends on how long the operation took.
			if !strings.Contains(line, "metrics") && !strings.Contains(line, "CloudWatch Logs") && !strings.Contains(string(page), line) {
				t.Errorf("the page does not have the line\n%swhich make cost prints", line)
			}
		}
	})
	t.Run("a hundred requests a second cost less than a hundred dollars a month", func(t *testing.T) {
		t.Parallel()
		if usd := cost.Month(v, 100).Sessions(); usd <= 0 || usd >= 100 {
			t.Errorf("%.2f USD", usd)
		}
	})
	t.Run("a visit stores its session and its device, and prints metrics of every operation", func(t *testing.T) {
		t.Parallel()
		if v.Items != 2 || v.StoredBytes < 1000 || v.MetricsBytes < 100*v.Calls {
			t.Errorf("%d items of %d bytes, %d bytes of metrics", v.Items, v.StoredBytes, v.MetricsBytes)
		}
	})
}
