package price_test

import (
	"testing"

	"github.com/lambdasession/lambdasession-go/internal/price"
)

func TestOnDemand(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ read, write, want float64 }{
		"nothing costs nothing":                       {0, 0, 0},
		"a million reads are 12.5 cents":              {1e6, 0, 125_000},
		"a million writes are 62.5 cents":             {0, 1e6, 625_000},
		"an eventually consistent read is half a one": {0.5, 0, 0.0625},
		"a page that reads and writes once":           {1, 1, 0.75},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := price.OnDemand(c.read, c.write); got != c.want {
				t.Errorf("%v micro-dollars, want %v", got, c.want)
			}
		})
	}
}
