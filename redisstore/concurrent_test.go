package redisstore_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/redisstore"
	"github.com/lambdasession/lambdasession-go/redisstore/internal/redistest"
	"github.com/lambdasession/lambdasession-go/store"
)

// homes is where sessions can be: each client is one test's own.
func homes(t *testing.T) map[string]redisstore.Client {
	return map[string]redisstore.Client{
		"on one server": redistest.Start(t).Client(t),
		"on a cluster":  redistest.StartCluster(t).Client(t),
	}
}

var counter = lambdasession.NewField[int]("counter")

// D4.
func TestFiftyParallelIncrementsThroughTheManagerAllCount(t *testing.T) {
	t.Parallel()
	const visits = 50
	for name, client := range homes(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sessions, err := lambdasession.New(lambdasession.Config{
				Store: newStore(t, client, redisstore.Config{Now: time.Now}), AbsoluteTimeout: time.Hour,
			})
			if err != nil {
				t.Fatal(err)
			}
			server := httptest.NewServer(sessions.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				n, err := counter.Update(lambdasession.From(r.Context()), func(n int) (int, error) { return n + 1, nil })
				if err != nil {
					sessions.WriteError(w, r, err)
					return
				}
				fmt.Fprint(w, n)
			})))
			t.Cleanup(server.Close)
			visit := func(cookie *http.Cookie) *http.Response {
				req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
				if err != nil {
					t.Error(err)
					return nil
				}
				if cookie != nil {
					req.AddCookie(cookie)
				}
				resp, err := server.Client().Do(req)
				if err != nil {
					t.Error(err)
					return nil
				}
				resp.Body.Close()
				if resp.StatusCode != http.StatusOK {
					t.Errorf("a visit is answered with %s", resp.Status)
				}
				return resp
			}
			cookie := visit(nil).Cookies()[0]
			var all sync.WaitGroup
			for range visits {
				all.Go(func() { visit(cookie) })
			}
			all.Wait()
			r := load(t, newStore(t, client, redisstore.Config{Now: time.Now}), store.KeyOf(cookie.Value))
			if got := string(r.Values["counter"]); got != fmt.Sprint(visits+1) {
				t.Errorf("after %d increments the counter is %s", visits+1, got)
			}
		})
	}
}

// D5, D15: whatever order they come in, what was ended stays ended.
func TestNothingLivesAfterItsEnd(t *testing.T) {
	t.Parallel()
	const rounds = 30
	for name, client := range homes(t) {
		st := newStore(t, client, redisstore.Config{})
		at := func(x signIn, end, other func() error) (error, error) {
			var errs [2]error
			var all sync.WaitGroup
			all.Go(func() { errs[0] = end() })
			all.Go(func() { errs[1] = other() })
			all.Wait()
			return errs[0], errs[1]
		}
		for what, round := range map[string]func(t *testing.T, x signIn){
			"Delete against Update": func(t *testing.T, x signIn) {
				end, _ := at(x, func() error { return st.Delete(t.Context(), x.old) }, func() error {
					_, err := st.Update(t.Context(), x.old, set("n", "1"))
					return err
				})
				if end != nil {
					t.Errorf("Delete gives %v", end)
				}
				if _, err := st.Load(t.Context(), x.old); !errors.Is(err, store.ErrEnded) {
					t.Errorf("Load gives %v", err)
				}
			},
			"Delete against a sign-in": func(t *testing.T, x signIn) {
				end, _ := at(x, func() error { return st.Delete(t.Context(), x.old) }, func() error {
					_, err := st.Rotate(t.Context(), x.old, x.from, x.to)
					return err
				})
				if end != nil {
					t.Errorf("Delete gives %v", end)
				}
				if old, devices := x.lives(t); old || devices > 0 {
					t.Errorf("the old session lives: %t; devices: %d", old, devices)
				}
			},
			"RevokeAll against a sign-in": func(t *testing.T, x signIn) {
				end, in := at(x, func() error { _, err := st.RevokeAll(t.Context(), x.to.Subject, ""); return err }, func() error {
					_, err := st.Rotate(t.Context(), x.old, x.from, x.to)
					return err
				})
				if end != nil || in != nil && !errors.Is(in, store.ErrEnded) {
					t.Errorf("RevokeAll gives %v, Rotate %v", end, in)
				}
				if old, devices := x.lives(t); old != (in != nil) || devices > 0 {
					t.Errorf("Rotate gave %v; the old session lives: %t; devices: %d", in, old, devices)
				}
			},
			"an Update against a sign-in": func(t *testing.T, x signIn) {
				up, in := at(x, func() error { _, err := st.Update(t.Context(), x.old, set("n", "1")); return err }, func() error {
					_, err := st.Rotate(t.Context(), x.old, x.from, x.to)
					return err
				})
				if (up == nil) == (in == nil) || !isOutcome(errors.Join(up, in)) {
					t.Errorf("Update gives %v, Rotate %v; want exactly one to succeed", up, in)
				}
				if old, devices := x.lives(t); old != (up == nil) || (devices == 1) != (in == nil) {
					t.Errorf("Rotate gave %v; the old session lives: %t; devices: %d", in, old, devices)
				}
			},
			"a sign-in against another": func(t *testing.T, x signIn) {
				rotate := func() error { _, err := st.Rotate(t.Context(), x.old, x.from, x.to); return err }
				a, b := at(x, rotate, rotate)
				if (a == nil) == (b == nil) {
					t.Errorf("one gives %v, the other %v; want exactly one to succeed", a, b)
				}
				if old, devices := x.lives(t); old || devices != 1 {
					t.Errorf("the old session lives: %t; devices: %d", old, devices)
				}
			},
			"Loads against a sign-in": func(t *testing.T, x signIn) {
				var ended bool
				_, in := at(x, func() error {
					for range 5 {
						_, err := st.Load(context.WithoutCancel(t.Context()), x.old)
						if err != nil && !errors.Is(err, store.ErrEnded) {
							t.Errorf("Load gives %v", err)
						}
						if ended && err == nil {
							t.Error("a session that had ended lives")
						}
						ended = ended || err != nil
					}
					return nil
				}, func() error { _, err := st.Rotate(t.Context(), x.old, x.from, x.to); return err })
				if in != nil {
					t.Errorf("Rotate gives %v", in)
				}
			},
		} {
			t.Run(what+" "+name, func(t *testing.T) {
				t.Parallel()
				for range rounds {
					round(t, newSignIn(t, client, record(nil)))
				}
			})
		}
	}
}
