package sealedstore_test

import (
	"crypto/rand"
	"strings"
	"testing"

	"github.com/lambdasession/lambdasession-go/cookiestore"
	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/localtest"
	"github.com/lambdasession/lambdasession-go/memstore"
	"github.com/lambdasession/lambdasession-go/sealedstore"
	"github.com/lambdasession/lambdasession-go/store"
	"github.com/lambdasession/lambdasession-go/store/storetest"
)

func TestContract(t *testing.T) {
	t.Parallel()
	// Each begins what one of its kind needs, and returns what opens the stores.
	for name, begin := range map[string]func(*testing.T) func(*testing.T) store.Store{
		"around memstore": func(*testing.T) func(*testing.T) store.Store { return inMemory },
		"around cookiestore": func(*testing.T) func(*testing.T) store.Store {
			return func(t *testing.T) store.Store {
				return must(cookiestore.New(cookiestore.Config{Keys: keys("c"), Now: storetest.Now(t)}))(t)
			}
		},
		"around dynamostore": func(t *testing.T) func(*testing.T) store.Store {
			db := localtest.DynamoDB(t)
			table := "sessions-" + rand.Text()
			if err := must(dynamostore.New(db.Client, dynamostore.Config{Table: table}))(t).CreateTable(t.Context()); err != nil {
				t.Fatal(err)
			}
			return func(t *testing.T) store.Store {
				return must(dynamostore.New(db.Client, dynamostore.Config{Table: table, Now: storetest.Now(t)}))(t)
			}
		},
		"around another sealed store": func(*testing.T) func(*testing.T) store.Store {
			return func(t *testing.T) store.Store { return around(t, inMemory(t), "y") }
		},
		"around a store without Subjects": func(*testing.T) func(*testing.T) store.Store {
			return func(t *testing.T) store.Store { return struct{ store.Store }{inMemory(t)} }
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			open := begin(t)
			storetest.Run(t, func(t *testing.T) store.Store { return around(t, open(t), "k") })
		})
	}
	t.Run("while keys are rotated, by two programs of which each seals with another", func(t *testing.T) {
		t.Parallel()
		storetest.Run(t, func(t *testing.T) store.Store {
			inner := inMemory(t)
			return &alternating{programs: [2]*sealedstore.Store{around(t, inner, "n", "o"), around(t, inner, "o", "n")}}
		})
	})
}

func inMemory(t *testing.T) store.Store {
	s := memstore.New()
	s.Now = storetest.Now(t)
	return s
}

// keys makes keys of 32 bytes of one letter each.
func keys(letters ...string) (keys [][]byte) {
	for _, l := range letters {
		keys = append(keys, []byte(strings.Repeat(l, 32)))
	}
	return keys
}

func around(tb testing.TB, inner store.Store, letters ...string) *sealedstore.Store {
	tb.Helper()
	return must(sealedstore.New(inner, sealedstore.Config{Keys: keys(letters...)}))(tb)
}

// must returns what a constructor made, or ends the test.
func must[T any](v T, err error) func(testing.TB) T {
	return func(tb testing.TB) T {
		tb.Helper()
		if err != nil {
			tb.Fatal(err)
		}
		return v
	}
}
