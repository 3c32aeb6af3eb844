package lambdasession_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

func TestTheHandlersDeadline(t *testing.T) { // L1
	t.Parallel()
	for _, c := range []struct {
		name          string
		reserve       time.Duration // as configured
		lasts, leaves time.Duration // the invocation, and the handler
	}{
		{"is half a second before the invocation's", 0, 10 * time.Second, 9500 * time.Millisecond},
		{"leaves a fifth where that is less", 0, time.Second, 800 * time.Millisecond},
		{"is exact where both are the same", 0, 2500 * time.Millisecond, 2 * time.Second},
		{"is before it by what is configured", 3 * time.Second, time.Minute, 57 * time.Second},
		{"leaves a fifth of what is configured if that is less", 3 * time.Second, 5 * time.Second, 4 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), c.lasts)
				defer cancel()
				start := time.Now()
				r := newSite(t, lambdasession.Config{PersistReserve: c.reserve}).browser(t).requestUnder(ctx)
				deadline, ok := r.ctx.Deadline()
				if left := deadline.Sub(start); !ok || left != c.leaves {
					t.Errorf("the handler is left %v, %v; want %v", left, ok, c.leaves)
				}
				<-r.ctx.Done()
				wantEqual(t, "the context ended after", c.leaves, time.Since(start))
			})
		})
	}
	t.Run("that has passed already leaves no time and does no harm", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithDeadline(t.Context(), time.Unix(0, 0))
		defer cancel()
		r := newSite(t, lambdasession.Config{}).browser(t).requestUnder(ctx)
		wantError(t, context.DeadlineExceeded, r.ctx.Err())
	})
}

// Every kind of commit: what it writes with, and how the request gets there.
var commits = []struct {
	name, operation string
	do              func(testing.TB, *lambdasession.Session)
}{
	{"Update", "update", func(tb testing.TB, s *lambdasession.Session) { set(tb, apples, s, 2) }},
	{"Rotate", "rotate", func(tb testing.TB, s *lambdasession.Session) { succeed(tb, s.Renew()) }},
	{"Load before it rotates", "load", func(tb testing.TB, s *lambdasession.Session) { succeed(tb, s.Renew()) }},
	{"Delete", "delete", func(tb testing.TB, s *lambdasession.Session) { succeed(tb, s.Destroy()) }},
	{"Save", "save", func(tb testing.TB, s *lambdasession.Session) { succeed(tb, s.Destroy()); set(tb, apples, s, 2) }},
}

func TestACommit(t *testing.T) { // L1
	t.Parallel()
	for _, c := range commits {
		t.Run("with "+c.name+" goes on when the client went away", func(t *testing.T) {
			t.Parallel()
			site := newSite(t, lambdasession.Config{})
			b := site.known(t)
			ctx, cancel := context.WithCancel(t.Context())
			r := b.requestUnder(ctx)
			c.do(t, r.Session)
			site.store.on(c.operation, context.Context.Err)
			cancel()
			succeed(t, r.respond().err)
		})
		t.Run("with "+c.name+" may use the time that was reserved", func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				site := newSite(t, lambdasession.Config{})
				b := site.known(t)
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				r := b.requestUnder(ctx)
				c.do(t, r.Session)
				<-r.ctx.Done() // the handler ran to its own deadline
				succeed(t, r.respond().err)
			})
		})
		t.Run("with "+c.name+" ends at the deadline, without a cookie", func(t *testing.T) { // D9
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				site := newSite(t, lambdasession.Config{})
				b := site.known(t)
				ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
				defer cancel()
				r := b.requestUnder(ctx)
				c.do(t, r.Session)
				site.store.hold(c.operation) // and never let go
				start := time.Now()
				answer := r.respond()
				answer.wantRefused(t, lambdasession.ErrUnavailable)
				wantError(t, context.DeadlineExceeded, answer.err)
				wantEqual(t, "waited", 10*time.Second, time.Since(start))
			})
		})
	}
	t.Run("is given the caller's values", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		r := site.browser(t).requestUnder(context.WithValue(t.Context(), contextKey{}, "kept"))
		set(t, apples, r.Session, 1)
		var got any
		site.store.on("save", func(ctx context.Context) error {
			got = ctx.Value(contextKey{})
			return nil
		})
		succeed(t, r.respond().err)
		wantEqual(t, "value", any("kept"), got)
	})
}
