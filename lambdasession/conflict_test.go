package lambdasession_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/store"
)

// rival changes apples before each of the next writes of the store, so that
// they all conflict, and returns how often it has.
func rival(site *site, b *browser, operation string, times int) *int {
	n := new(int)
	site.store.on(operation, func(ctx context.Context) error {
		if *n == times {
			return nil
		}
		*n++
		_, err := site.store.memory.Update(ctx, store.KeyOf(b.cookie), store.Changes{
			Set: map[string][]byte{"apples": []byte("100")[:1+*n%3]}, Expires: site.now().Add(time.Hour),
		})
		return err
	})
	return n
}

func TestUpdatesThatConflict(t *testing.T) {
	t.Parallel()
	t.Run("are applied again at once the first time, with no further read", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			site := newSite(t, lambdasession.Config{})
			b := site.known(t)
			rival(site, b, "update", 1)
			start := time.Now()
			b.visit(func(s *lambdasession.Session) { add(t, apples, s, 5) })
			site.store.want(t, "load", "update", "update")
			wantEqual(t, "time that passed in the bubble", time.Duration(0), time.Since(start))
			b.wantValues(map[string]string{"apples": "15"})
		})
	})
	t.Run("pause and look again from the second time on", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			site := newSite(t, lambdasession.Config{})
			b := site.known(t)
			rival(site, b, "update", 2)
			start := time.Now()
			b.visit(func(s *lambdasession.Session) { add(t, apples, s, 5) })
			site.store.want(t, "load", "update", "update", "load", "update")
			if paused := time.Since(start); paused <= 0 || paused > 80*time.Millisecond {
				t.Errorf("paused for %v; want some time up to 80 ms", paused)
			}
			b.wantValues(map[string]string{"apples": "105"})
		})
	})
	for _, operation := range []string{"update", "rotate"} {
		t.Run("give up after twelve tries of "+operation, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				site := newSite(t, lambdasession.Config{})
				b := site.known(t)
				conflicts := rival(site, b, operation, 100)
				r := b.request()
				add(t, apples, r.Session, 5)
				if operation == "rotate" {
					succeed(t, r.Renew())
				}
				start := time.Now()
				r.respond().wantRefused(t, lambdasession.ErrConflict)
				wantEqual(t, "tries", 12, *conflicts)
				// At most 80, 160 and eight times 320 ms.
				if paused := time.Since(start); paused > 2800*time.Millisecond {
					t.Errorf("paused for %v in all", paused)
				}
			})
		})
	}
	t.Run("succeed at the twelfth try", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			site := newSite(t, lambdasession.Config{})
			b := site.known(t)
			rival(site, b, "update", 11)
			b.visit(func(s *lambdasession.Session) { add(t, apples, s, 5) })
			b.wantValues(map[string]string{"apples": "105"})
		})
	})
	t.Run("do not pause past the deadline", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			site := newSite(t, lambdasession.Config{})
			b := site.known(t)
			rival(site, b, "update", 100)
			ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
			defer cancel()
			r := b.requestUnder(ctx)
			add(t, apples, r.Session, 5)
			start := time.Now()
			answer := r.respond()
			answer.wantRefused(t, lambdasession.ErrUnavailable)
			wantError(t, context.DeadlineExceeded, answer.err)
			wantEqual(t, "time that passed in the bubble", time.Millisecond, time.Since(start))
		})
	})
	t.Run("are refused when the session ends between two tries", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			site := newSite(t, lambdasession.Config{})
			b := site.known(t)
			rival(site, b, "update", 2)
			r := b.request()
			add(t, apples, r.Session, 5)
			site.store.on("load", func(ctx context.Context) error {
				return site.store.memory.Delete(ctx, store.KeyOf(b.cookie))
			})
			r.respond().wantRefused(t, lambdasession.ErrEnded)
			b.wantValues(nil)
		})
	})
}

