package store_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/lambdasession/lambdasession-go/store"
)

// plainStore is a store that says nothing of its keys.
type plainStore struct{ store.Store }

// formalStore is a store that does.
type formalStore struct{ store.Store }

func (formalStore) KeyForm() store.KeyForm {
	return store.KeyForm{Valid: func(secret string) bool { return secret == "k" }, HoldsState: true, CookieName: "c"}
}

func TestTheFormOfKeysIsNewKeysUnlessTheStoreSaysOtherwise(t *testing.T) {
	t.Parallel()
	plain, formal := store.KeyFormOf(plainStore{}), store.KeyFormOf(formalStore{})
	if !plain.Valid(store.NewKey().Reveal()) || plain.Valid("k") || plain.HoldsState || plain.CookieName != "" {
		t.Errorf("of a store that says nothing: %+v", plain)
	}
	if formal.Valid(store.NewKey().Reveal()) || !formal.Valid("k") || !formal.HoldsState || formal.CookieName != "c" {
		t.Errorf("of a store that says something: %+v", formal)
	}
}

func TestIsKeyKnowsTheFormOfNewKey(t *testing.T) {
	t.Parallel()
	for range 1000 {
		if s := store.NewKey().Reveal(); !store.IsKey(s) {
			t.Fatalf("%q is none", s)
		}
	}
	k := strings.Repeat("k", store.KeyLength-1)
	for c := range 256 {
		s := string([]byte{byte(c)}) + k
		_, err := base64.RawURLEncoding.DecodeString(s[:40])
		want := err == nil && c != '\r' && c != '\n' // which a decoder passes over
		if store.IsKey(s) != want {
			t.Errorf("%q: got %t, want %t", s, !want, want)
		}
	}
	for _, s := range []string{"", k, k + "kk", k + "\n"} {
		if store.IsKey(s) {
			t.Errorf("%q is one", s)
		}
	}
}
