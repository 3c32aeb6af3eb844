package lambdasession_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

func TestGoroutinesOfOneRequest(t *testing.T) {
	t.Parallel()
	t.Run("lose no update of one field", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		b := site.known(t)
		b.visit(func(s *lambdasession.Session) {
			var workers sync.WaitGroup
			for range 100 {
				workers.Go(func() {
					if _, err := apples.Update(s, func(n int) (int, error) { return n + 1, nil }); err != nil {
						t.Error(err)
					}
				})
			}
			workers.Wait()
			wantEqual(t, "value", 101, get(t, apples, s))
		})
		site.store.want(t, "load", "update")
		b.wantValues(map[string]string{"apples": "101"})
	})
	t.Run("never run two Update functions at once, nor read in the middle of one", func(t *testing.T) {
		t.Parallel()
		b := newSite(t, lambdasession.Config{}).known(t)
		b.visit(func(s *lambdasession.Session) {
			var inside atomic.Int32
			var workers sync.WaitGroup
			for range 50 {
				workers.Go(func() {
					_, err := apples.Update(s, func(n int) (int, error) {
						if inside.Add(1) != 1 {
							t.Error("two functions at once")
						}
						defer inside.Add(-1)
						return n + 1, nil
					})
					if err != nil {
						t.Error(err)
					}
				})
				workers.Go(func() {
					if _, err := apples.Get(s); err != nil {
						t.Error(err)
					}
				})
			}
			workers.Wait()
		})
		b.wantValues(map[string]string{"apples": "51"})
	})
	t.Run("may do anything at once", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		b := site.signedIn(t, "ann")
		r := b.request()
		var workers sync.WaitGroup
		for name, operate := range operations {
			for range 8 {
				workers.Go(func() {
					if err := operate(r.Session); err != nil {
						t.Errorf("%s: %v", name, err)
					}
					r.Status()
				})
			}
		}
		workers.Wait()
		answer := r.respond()
		succeed(t, answer.err)
		b.wantValues(nil) // Destroy was among them
	})
	t.Run("may still be at it when the response leaves", func(t *testing.T) {
		t.Parallel()
		for round := range 20 {
			site := newSite(t, lambdasession.Config{})
			b := site.signedIn(t, "ann")
			r := b.request()
			get(t, pears, r.Session)
			start := make(chan struct{})
			var workers sync.WaitGroup
			for name, operate := range operations {
				workers.Go(func() {
					<-start
					if err := operate(r.Session); err != nil && !errors.Is(err, lambdasession.ErrCommitted) {
						t.Errorf("round %d: %s: %v", round, name, err)
					}
				})
				workers.Go(func() {
					<-start
					r.Status()
				})
			}
			close(start)
			succeed(t, r.respond().err)
			workers.Wait()
		}
	})
}

// What happens in a request while the store is asked for its session.
func TestWhileALoadIsUnderWay(t *testing.T) {
	t.Parallel()
	// loading runs one operation that waits for the store, then meanwhile, and
	// then lets the store answer.
	loading := func(t *testing.T, operate func(*lambdasession.Session), meanwhile func(*request)) *request {
		t.Helper()
		site := newSite(t, lambdasession.Config{})
		r := site.known(t).request()
		reached, release := site.store.hold("load")
		var worker sync.WaitGroup
		worker.Go(func() { operate(r.Session) })
		<-reached
		meanwhile(r)
		release()
		worker.Wait()
		return r
	}
	t.Run("a value that is set is what the reader gets", func(t *testing.T) {
		t.Parallel()
		loading(t,
			func(s *lambdasession.Session) {
				if n, err := apples.Get(s); n != 7 || err != nil {
					t.Errorf("the reader got %d, %v; want 7", n, err)
				}
			},
			func(r *request) { set(t, apples, r.Session, 7) },
		)
	})
	t.Run("a Set is not undone by the Update that waited", func(t *testing.T) {
		t.Parallel()
		r := loading(t,
			func(s *lambdasession.Session) {
				if _, err := apples.Update(s, func(n int) (int, error) { return n + 1, nil }); err != nil {
					t.Error(err)
				}
			},
			func(r *request) { set(t, apples, r.Session, 7) },
		)
		wantEqual(t, "value", 8, get(t, apples, r.Session))
	})
	t.Run("a reader does not look into the middle of an Update", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			inside, finish := make(chan struct{}), make(chan struct{})
			var updater sync.WaitGroup
			loading(t,
				func(s *lambdasession.Session) {
					if n, err := pears.Get(s); n != 3 || err != nil {
						t.Errorf("the reader got %d, %v; want 3", n, err)
					}
				},
				func(r *request) {
					set(t, pears, r.Session, 2)
					updater.Go(func() {
						_, err := pears.Update(r.Session, func(n int) (int, error) {
							close(inside)
							<-finish
							return n + 1, nil
						})
						if err != nil {
							t.Error(err)
						}
					})
					<-inside
					time.AfterFunc(time.Second, func() { close(finish) })
				},
			)
			updater.Wait()
		})
	})
	for _, name := range []string{"Update", "Pop"} {
		operate := operations[name]
		t.Run("a commit does not wait, and the "+name+" that waited is refused", func(t *testing.T) {
			t.Parallel()
			var after response
			r := loading(t,
				func(s *lambdasession.Session) { wantError(t, lambdasession.ErrCommitted, operate(s)) },
				func(r *request) { _, after.err = r.x.Commit() },
			)
			succeed(t, after.err)
			wantEqual(t, "value", 1, get(t, apples, r.Session))
		})
	}
	t.Run("a renewal's commit takes the answer that comes", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			answered := make(chan response)
			r := loading(t,
				func(s *lambdasession.Session) {
					if _, err := apples.Get(s); err != nil {
						t.Error(err)
					}
				},
				func(r *request) {
					succeed(t, r.Renew())
					go func() { answered <- r.respond() }()
					synctest.Wait()
				},
			)
			answer := <-answered
			succeed(t, answer.err)
			answer.wantCookie(t, newCookie)
			r.site.store.want(t, "load", "rotate")
		})
	})
}

