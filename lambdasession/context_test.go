package lambdasession_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

type contextKey struct{}

// The handler's context is one of the package's own making; it must behave
// like any other.
func TestTheHandlersContext(t *testing.T) {
	t.Parallel()
	// within runs check in a bubble, with a request under a context that lasts
	// ten seconds, of which the request is left eight, or without a deadline.
	within := func(t *testing.T, lasts time.Duration, check func(*testing.T, *request, context.CancelCauseFunc)) {
		t.Helper()
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancelCause(context.WithValue(t.Context(), contextKey{}, "kept"))
			defer cancel(nil)
			if lasts > 0 {
				var stop context.CancelFunc
				ctx, stop = context.WithTimeout(ctx, lasts)
				defer stop()
			}
			check(t, newSite(t, lambdasession.Config{PersistReserve: 2 * time.Second}).known(t).requestUnder(ctx), cancel)
		})
	}
	wantErr := func(t *testing.T, ctx context.Context, want error) {
		t.Helper()
		if got := ctx.Err(); !errors.Is(got, want) || got == nil != (want == nil) {
			t.Errorf("Err is %v; want %v", got, want)
		}
	}
	// Done is asked for before the end or only after it: two ways in the code.
	for name, ask := range map[string]func(context.Context){
		"that was waited on":        func(ctx context.Context) { ctx.Done() },
		"that nobody waited on":     func(context.Context) {},
		"whose error was looked at": func(ctx context.Context) { _ = ctx.Err() },
	} {
		t.Run("a context "+name+" ends at the earlier deadline and stays ended", func(t *testing.T) {
			t.Parallel()
			within(t, 10*time.Second, func(t *testing.T, r *request, cancel context.CancelCauseFunc) {
				ask(r.ctx)
				pass(8*time.Second - 1)
				wantErr(t, r.ctx, nil)
				pass(1)
				synctest.Wait()
				wantErr(t, r.ctx, context.DeadlineExceeded)
				cancel(nil)
				r.x.Close()
				wantErr(t, r.ctx, context.DeadlineExceeded)
				<-r.ctx.Done()
				wantErr(t, r.ctx, context.DeadlineExceeded)
			})
		})
		t.Run("a context "+name+" ends with the caller's, cause included", func(t *testing.T) {
			t.Parallel()
			within(t, 10*time.Second, func(t *testing.T, r *request, cancel context.CancelCauseFunc) {
				ask(r.ctx)
				cancel(errDown)
				synctest.Wait()
				wantErr(t, r.ctx, context.Canceled)
				wantError(t, errDown, context.Cause(r.ctx))
				<-r.ctx.Done()
				pass(20 * time.Second)
				wantErr(t, r.ctx, context.Canceled)
			})
		})
		t.Run("a context "+name+" ends when the exchange is closed, and stays so", func(t *testing.T) {
			t.Parallel()
			within(t, 10*time.Second, func(t *testing.T, r *request, _ context.CancelCauseFunc) {
				ask(r.ctx)
				r.x.Close()
				wantErr(t, r.ctx, context.Canceled)
				<-r.ctx.Done()
				pass(20 * time.Second)
				wantErr(t, r.ctx, context.Canceled)
			})
		})
		t.Run("a context "+name+" without a deadline goes on", func(t *testing.T) {
			t.Parallel()
			within(t, 0, func(t *testing.T, r *request, _ context.CancelCauseFunc) {
				ask(r.ctx)
				if deadline, ok := r.ctx.Deadline(); ok {
					t.Errorf("deadline %v; want none", deadline)
				}
				pass(time.Hour)
				wantErr(t, r.ctx, nil)
				r.x.Close()
				<-r.ctx.Done()
				wantErr(t, r.ctx, context.Canceled)
			})
		})
	}
	t.Run("keeps the caller's values", func(t *testing.T) {
		t.Parallel()
		within(t, 0, func(t *testing.T, r *request, _ context.CancelCauseFunc) {
			wantEqual(t, "value", any("kept"), r.ctx.Value(contextKey{}))
			r.ctx.Done()
			wantEqual(t, "value", any("kept"), r.ctx.Value(contextKey{}))
			wantEqual(t, "value of another key", nil, r.ctx.Value("unknown"))
		})
	})
	t.Run("ends its children, and a child does not end it", func(t *testing.T) {
		t.Parallel()
		within(t, 10*time.Second, func(t *testing.T, r *request, _ context.CancelCauseFunc) {
			child, cancelChild := context.WithCancel(r.ctx)
			sibling, cancelSibling := context.WithTimeout(r.ctx, time.Hour)
			defer cancelSibling()
			if deadline, _ := sibling.Deadline(); !deadline.Equal(time.Now().Add(8 * time.Second)) {
				t.Errorf("a child's deadline is %v", deadline)
			}
			cancelChild()
			wantErr(t, child, context.Canceled)
			wantErr(t, r.ctx, nil)
			r.x.Close()
			wantErr(t, sibling, context.Canceled) // at once: no goroutine carries it on
		})
	})
	t.Run("runs what waits for its end, once", func(t *testing.T) {
		t.Parallel()
		within(t, 10*time.Second, func(t *testing.T, r *request, _ context.CancelCauseFunc) {
			ran, stopped := 0, 0
			context.AfterFunc(r.ctx, func() { ran++ })
			stop := context.AfterFunc(r.ctx, func() { stopped++ })
			wantEqual(t, "stopped", true, stop())
			r.x.Close()
			synctest.Wait()
			r.x.Close()
			synctest.Wait()
			wantEqual(t, "runs", 1, ran)
			wantEqual(t, "runs of what was stopped", 0, stopped)
		})
	})
	t.Run("finds the session in every child", func(t *testing.T) {
		t.Parallel()
		within(t, 0, func(t *testing.T, r *request, _ context.CancelCauseFunc) {
			child, cancel := context.WithCancel(context.WithValue(r.ctx, contextKey{}, "other"))
			defer cancel()
			set(t, apples, r.Session, 7)
			wantEqual(t, "value", 7, get(t, apples, lambdasession.From(child)))
		})
	})
	t.Run("is what a session from it works under", func(t *testing.T) {
		t.Parallel()
		within(t, 0, func(t *testing.T, r *request, _ context.CancelCauseFunc) {
			child, cancel := context.WithTimeout(r.ctx, time.Second)
			defer cancel()
			r.site.store.hold("load") // and never let go
			start := time.Now()
			_, err := apples.Get(lambdasession.From(child))
			wantError(t, context.DeadlineExceeded, err)
			wantEqual(t, "waited", time.Second, time.Since(start))
		})
	})
}

// pass lets time pass in a bubble.
func pass(d time.Duration) {
	time.Sleep(d) //nolint:forbidigo // the bubble's time, which takes none
}
