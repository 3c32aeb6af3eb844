package lambdasession_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/store"
)

// rekeying is a store whose keys change with what is stored under them, as
// those of a store that keeps the session in the cookie itself do.
type rekeying struct{ *spy }

func (s rekeying) Update(ctx context.Context, key store.Key, changes store.Changes) (store.Key, error) {
	return s.rekey(ctx, key, func() (store.Key, error) { return s.spy.Update(ctx, key, changes) })
}

func (s rekeying) UpdateTTL(ctx context.Context, key store.Key, expires time.Time) (store.Key, error) {
	return s.rekey(ctx, key, func() (store.Key, error) { return s.spy.UpdateTTL(ctx, key, expires) })
}

func (s rekeying) rekey(ctx context.Context, key store.Key, write func() (store.Key, error)) (store.Key, error) {
	if _, err := write(); err != nil {
		return store.Key{}, err
	}
	record, err := s.memory.Load(ctx, key)
	if err != nil {
		return store.Key{}, err
	}
	return s.memory.Rotate(ctx, key, record, record)
}

func TestAStoreThatChangesTheKey(t *testing.T) {
	t.Parallel()
	const (
		left    = lambdasession.DefaultAbsoluteTimeout - 10*time.Minute
		unknown = lambdasession.DefaultAbsoluteTimeout // without a read nobody knows when the session ends
	)
	for _, c := range []struct {
		name   string
		do     func(testing.TB, *lambdasession.Session)
		cookie string
		lasts  time.Duration // of the cookie
		apples int
	}{
		{"sends a cookie after a change", func(tb testing.TB, s *lambdasession.Session) { add(tb, apples, s, 1) }, newCookie, left, 2},
		{"sends a cookie after a change without a read", func(tb testing.TB, s *lambdasession.Session) { set(tb, apples, s, 5) }, newCookie, unknown, 5},
		{"sends a cookie after a touch", func(tb testing.TB, s *lambdasession.Session) { get(tb, apples, s) }, newCookie, left, 1},
		{"sends none where nothing was done", func(testing.TB, *lambdasession.Session) {}, noCookie, 0, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := &site{}
			s.now, s.pass = clockFrom(noon)
			s.store = newSpy(s.now)
			m, err := lambdasession.New(lambdasession.Config{
				Store: rekeying{s.store}, Now: s.now, Logger: slog.New(slog.DiscardHandler),
				Cookie: lambdasession.Cookie{Persistent: true},
			})
			succeed(t, err)
			s.Manager = m
			b := s.known(t)
			s.pass(10 * time.Minute)

			answer := b.visit(func(s *lambdasession.Session) { c.do(t, s) })
			answer.wantCookie(t, c.cookie)
			if cookie := answer.setCookie(t); cookie != nil {
				wantEqual(t, "Max-Age", int(c.lasts/time.Second), cookie.MaxAge)
			}
			wantEqual(t, "value", c.apples, get(t, apples, b.request().Session))
		})
	}
}
