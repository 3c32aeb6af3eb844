package lambdasession_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/store"
)

// Handlers may ignore the error of a write: the commit does not.
func TestAFailedWriteFailsTheCommit(t *testing.T) { // L2
	t.Parallel()
	tooLarge := strings.Repeat("x", lambdasession.DefaultMaxBytes)
	for _, c := range []struct {
		name string
		do   func(*lambdasession.Session)
		want error // nil: the failure was made good
	}{
		{
			"Set of a value that is too large",
			func(s *lambdasession.Session) { _ = news.Set(s, tooLarge) },
			lambdasession.ErrTooLarge,
		},
		{
			"Set of a value that is too large, after one that fits",
			func(s *lambdasession.Session) { _ = news.Set(s, "a"); _ = news.Set(s, tooLarge) },
			lambdasession.ErrTooLarge,
		},
		{
			"and another field that goes well",
			func(s *lambdasession.Session) { _ = news.Set(s, tooLarge); _ = pears.Set(s, 1) },
			lambdasession.ErrTooLarge,
		},
		{
			"Set, then one of the same field that fits",
			func(s *lambdasession.Session) { _ = news.Set(s, tooLarge); _ = news.Set(s, "a") },
			nil,
		},
		{
			"Set, then a Delete of the same field",
			func(s *lambdasession.Session) { _ = news.Set(s, tooLarge); _ = news.Delete(s) },
			nil,
		},
		{
			"Set, then Clear",
			func(s *lambdasession.Session) { _ = news.Set(s, tooLarge); _ = s.Clear() },
			nil,
		},
		{
			"Set, then Destroy",
			func(s *lambdasession.Session) { _ = news.Set(s, tooLarge); _ = s.Destroy() },
			nil,
		},
		{
			"SetSubject of nobody",
			func(s *lambdasession.Session) { _ = s.SetSubject("", "") },
			&store.InvalidError{},
		},
		{
			"SetSubject, which Clear does not make good",
			func(s *lambdasession.Session) { _ = s.SetSubject("\xff", ""); _ = s.Clear() },
			&store.InvalidError{},
		},
		{
			"SetSubject, then of somebody",
			func(s *lambdasession.Session) { _ = s.SetSubject("", ""); _ = s.SetSubject("ann", "") },
			nil,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			site := newSite(t, lambdasession.Config{})
			b := site.known(t)
			r := b.request()
			c.do(r.Session)
			answer := r.respond()
			if c.want == nil {
				succeed(t, answer.err)
				return
			}
			if _, invalid := c.want.(*store.InvalidError); invalid {
				if !isInvalid(answer.err) {
					t.Errorf("error %v; want an InvalidError", answer.err)
				}
			} else {
				wantError(t, c.want, answer.err)
			}
			answer.wantCookie(t, noCookie)
			site.store.want(t)
			b.wantValues(map[string]string{"apples": "1"})
		})
	}
}

func isInvalid(err error) bool {
	_, ok := errors.AsType[*store.InvalidError](err)
	return ok
}

// A write whose Load was given up is a failed write, though the Load itself
// could be tried again.
func TestAWriteThatWasGivenUpFailsTheCommit(t *testing.T) {
	t.Parallel()
	for name, write := range map[string]func(*lambdasession.Session) error{
		"Update": func(s *lambdasession.Session) error {
			_, err := apples.Update(s, func(n int) (int, error) { return n + 1, nil })
			return err
		},
		"Pop": func(s *lambdasession.Session) error { _, err := apples.Pop(s); return err },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			site := newSite(t, lambdasession.Config{})
			b := site.known(t)
			r := b.request()
			ctx, cancel := context.WithCancel(r.ctx)
			site.store.once("load", func(context.Context) error { cancel(); return ctx.Err() })
			wantError(t, lambdasession.ErrUnavailable, write(lambdasession.From(ctx)))
			r.respond().wantRefused(t, lambdasession.ErrUnavailable)
			b.wantValues(map[string]string{"apples": "1"})
		})
	}
}

// Whatever the store refuses to write, the response carries no cookie.
func TestAStoreThatFailsToWrite(t *testing.T) { // D10, L2
	t.Parallel()
	for _, c := range []struct {
		name, operation string
		browse          func(testing.TB, *site) *browser
		do              func(testing.TB, *lambdasession.Session)
	}{
		{"save", "save", stranger, func(tb testing.TB, s *lambdasession.Session) { set(tb, apples, s, 2) }},
		{"save of a sign-in", "save", stranger, func(tb testing.TB, s *lambdasession.Session) { signIn(tb, s, "ann") }},
		{"save instead of an update", "save", expired, func(tb testing.TB, s *lambdasession.Session) { set(tb, apples, s, 2) }},
		{"update without a read", "update", nil, func(tb testing.TB, s *lambdasession.Session) { set(tb, apples, s, 2) }},
		{"update", "update", nil, func(tb testing.TB, s *lambdasession.Session) { add(tb, apples, s, 2) }},
		{"load before a renewal", "load", nil, func(tb testing.TB, s *lambdasession.Session) { succeed(tb, s.Renew()) }},
		{"rotate", "rotate", nil, func(tb testing.TB, s *lambdasession.Session) { succeed(tb, s.Renew()) }},
		{"rotate of a sign-in", "rotate", nil, func(tb testing.TB, s *lambdasession.Session) { signIn(tb, s, "ann") }},
		{"delete", "delete", nil, func(tb testing.TB, s *lambdasession.Session) { succeed(tb, s.Destroy()) }},
		{"delete, then a new session", "delete", nil, func(tb testing.TB, s *lambdasession.Session) {
			succeed(tb, s.Destroy())
			set(tb, apples, s, 2)
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			site := newSite(t, lambdasession.Config{})
			b := site.known(t)
			if c.browse != nil {
				b = c.browse(t, site)
			}
			before, live := b.values()
			r := b.request()
			c.do(t, r.Session)
			site.store.fail(errDown, c.operation)
			answer := r.respond()
			answer.wantRefused(t, lambdasession.ErrUnavailable)
			wantError(t, errDown, answer.err)
			after, stillLive := b.values()
			wantEqual(t, "live", live, stillLive)
			wantEqual(t, "the stored session", before, after)
		})
	}
	t.Run("update-ttl is not fatal: the expiry stands as it was", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		b := site.known(t)
		site.pass(lambdasession.DefaultIdleTimeout / 2)
		site.store.fail(errDown, "update-ttl")
		b.visit(func(s *lambdasession.Session) { wantEqual(t, "value", 1, get(t, apples, s)) })
		site.store.want(t, "load", "update-ttl")
	})
}
