package dynamostore_test

import (
	"errors"
	"testing"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/localtest"
	"github.com/lambdasession/lambdasession-go/store"
)

// A race is a store between whose requests a test does something else.
type race struct {
	db    *localtest.DB
	table string
	plain *dynamostore.Store // does what is done in between
}

func newRace(t *testing.T) race {
	db := localtest.DynamoDB(t)
	table := db.Table()
	return race{db, table, newStore(t, db.Client, dynamostore.Config{Table: table})}
}

// before returns a store that does something just before the n-th request of
// the operation, counted from 0.
func (r race) before(t *testing.T, operation string, n int, something func()) *dynamostore.Store {
	return newStore(t, intercept(r.db.Client, func(q request) (any, error) {
		if q.operation == operation && q.n == n {
			something()
		}
		return q.forward()
	}), dynamostore.Config{Table: r.table})
}

// renew moves the session to a new key.
func (r race) renew(t *testing.T, key *store.Key) {
	t.Helper()
	from := load(t, r.plain, *key)
	successor, err := r.plain.Rotate(t.Context(), *key, from, from)
	if err != nil {
		t.Fatal(err)
	}
	*key = successor
}

func (r race) wantEnded(t *testing.T, key store.Key) {
	t.Helper()
	if _, err := r.plain.Load(t.Context(), key); !errors.Is(err, store.ErrEnded) {
		t.Errorf("Load gives %v, want an *EndedError", err)
	}
}
