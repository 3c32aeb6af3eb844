package redisstore_test

import (
	"crypto/rand"
	"testing"

	"github.com/lambdasession/lambdasession-go/redisstore"
	"github.com/lambdasession/lambdasession-go/sealedstore"
	"github.com/lambdasession/lambdasession-go/store"
	"github.com/lambdasession/lambdasession-go/store/storetest"
)

func TestContract(t *testing.T) {
	t.Parallel()
	for name, client := range homes(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Run(t, func(t *testing.T) store.Store {
				return newStore(t, client, redisstore.Config{Now: storetest.Now(t)})
			})
		})
		t.Run("sealed, "+name, func(t *testing.T) {
			t.Parallel()
			key := make([]byte, 32)
			rand.Read(key)
			storetest.Run(t, func(t *testing.T) store.Store {
				inner := newStore(t, client, redisstore.Config{Prefix: "sealed:", Now: storetest.Now(t)})
				sealed, err := sealedstore.New(inner, sealedstore.Config{Keys: [][]byte{key}})
				if err != nil {
					t.Fatal(err)
				}
				return sealed
			})
		})
	}
}
