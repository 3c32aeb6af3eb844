package sealedstore_test

import (
	"context"
	"fmt"
	"time"

	"github.com/lambdasession/lambdasession-go/memstore"
	"github.com/lambdasession/lambdasession-go/sealedstore"
	"github.com/lambdasession/lambdasession-go/store"
)

// What the inner store keeps is not what the caller stored.
func Example() {
	sealed, err := sealedstore.New(plainly{memstore.New()}, sealedstore.Config{
		Keys: [][]byte{[]byte("32 bytes that nobody can guess..")}, // from AWS Secrets Manager, say
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, now := context.Background(), time.Now()
	key, err := sealed.Save(ctx, store.Record{
		Values:  map[string][]byte{"cart": []byte("2 apples")},
		Created: now, Expires: now.Add(30 * time.Minute), Ends: now.Add(12 * time.Hour),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	record, err := sealed.Load(ctx, key)
	fmt.Printf("%s %v\n", record.Values["cart"], err)
	// Output:
	// the inner store keeps 48 bytes as cart
	// 2 apples <nil>
}

// plainly tells what it is given.
type plainly struct{ store.Store }

func (p plainly) Save(ctx context.Context, r store.Record) (store.Key, error) {
	for name, v := range r.Values {
		fmt.Printf("the inner store keeps %d bytes as %s\n", len(v), name)
	}
	return p.Store.Save(ctx, r)
}
