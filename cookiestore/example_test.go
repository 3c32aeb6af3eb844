package cookiestore_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"github.com/lambdasession/lambdasession-go/cookiestore"
	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/store"
)

// Keys come from where secrets are kept, such as AWS Secrets Manager.
func Example() {
	key := make([]byte, 32)
	rand.Read(key) // in a test: sessions end with the process

	cookies, err := cookiestore.New(cookiestore.Config{Keys: [][]byte{key}})
	if err != nil {
		fmt.Println(err)
		return
	}
	sessions, err := lambdasession.New(lambdasession.Config{Store: cookies})
	fmt.Println(sessions != nil, err)
	// Output: true <nil>
}

// A key holds the session: every change makes another one.
func ExampleStore() {
	cookies, err := cookiestore.New(cookiestore.Config{Keys: [][]byte{[]byte("32 bytes that nobody can guess..")}})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, now := context.Background(), time.Now()
	first, err := cookies.Save(ctx, store.Record{
		Values:  map[string][]byte{"cart": []byte("2 apples")},
		Created: now, Expires: now.Add(30 * time.Minute), Ends: now.Add(12 * time.Hour),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	second, err := cookies.Update(ctx, first, store.Changes{
		Set: map[string][]byte{"cart": []byte("3 pears")}, Expires: now.Add(40 * time.Minute),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, key := range []store.Key{first, second} {
		record, err := cookies.Load(ctx, key)
		fmt.Printf("%s %v\n", record.Values["cart"], err)
	}
	// Output:
	// 2 apples <nil>
	// 3 pears <nil>
}
