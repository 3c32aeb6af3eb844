package memstore_test

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/lambdasession/lambdasession-go/memstore"
	"github.com/lambdasession/lambdasession-go/store"
)

// The life of a session, as any store keeps it.
func Example() {
	ctx := context.Background()
	sessions := memstore.New()

	now := time.Now()
	key, err := sessions.Save(ctx, store.Record{
		Values:  map[string][]byte{"cart": []byte("2 apples")},
		Created: now,
		Expires: now.Add(30 * time.Minute),
		Ends:    now.Add(12 * time.Hour),
	})
	if err != nil {
		fmt.Println(err)
		return
	}

	// A write that has not read changes its own fields and no others.
	_, err = sessions.Update(ctx, key, store.Changes{
		Set:     map[string][]byte{"theme": []byte("dark")},
		Expires: now.Add(40 * time.Minute),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	record, err := sessions.Load(ctx, key)
	fmt.Printf("%s, %s, %v\n", record.Values["cart"], record.Values["theme"], err)

	// Once ended, nothing brings it back.
	fmt.Println(sessions.Delete(ctx, key))
	_, err = sessions.Update(ctx, key, store.Changes{Expires: now.Add(time.Hour)})
	fmt.Println(errors.Is(err, store.ErrEnded))

	// Output:
	// 2 apples, dark, <nil>
	// <nil>
	// true
}
