package cookiestore_test

import (
	"strings"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/cookiestore"
	"github.com/lambdasession/lambdasession-go/store"
	"github.com/lambdasession/lambdasession-go/store/storetest"
)

func TestContract(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]cookiestore.Config{
		"with the defaults":                     {Keys: keys("a")},
		"with rotated keys and another name":    {Keys: keys("n", "o", "p"), CookieName: "sid"},
		"with the least room that the suite is": {Keys: keys("a"), MaxBytes: 3500},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Run(t, func(t *testing.T) store.Store {
				cfg := cfg
				cfg.Now = storetest.Now(t)
				return newStore(t, cfg)
			})
		})
	}
}

// noon is when tests with a clock that stands still begin.
var noon = time.Date(2026, time.March, 14, 12, 0, 0, 0, time.UTC)

func atNoon() time.Time { return noon }

// keys makes keys of 32 bytes of one letter each.
func keys(letters ...string) (keys [][]byte) {
	for _, l := range letters {
		keys = append(keys, []byte(strings.Repeat(l, 32)))
	}
	return keys
}

func newStore(tb testing.TB, cfg cookiestore.Config) *cookiestore.Store {
	tb.Helper()
	s, err := cookiestore.New(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// record makes one that begins at noon and holds the values, names and values in
// turn.
func record(namesAndValues ...string) store.Record {
	r := store.Record{Values: map[string][]byte{}, Created: noon, Expires: noon.Add(30 * time.Minute), Ends: noon.Add(12 * time.Hour)}
	for i := 0; i < len(namesAndValues); i += 2 {
		r.Values[namesAndValues[i]] = []byte(namesAndValues[i+1])
	}
	return r
}

func save(tb testing.TB, s store.Store, r store.Record) store.Key {
	tb.Helper()
	key, err := s.Save(tb.Context(), r)
	if err != nil {
		tb.Fatal(err)
	}
	return key
}
