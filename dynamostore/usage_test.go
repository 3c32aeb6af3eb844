package dynamostore_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/localtest"
	"github.com/lambdasession/lambdasession-go/store"
)

func TestTheStoreCountsWhatDynamoDBSays(t *testing.T) {
	t.Parallel()
	const (
		one      = `{"ConsumedCapacity": {"CapacityUnits": 2.5}}`
		list     = `{"ConsumedCapacity": [{"CapacityUnits": 2.5}, {"CapacityUnits": 4}]}`
		replayed = `{"ConsumedCapacity": [{"CapacityUnits": 6, "ReadCapacityUnits": 6, "WriteCapacityUnits": 0}]}`
	)
	for _, c := range []struct {
		what, operation, answer string
		want                    store.Usage
	}{
		{"a read", "Load", one, store.Usage{ReadUnits: 2.5}},
		{"a query", "Devices", one, store.Usage{ReadUnits: 2.5}},
		{"a new item", "Save", one, store.Usage{WriteUnits: 2.5}},
		{"a change", "Update", one, store.Usage{WriteUnits: 2.5}},
		{"an expiry", "UpdateTTL", one, store.Usage{WriteUnits: 2.5}},
		{"an end", "Delete", one, store.Usage{WriteUnits: 2.5}},
		{"a transaction", "Rotate", list, store.Usage{WriteUnits: 6.5}},
		{"a transaction that had been applied, which only reads", "Rotate", replayed, store.Usage{ReadUnits: 6}},
		{"an answer that does not say", "Update", `{}`, store.Usage{}},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			w := &wire{answer: func(int, *http.Request) (*http.Response, error) { return ok(c.answer) }}
			ctx, counted := store.CountUsage(t.Context())
			if err := operations[c.operation](ctx, onWire(t, w)); err != nil {
				t.Fatal(err)
			}
			if got := counted(); got != c.want {
				t.Errorf("counted %+v, want %+v", got, c.want)
			}
		})
	}

	t.Run("every answer counts, and an attempt without one does not", func(t *testing.T) {
		t.Parallel()
		w := &wire{answer: func(n int, r *http.Request) (*http.Response, error) {
			switch n {
			case 0:
				return unknownOutcomes()[0].answer(r)
			case 1: // the query, and then the batch
				return ok(fmt.Sprintf(`{"ConsumedCapacity": {"CapacityUnits": 1}, "Items": [
					{"pk": {"S": "u#ada"}, "sk": {"S": "d#d1"}, "session": {"S": %q}, "created": {"N": "1"}}]}`,
					store.NewKey().Digest()))
			default:
				return ok(`{"ConsumedCapacity": [{"CapacityUnits": 3}, {"CapacityUnits": 4}]}`)
			}
		}}
		ctx, counted := store.CountUsage(t.Context())
		if err := operations["Devices"](ctx, onWire(t, w)); err != nil {
			t.Fatal(err)
		}
		if got, want := counted(), (store.Usage{ReadUnits: 8}); got != want {
			t.Errorf("counted %+v in %d requests, want %+v", got, len(w.requests()), want)
		}
	})
}

func TestTheStoreCountsWhatTheMeterCounts(t *testing.T) {
	t.Parallel()
	db := localtest.DynamoDB(t)
	st := newStore(t, db.Client, dynamostore.Config{Table: db.Table()})
	r := record(map[string][]byte{"x": make([]byte, 9<<10)})
	key := save(t, st, r)

	for _, c := range []struct {
		what string
		run  func(context.Context) error
	}{
		{"a Save", func(ctx context.Context) error { _, err := st.Save(ctx, r); return err }},
		{"a Load", func(ctx context.Context) error { _, err := st.Load(ctx, key); return err }},
		{"an Update", func(ctx context.Context) error { _, err := st.Update(ctx, key, set("n", "1")); return err }},
		{"an UpdateTTL", func(ctx context.Context) error { _, err := st.UpdateTTL(ctx, key, r.Expires); return err }},
		{"a Delete", func(ctx context.Context) error { return st.Delete(ctx, key) }},
	} {
		db.Meter().Reset()
		ctx, counted := store.CountUsage(t.Context())
		if err := c.run(ctx); err != nil {
			t.Fatal(err)
		}
		u := db.Meter().Usage()
		got, want := counted(), store.Usage{ReadUnits: u.ReadUnits, WriteUnits: u.WriteUnits}
		if got != want || want == (store.Usage{}) {
			t.Errorf("%s: the store counted %+v, the meter %+v", c.what, got, want)
		}
	}
}