func TestACommitWaitsForAnUpdateUnderWay(t *testing.T) {
	t.Parallel()
	// updating is a request in which another goroutine is inside an Update.
	updating := func(t *testing.T, ctx context.Context) (b *browser, r *request, finish chan int) {
		b = newSite(t, lambdasession.Config{}).known(t)
		r = b.requestUnder(ctx)
		inside := make(chan struct{})
		finish = make(chan int)
		go func() {
			_, _ = apples.Update(r.Session, func(n int) (int, error) {
				close(inside)
				return n + <-finish, nil
			})
		}()
		<-inside
		return b, r, finish
	}
	t.Run("and saves what it makes", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			b, r, finish := updating(t, t.Context())
			answered := make(chan response)
			go func() { answered <- r.respond() }()
			synctest.Wait()
			finish <- 5
			succeed(t, (<-answered).err)
			b.wantValues(map[string]string{"apples": "6"})
		})
	})
	t.Run("but not past the deadline", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			b, r, finish := updating(t, ctx)
			answer := r.respond()
			answer.wantRefused(t, lambdasession.ErrUnavailable)
			wantError(t, context.DeadlineExceeded, answer.err)
			finish <- 5
			synctest.Wait()
			b.wantValues(map[string]string{"apples": "1"})
		})
	})
}

// Its caller is told; the response, which had begun, is not affected.
func TestAWriteThatComesTooLateDoesNotFailTheCommit(t *testing.T) {
	t.Parallel()
	site := newSite(t, lambdasession.Config{})
	r := site.known(t).request()
	succeed(t, r.Destroy())
	committing, commit := site.store.hold("delete")
	answered := make(chan response)
	go func() { answered <- r.respond() }()
	<-committing
	ctx, cancel := context.WithCancel(r.ctx)
	cancel()
	wantError(t, context.Canceled, apples.Set(lambdasession.From(ctx), 2))
	commit()
	answer := <-answered
	succeed(t, answer.err)
	answer.wantCookie(t, expiredCookie)
}

// While an Update's function runs, everybody else waits, each as long as the
// own context lets them.
func TestOperationsWaitForAnUpdateUnderWay(t *testing.T) {
	t.Parallel()
	for name, operate := range operations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				b := newSite(t, lambdasession.Config{}).known(t)
				r := b.request()
				get(t, apples, r.Session)
				inside, finish := make(chan struct{}), make(chan struct{})
				var workers sync.WaitGroup
				workers.Go(func() {
					_, err := pears.Update(r.Session, func(n int) (int, error) {
						close(inside)
						<-finish
						return n + 1, nil
					})
					if err != nil {
						t.Error(err)
					}
				})
				<-inside
				var done atomic.Bool
				workers.Go(func() {
					if err := operate(r.Session); err != nil {
						t.Error(err)
					}
					done.Store(true)
				})
				synctest.Wait()
				wantEqual(t, "done before the Update", false, done.Load())

				ctx, cancel := context.WithTimeout(r.ctx, time.Second)
				defer cancel()
				wantError(t, context.DeadlineExceeded, operate(lambdasession.From(ctx)))

				close(finish)
				workers.Wait()
			})
		})
	}
}

// Invocations in one process share the manager and nothing else.
func TestManyRequestsAtOnce(t *testing.T) { // L6
	t.Parallel()
	site := newSite(t, lambdasession.Config{})
	var visitors sync.WaitGroup
	for i := range 64 {
		visitors.Go(func() {
			b := site.browser(t)
			who := fmt.Sprintf("visitor-%d", i)
			for n := range 10 {
				r := b.request()
				name, err := news.Get(r.Session)
				if err != nil || n > 0 && name != who {
					t.Errorf("%s, visit %d: %q, %v", who, n, name, err)
				}
				if err := news.Set(r.Session, who); err != nil {
					t.Error(err)
				}
				if n == 5 {
					if err := r.SetSubject(who, ""); err != nil {
						t.Error(err)
					}
				}
				answer := r.respond()
				if answer.err != nil {
					t.Error(answer.err)
				}
				b.receive(answer)
			}
		})
	}
	visitors.Wait()
}

// A try conflicts only because another request has just saved, so eight
// requests need eight tries at the most.
func TestEightRequestsOfOneSessionAtOnce(t *testing.T) { // D4
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		b := newSite(t, lambdasession.Config{}).known(t)
		var requests, reading sync.WaitGroup
		reading.Add(8)
		for range 8 {
			requests.Go(func() {
				r := b.request()
				if _, err := apples.Update(r.Session, func(n int) (int, error) { return n + 1, nil }); err != nil {
					t.Error(err)
				}
				reading.Done()
				reading.Wait() // all have read before the first one saves
				if err := r.respond().err; err != nil {
					t.Error(err)
				}
			})
		}
		requests.Wait()
		b.wantValues(map[string]string{"apples": "9"})
	})
}