func TestAnUpdateAppliedAgain(t *testing.T) {
	t.Parallel()
	t.Run("runs the functions in call order, on the newer value", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		b := site.known(t)
		var seen []int
		times := func(factor, plus int) func(int) (int, error) {
			return func(n int) (int, error) {
				seen = append(seen, n)
				return n*factor + plus, nil
			}
		}
		r := b.request()
		for _, fn := range []func(int) (int, error){times(2, 0), times(1, 3), times(10, 0)} {
			_, err := apples.Update(r.Session, fn)
			succeed(t, err)
		}
		b.twin().visit(func(s *lambdasession.Session) { set(t, apples, s, 7) })
		succeed(t, r.respond().err)
		wantEqual(t, "arguments", []int{1, 2, 5, 7, 14, 17}, seen)
		b.wantValues(map[string]string{"apples": "170"})
	})
	t.Run("does not run a function whose argument is the same", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		b := site.known(t)
		runs := 0
		r := b.request()
		_, err := pears.Update(r.Session, func(n int) (int, error) { runs++; return n + 1, nil })
		succeed(t, err)
		add(t, apples, r.Session, 1)
		b.twin().visit(func(s *lambdasession.Session) { set(t, apples, s, 7) })
		succeed(t, r.respond().err)
		wantEqual(t, "runs", 1, runs)
		b.wantValues(map[string]string{"apples": "8", "pears": "1"})
	})
	t.Run("that fails saves nothing of the request, and is a conflict", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		b := site.known(t)
		errSoldOut := errors.New("sold out")
		r := b.request()
		_, err := apples.Update(r.Session, func(n int) (int, error) {
			if n > 1 {
				return 0, errSoldOut
			}
			return n + 1, nil
		})
		succeed(t, err)
		set(t, pears, r.Session, 2)
		b.twin().visit(func(s *lambdasession.Session) { set(t, apples, s, 9) })
		answer := r.respond()
		answer.wantRefused(t, lambdasession.ErrConflict)
		wantError(t, errSoldOut, answer.err)
		b.wantValues(map[string]string{"apples": "9"})
	})
	t.Run("on a value that no longer fits its type is a conflict", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		b := site.known(t)
		r := b.request()
		add(t, apples, r.Session, 1)
		b.twin().visit(func(s *lambdasession.Session) {
			set(t, lambdasession.NewField[string]("apples"), s, "many")
		})
		r.respond().wantRefused(t, lambdasession.ErrConflict)
		b.wantValues(map[string]string{"apples": `"many"`})
	})
	t.Run("may not use the session either", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		b := site.known(t)
		var errs []error
		r := b.request()
		_, err := apples.Update(r.Session, func(n int) (int, error) {
			_, err := pears.Get(r.Session) // and ignores that it cannot
			errs = append(errs, err)
			return n + 1, nil
		})
		succeed(t, err)
		b.twin().visit(func(s *lambdasession.Session) { set(t, apples, s, 9) })
		succeed(t, r.respond().err)
		if len(errs) != 2 || errs[0] == nil || errs[1] == nil {
			t.Errorf("the function's reads returned %v; want two errors", errs)
		}
		b.wantValues(map[string]string{"apples": "10"})
	})
	t.Run("does not run once more when the request looks at its session after the commit", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		b := site.known(t)
		runs := 0
		r := b.request()
		_, err := apples.Update(r.Session, func(n int) (int, error) { runs++; return n + 1, nil })
		succeed(t, err)
		b.twin().visit(func(s *lambdasession.Session) { set(t, apples, s, 9) })
		_, err = r.x.Commit()
		succeed(t, err)
		_, err = r.Info()
		succeed(t, err)
		wantStatus(t, lambdasession.Changed, r.Status())
		wantEqual(t, "runs", 2, runs)
	})
}

// Whatever made the function fail, it failed because of another request.
func TestAnUpdateThatCannotBeAppliedAgainIsAnswered409(t *testing.T) {
	t.Parallel()
	site := newSite(t, lambdasession.Config{})
	b := site.known(t)
	r := b.request()
	_, err := apples.Update(r.Session, func(n int) (int, error) {
		if n > 1 {
			return 0, lambdasession.ErrUnavailable // of something that the function asks
		}
		return n + 1, nil
	})
	succeed(t, err)
	b.twin().visit(func(s *lambdasession.Session) { set(t, apples, s, 9) })
	w := httptest.NewRecorder()
	site.WriteError(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil), r.respond().err)
	wantEqual(t, "status", http.StatusConflict, w.Code)
}
