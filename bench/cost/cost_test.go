package cost_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/bench/cost"
)

// Ten requests, of which five read, two write 1 KB, and one write is larger.
var visit = cost.Visit{
	Requests: 10, Calls: 8, ReadUnits: 5, WriteUnits: 4,
	Items: 2, StoredBytes: 800, MetricsBytes: 3200,
}

func TestMonth(t *testing.T) {
	t.Parallel()
	b := cost.Month(visit, 1000) // 2,628 million requests, 262.8 million visits
	for what, c := range map[string]struct{ got, want float64 }{
		"a month has 730 hours of requests":                {b.Requests, 2.628e9},
		"each visit reads its units":                       {b.ReadUnits, 1.314e9},
		"and writes its units":                             {b.WriteUnits, 1.0512e9},
		"reads are 12.5 cents a million":                   {b.Reads, 164.25},
		"writes are 62.5 cents a million":                  {b.Writes, 657},
		"what 60 hours of visits left is stored":           {b.StoredGB, 100 * 216_000 * 1000 / 1e9},
		"25 GB are stored for nothing":                     {b.Storage, 0},
		"but backed up for 20 cents a GB":                  {b.Backups, 4.32},
		"the sessions are all that DynamoDB charges":       {b.Sessions(), 164.25 + 657 + 4.32},
		"half a GB runs for 9 ms a request":                {b.GBSeconds, 2.628e9 * 0.009 * 0.5},
		"which Lambda charges by the second":               {b.LambdaTime, 2.628e9 * 0.009 * 0.5 * 0.0000133334},
		"and by the request":                               {b.LambdaRequests, 525.6},
		"a gateway charges less beyond 300 million":        {b.HTTPAPI, 300 + 2328*0.9},
		"metrics are logs":                                 {b.MetricsGB, 262.8e6 * 3200 / 1e9},
		"and logs half a dollar a GB":                      {b.Metrics, 262.8e6 * 3200 / 1e9 * 0.5},
		"ten times the requests store beyond what is free": {cost.Month(visit, 10_000).Storage, (216 - 25) * 0.25},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			if math.Abs(c.got-c.want) > 1e-9*c.want {
				t.Errorf("%v, want %v", c.got, c.want)
			}
		})
	}
}

func TestRender(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	cost.Render(&out, visit, 1, 10_000)
	for _, want := range []string{
		"requests a second                               1         10,000",
		"requests a month                           2.63 M    26,280.00 M",
		"  reads                                     $0.16      $1,642.50",
		"  what TTL deletes                           free           free",
		"reads       requests / 10 x 5 units x $0.125 a million",
		"storage     requests a second / 10 x 60 h x (800 bytes + 2 items x 100) x $0.25 a GB, beyond 25 GB",
		"assumed are 5ms of the handler's own work and 5ms for each of 0.80 calls a request",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the table has no %q:\n%s", want, out.String())
		}
	}
	t.Run("the same visit gives the same table", func(t *testing.T) {
		t.Parallel()
		var again strings.Builder
		cost.Render(&again, visit, 1, 10_000)
		if diff := cmp.Diff(out.String(), again.String()); diff != "" {
			t.Errorf("(-first +second)\n%s", diff)
		}
	})
}
