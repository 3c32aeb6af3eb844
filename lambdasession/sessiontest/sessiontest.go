// Package sessiontest gives unit tests of handlers a context with a session in
// it, without a store, an event or a cookie.
//
//	func TestAddToCart(t *testing.T) {
//		ctx := sessiontest.Context(t)
//		addToCart(ctx, "tea")
//		n, err := count.Get(lambdasession.From(ctx))
//		...
//	}
//
// To test whole requests, cookies included, use package localtest.
package sessiontest

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/memstore"
	"github.com/lambdasession/lambdasession-go/store"
)

// Context returns a context with an empty session. It ends with the test.
func Context(tb testing.TB) context.Context {
	tb.Helper()
	return begin(tb, memstore.New(), nil)
}

// Unavailable returns a context with a session whose store cannot answer: what
// reads it gets [lambdasession.ErrUnavailable].
func Unavailable(tb testing.TB) context.Context {
	tb.Helper()
	const name = "__Host-session"
	return begin(tb, silent{}, []string{name + "=" + store.NewKey().Reveal()})
}

func begin(tb testing.TB, st store.Store, cookies []string) context.Context {
	tb.Helper()
	m, err := lambdasession.New(lambdasession.Config{Store: st})
	if err != nil {
		tb.Fatal(err)
	}
	x, err := m.Begin(tb.Context(), lambdasession.Request{Method: http.MethodGet, Cookies: cookies})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(x.Close)
	return x.Context()
}

var errSilent = errors.New("sessiontest: this store never answers")

// silent is a store that cannot answer.
type silent struct{}

func (silent) Load(context.Context, store.Key) (store.Record, error) {
	return store.Record{}, errSilent
}

func (silent) Save(context.Context, store.Record) (store.Key, error) { return store.Key{}, errSilent }

func (silent) Update(context.Context, store.Key, store.Changes) (store.Key, error) {
	return store.Key{}, errSilent
}

func (silent) UpdateTTL(context.Context, store.Key, time.Time) (store.Key, error) {
	return store.Key{}, errSilent
}

func (silent) Rotate(context.Context, store.Key, store.Record, store.Record) (store.Key, error) {
	return store.Key{}, errSilent
}

func (silent) Delete(context.Context, store.Key) error { return errSilent }
