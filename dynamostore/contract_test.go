package dynamostore_test

import (
	"crypto/rand"
	"testing"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/localtest"
	"github.com/lambdasession/lambdasession-go/store"
	"github.com/lambdasession/lambdasession-go/store/storetest"
)

func TestContract(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		cfg  dynamostore.Config
	}{
		{"with the defaults", dynamostore.Config{}},
		{"in a shared table with other names, read eventually", dynamostore.Config{
			PartitionKey: "PK", SortKey: "SK", TTLAttribute: "ttl", KeyPrefix: "shop/", EventualReads: true,
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db := localtest.DynamoDB(t)
			c.cfg.Table = "sessions-" + rand.Text()
			if err := newStore(t, db.Client, c.cfg).CreateTable(t.Context()); err != nil {
				t.Fatal(err)
			}
			storetest.Run(t, func(t *testing.T) store.Store {
				cfg := c.cfg
				cfg.Now = storetest.Now(t)
				return newStore(t, db.Client, cfg)
			})
		})
	}
}
