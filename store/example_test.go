package store_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

func ExampleKey() {
	key := store.KeyOf("what the cookie carries")
	visit := struct {
		Path    string
		Session store.Key
	}{"/cart", key}

	asJSON, _ := json.Marshal(visit)
	fmt.Printf("%v\n%s\n", visit, asJSON)
	fmt.Println(key.Digest()) // what a store may write down
	fmt.Println(key.Reveal()) // for the cookie alone

	// Output:
	// {/cart [redacted]}
	// {"Path":"/cart","Session":"[redacted]"}
	// cnjExqoupQclWdtily8ddWD8Sf7uo3NIfITSGKLhGeY
	// what the cookie carries
}

func ExampleNewKey() {
	one, two := store.NewKey(), store.NewKey()
	fmt.Println(len(one.Reveal()), one.Equal(one), one.Equal(two), one)
	// Output: 43 true false [redacted]
}

func ExampleRecord_Validate() {
	now := time.Now()
	r := store.Record{
		Values:  map[string][]byte{"": nil},
		Subject: "alice",
		Created: now,
		Ends:    now.Add(12 * time.Hour),
		Expires: now.Add(24 * time.Hour),
	}
	fmt.Println(r.Validate())
	// Output:
	// invalid session request: empty field name
	// subject and device go together: set both or neither
	// expires is after ends
}

func ExampleChanges() {
	session := map[string][]byte{"cart": []byte("2 apples"), "flash": []byte("saved")}
	changes := store.Changes{
		Set:    map[string][]byte{"cart": []byte("3 apples")},
		Delete: []string{"flash"},
		Expect: map[string][]byte{"cart": []byte("2 apples")}, // what the 3 were derived from
	}
	if changes.Holds(session) {
		session = changes.Apply(session)
	}
	fmt.Printf("%s\n", session)
	fmt.Println(changes.Holds(session)) // another request derived from the 2 as well
	// Output:
	// map[cart:3 apples]
	// false
}

func ExampleEndedError() {
	var err error = &store.EndedError{At: time.Date(2026, time.March, 14, 9, 26, 53, 0, time.UTC)}
	err = fmt.Errorf("load session: %w", err)

	if ended, ok := errors.AsType[*store.EndedError](err); ok {
		fmt.Println(ended.At.Format(time.Kitchen), errors.Is(err, store.ErrEnded))
	}
	// Output: 9:26AM true
}
