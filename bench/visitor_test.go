package bench

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/memstore"
	"github.com/lambdasession/lambdasession-go/store"
)

var hmacKey = []byte(strings.Repeat("k", 32))

// A visitor is a browser with a session in a memstore, and a cart in that.
type visitor struct {
	browser  browser
	sessions *lambdasession.Manager
	store    *memstore.Store
	key      store.Key // what the store knows the session by
}

func newVisitor(tb testing.TB, keys ...[]byte) *visitor {
	tb.Helper()
	v := &visitor{store: memstore.New()}
	saver := &keeper{Store: v.store}
	manager := func(st store.Store) *lambdasession.Manager {
		m, err := lambdasession.New(lambdasession.Config{Store: st, Keys: keys})
		if err != nil {
			tb.Fatal(err)
		}
		return m
	}
	v.browser.send(tb.Context(), tb, lambdasession.Wrap(manager(saver), with(func(s *lambdasession.Session) error {
		return cartField.Set(s, someCart)
	})))
	v.key = saver.key
	v.sessions = manager(v.store)
	return v
}

// A keeper is a store that remembers the key it saved last.
type keeper struct {
	store.Store
	key store.Key
}

func (k *keeper) Save(ctx context.Context, r store.Record) (store.Key, error) {
	key, err := k.Store.Save(ctx, r)
	k.key = key
	return key, err
}

// bare returns a function that sends one request through h as it is, under a
// deadline such as Lambda gives.
func (v *visitor) bare(tb testing.TB, h handler) func() {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), time.Hour)
	tb.Cleanup(cancel)
	event := v.browser.event()
	return func() {
		if out, err := h(ctx, event); err != nil || out.StatusCode != http.StatusOK {
			tb.Fatalf("answered %d %s, %v", out.StatusCode, out.Body, err)
		}
	}
}

// wrapped returns a function that sends one request through h with a session.
func (v *visitor) wrapped(tb testing.TB, h handler) func() {
	tb.Helper()
	return v.bare(tb, lambdasession.Wrap(v.sessions, h))
}

func (v *visitor) load(tb testing.TB) func() {
	tb.Helper()
	return func() {
		if _, err := v.store.Load(tb.Context(), v.key); err != nil {
			tb.Fatal(err)
		}
	}
}

func (v *visitor) update(tb testing.TB) func() {
	tb.Helper()
	changes := store.Changes{
		Set:     map[string][]byte{"theme": []byte(`"dark"`)},
		Expires: time.Now().Add(time.Minute),
	}
	return func() {
		if _, err := v.store.Update(tb.Context(), v.key, changes); err != nil {
			tb.Fatal(err)
		}
	}
}
