package dynamostore_test

import (
	"errors"
	"fmt"
	"log/slog"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/store"
)

func TestAListing(t *testing.T) {
	t.Parallel()

	ids := func(devices []store.Device) []string {
		var ids []string
		for _, d := range devices {
			ids = append(ids, d.ID)
		}
		return ids
	}

	t.Run("does not miss a session that is renewed while it is read", func(t *testing.T) {
		t.Parallel()
		r := newRace(t)
		key := save(t, r.plain, signedIn("ada", "d1"))
		st := r.before(t, "BatchGetItem", 0, func() { r.renew(t, &key); r.renew(t, &key) })
		devices, err := st.Devices(t.Context(), "ada")
		if diff := cmp.Diff([]string{"d1"}, ids(devices)); diff != "" || err != nil {
			t.Errorf("%v %s", err, diff)
		}
	})

	t.Run("leaves out a session that is ended while it is read", func(t *testing.T) {
		t.Parallel()
		for name, end := range map[string]func(r race, key store.Key) error{
			"by a logout":     func(r race, key store.Key) error { return r.plain.Delete(t.Context(), key) },
			"by a revocation": func(r race, _ store.Key) error { return r.plain.Revoke(t.Context(), "ada", "d1") },
		} {
			r := newRace(t)
			key := save(t, r.plain, signedIn("ada", "d1"))
			save(t, r.plain, signedIn("ada", "d2"))
			st := r.before(t, "BatchGetItem", 0, func() {
				if err := end(r, key); err != nil {
					t.Error(err)
				}
			})
			devices, err := st.Devices(t.Context(), "ada")
			if diff := cmp.Diff([]string{"d2"}, ids(devices)); diff != "" || err != nil {
				t.Errorf("%s: %v %s", name, err, diff)
			}
		}
	})

	t.Run("leaves out a device that a logout could not delete", func(t *testing.T) {
		t.Parallel()
		r := newRace(t)
		key := save(t, r.plain, signedIn("ada", "d1"))
		st := newStore(t, intercept(r.db.Client, func(q request) (any, error) {
			if q.operation == "DeleteItem" {
				return nil, errLost
			}
			return q.forward()
		}), dynamostore.Config{Table: r.table, Logger: slog.New(slog.DiscardHandler)})
		if err := st.Delete(t.Context(), key); err != nil {
			t.Errorf("the session has ended, but Delete gives %v", err)
		}
		devices, err := r.plain.Devices(t.Context(), "ada")
		if len(devices) > 0 || err != nil {
			t.Errorf("listed: %v, %v", devices, err)
		}
		if err := r.plain.Revoke(t.Context(), "ada", "d1"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("Revoke: %v, want ErrNotFound", err)
		}
	})

	t.Run("is read page by page, and asks again for what a batch leaves out", func(t *testing.T) {
		t.Parallel()
		r := newRace(t)
		var want []string
		for i := range 7 {
			id := fmt.Sprintf("d%d", i)
			want = append(want, id)
			save(t, r.plain, signedIn("ada", id))
		}
		client := intercept(r.db.Client, func(q request) (any, error) {
			switch in := q.in.(type) {
			case *dynamodb.QueryInput:
				in.Limit = new(int32(3))
			case *dynamodb.BatchGetItemInput:
				return answerPartly(q, in, r.table, 2)
			}
			return q.forward()
		})
		devices, err := newStore(t, client, dynamostore.Config{Table: r.table}).Devices(t.Context(), "ada")
		if diff := cmp.Diff(want, ids(devices)); diff != "" || err != nil {
			t.Errorf("%v %s", err, diff)
		}
		if q, b := client.count("Query"), client.count("BatchGetItem"); q != 3 || b != 4 {
			t.Errorf("%d pages and %d batches, want 3 and 4", q, b)
		}
	})

	t.Run("that DynamoDB gives nothing of is asked for again, but not forever", func(t *testing.T) {
		t.Parallel()
		for _, c := range []struct {
			barren, batches int
			want            bool
		}{{4, 5, true}, {100, 5, false}} {
			r := newRace(t)
			save(t, r.plain, signedIn("ada", "d1"))
			client := intercept(r.db.Client, func(q request) (any, error) {
				if in, ok := q.in.(*dynamodb.BatchGetItemInput); ok && q.n < c.barren {
					return answerPartly(q, in, r.table, 0)
				}
				return q.forward()
			})
			devices, err := newStore(t, client, dynamostore.Config{Table: r.table}).Devices(t.Context(), "ada")
			if !c.want {
				wantNoAnswer(t, err)
			} else if diff := cmp.Diff([]string{"d1"}, ids(devices)); diff != "" || err != nil {
				t.Errorf("%v %s", err, diff)
			}
			if got := client.count("BatchGetItem"); got != c.batches {
				t.Errorf("%d batches, want %d", got, c.batches)
			}
		}
	})
}

// answerPartly answers a batch with its first keys alone, as DynamoDB does
// when it is too large or throttled.
func answerPartly(q request, in *dynamodb.BatchGetItemInput, table string, keys int) (any, error) {
	all := in.RequestItems[table]
	keys = min(keys, len(all.Keys))
	first, rest := all, all
	first.Keys, rest.Keys = all.Keys[:keys], all.Keys[keys:]
	out := &dynamodb.BatchGetItemOutput{}
	if keys > 0 {
		in.RequestItems = map[string]types.KeysAndAttributes{table: first}
		o, err := q.forward()
		if err != nil {
			return nil, err
		}
		out = o.(*dynamodb.BatchGetItemOutput)
	}
	if len(rest.Keys) > 0 {
		out.UnprocessedKeys = map[string]types.KeysAndAttributes{table: rest}
	}
	return out, nil
}
