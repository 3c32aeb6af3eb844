package price_test

import (
	"math"
	"testing"

	"github.com/lambdasession/lambdasession-go/internal/price"
)

func TestTiers(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ got, want float64 }{
		"no requests cost nothing":                              {price.HTTPAPI(0), 0},
		"a million requests to an HTTP API are a dollar":        {price.HTTPAPI(1), 1},
		"at the end of the first tier its price holds":          {price.HTTPAPI(300), 300},
		"what is beyond the first tier is cheaper":              {price.HTTPAPI(1300), 300 + 900},
		"a GB of logs is half a dollar":                         {price.Logs(1), 0.5},
		"60 TB of logs go through all four tiers":               {price.Logs(60_000), 5000 + 5000 + 2000 + 500},
		"logs within the second tier pay the first one in full": {price.Logs(20_000), 5000 + 2500},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if math.Abs(c.got-c.want) > 1e-9 {
				t.Errorf("%v USD, want %v", c.got, c.want)
			}
		})
	}
}
