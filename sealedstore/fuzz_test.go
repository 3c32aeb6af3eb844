package sealedstore_test

import (
	"context"
	"encoding/hex"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

// A key and a value that were made when the format was, by keys("k") and anyKey,
// so that a release that changes the format shows: sessions must go on.
const (
	oldKey   = "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk20oVX5_cvhPqen0_f8PK-LptukTIXGl3e69nc6KNq4GDeZym1Xbtub6pWhOgxSkh"
	oldValue = "4ca1b01b004db3fac21e44d84a20456167ab79b9115fa46a5576c955c423ff96fee00a990573cef5683c875461dffadc"
)

func TestAKeyOfTheFirstReleaseIsStillGood(t *testing.T) {
	t.Parallel()
	r, err := around(t, anyKey{}, "k").Load(t.Context(), store.KeyOf(oldKey))
	if err != nil || string(r.Values["cart"]) != "2 apples" {
		t.Errorf("got %+v, %v", r, err)
	}
}

// FuzzLoad holds Load to one rule: what the store did not make is no session,
// even where the inner store has one for every key, and no text makes it panic.
func FuzzLoad(f *testing.F) {
	s := around(f, anyKey{}, "k", "l")
	for _, secret := range []string{"", "k", oldKey, oldKey[:43], oldKey[43:], oldKey + "A", strings.Repeat("A", 107), strings.Repeat("é", 64)} {
		f.Add(secret)
	}
	f.Fuzz(func(t *testing.T, secret string) {
		_, err := s.Load(t.Context(), store.KeyOf(secret))
		if secret == oldKey && err != nil || secret != oldKey && !errors.Is(err, store.ErrNotFound) {
			t.Fatalf("%q: %v", secret, err)
		}
	})
}

// anyKey is a store that has one session under every key.
type anyKey struct{ store.Store }

func (anyKey) record() store.Record {
	begin := time.Date(2026, time.March, 14, 12, 0, 0, 123_456_000, time.UTC)
	return store.Record{
		Subject: "ada", Device: "a device", Revision: "1",
		Created: begin, Expires: begin.Add(30 * time.Minute).Truncate(time.Second), Ends: begin.Add(12 * time.Hour).Truncate(time.Second),
	}
}

func (k anyKey) Load(context.Context, store.Key) (store.Record, error) {
	value, err := hex.DecodeString(oldValue)
	r := k.record()
	r.Values = map[string][]byte{"cart": value}
	return r, err
}

func (anyKey) Save(context.Context, store.Record) (store.Key, error) {
	return store.KeyOf(strings.Repeat("k", store.KeyLength)), nil
}
