package dynamostore_test

import (
	"context"
	"errors"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/localtest"
	"github.com/lambdasession/lambdasession-go/store"
)

// D3: a login, a redirect, and a read by a replica that has not heard of it.
func TestAnEventualRead(t *testing.T) {
	t.Parallel()
	db := localtest.DynamoDB(t)
	table := db.Table()
	plain := newStore(t, db.Client, dynamostore.Config{Table: table})

	// stale is a client whose eventual reads answer with an old item.
	stale := func(old item) *interceptor {
		return intercept(db.Client, func(q request) (any, error) {
			if in, ok := q.in.(*dynamodb.GetItemInput); ok && !*in.ConsistentRead {
				return &dynamodb.GetItemOutput{Item: old}, nil
			}
			return q.forward()
		})
	}
	loads := func(t *testing.T, client *interceptor, eventual bool, key store.Key) (requests int, err error) {
		st := newStore(t, client, dynamostore.Config{Table: table, EventualReads: eventual})
		_, err = st.Load(t.Context(), key)
		return client.count("GetItem"), err
	}
	expired := but(goodSession(), item{"expires": after(0)})

	for _, c := range []struct {
		name     string
		old      item
		eventual bool
		requests int
	}{
		{"is not made by default", expired, false, 1},
		{"that finds the session is all", goodSession(), true, 1},
		{"that finds no session is made again, consistently", nil, true, 2},
		{"that finds the session expired is made again, consistently", expired, true, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			key := save(t, plain, record(nil))
			requests, err := loads(t, stale(c.old), c.eventual, key)
			if requests != c.requests || err != nil {
				t.Errorf("%d requests, want %d; %v", requests, c.requests, err)
			}
		})
	}

	t.Run("of a session that does not exist is two reads", func(t *testing.T) {
		t.Parallel()
		requests, err := loads(t, stale(nil), true, store.NewKey())
		if requests != 2 || !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%d requests, %v", requests, err)
		}
	})
}

func TestNoKeyMakesNoRequest(t *testing.T) {
	t.Parallel()
	st := newStore(t, intercept(nil, nil), dynamostore.Config{Table: "sessions"})
	ctx := context.Background()
	_, loaded := st.Load(ctx, store.Key{})
	_, updated := st.Update(ctx, store.Key{}, set("n", "1"))
	_, rotated := st.Rotate(ctx, store.Key{}, store.Record{}, record(nil))
	for _, err := range []error{loaded, updated, rotated, st.Delete(ctx, store.Key{})} {
		if !errors.Is(err, store.ErrNotFound) {
			t.Errorf("got %v, want ErrNotFound", err)
		}
	}
}
