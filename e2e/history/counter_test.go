package history

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

// The writers have the machine to themselves: a try fails if another writer was
// faster, and the slower the machine, the more of them are.
func TestParallelWrites(t *testing.T) { //nolint:paralleltest // D4
	for name, open := range stores {
		// each makes many requests of one session at once, each of which has
		// read before the first one is saved, and returns the session's cookie.
		each := func(t *testing.T, n int, do func(i int, s *lambdasession.Session) error) (*lambdasession.Manager, string) {
			t.Helper()
			m := newManager(t, open(t, time.Now), time.Now)
			cookie, err := request(t.Context(), m, "", func(_ context.Context, s *lambdasession.Session) error { return register.Set(s, 1) })
			if err != nil {
				t.Fatal(err)
			}
			var reading, requests sync.WaitGroup
			reading.Add(n)
			for i := range n {
				requests.Go(func() {
					_, err := request(t.Context(), m, cookie, func(_ context.Context, s *lambdasession.Session) error {
						defer reading.Wait()
						defer reading.Done()
						return do(i, s)
					})
					if err != nil {
						t.Errorf("request %d: %v", i, err)
					}
				})
			}
			requests.Wait()
			return m, cookie
		}
		t.Run("of "+name+": fifty additions to one field at once all succeed", func(t *testing.T) {
			m, cookie := each(t, 50, func(_ int, s *lambdasession.Session) error { return increment(s, new(int)) })
			wantSession(t, m, cookie, output{live: true, counter: 50, register: 1})
		})
		t.Run("of "+name+": a hundred writes of other fields at once all stand", func(t *testing.T) {
			const n = 99 // with the register a hundred, which is as many as a session holds
			fields := make([]lambdasession.Field[int], n)
			for i := range fields {
				fields[i] = lambdasession.NewField[int](string(rune('一' + i)))
			}
			m, cookie := each(t, n, func(i int, s *lambdasession.Session) error { return fields[i].Set(s, i) })
			_, err := request(t.Context(), m, cookie, func(_ context.Context, s *lambdasession.Session) error {
				for i, f := range fields {
					if v, ok, err := f.Lookup(s); v != i || !ok || err != nil {
						t.Errorf("field %d holds %d, %v, %v", i, v, ok, err)
					}
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
}

// A Clear drops what was there before it, whichever way: what another request
// adds to a field that is gone counts from nothing.
func TestClearAgainstAParallelWrite(t *testing.T) { // D4
	t.Parallel()
	for name, open := range stores {
		for _, c := range []struct {
			name          string
			first, second func(*lambdasession.Session) error // the first one reads, and commits last
			want          output
		}{
			{
				"an addition that comes after the Clear",
				func(s *lambdasession.Session) error { return increment(s, new(int)) },
				(*lambdasession.Session).Clear,
				output{live: true, counter: 1},
			},
			{
				"a Set that comes after the Clear",
				func(s *lambdasession.Session) error { return register.Set(s, 7) },
				(*lambdasession.Session).Clear,
				output{live: true, register: 7},
			},
			{
				"a Clear that comes after an addition and a Set",
				(*lambdasession.Session).Clear,
				func(s *lambdasession.Session) error {
					if err := increment(s, new(int)); err != nil {
						return err
					}
					return register.Set(s, 7)
				},
				output{live: true},
			},
		} {
			t.Run("on "+name+": "+c.name, func(t *testing.T) {
				t.Parallel()
				m := newManager(t, open(t, time.Now), time.Now)
				do := func(do func(*lambdasession.Session) error) func(context.Context, *lambdasession.Session) error {
					return func(_ context.Context, s *lambdasession.Session) error { return do(s) }
				}
				cookie, err := request(t.Context(), m, "", func(_ context.Context, s *lambdasession.Session) error {
					if err := register.Set(s, 1); err != nil {
						return err
					}
					return counter.Set(s, 5)
				})
				if err != nil {
					t.Fatal(err)
				}
				_, err = request(t.Context(), m, cookie, func(ctx context.Context, s *lambdasession.Session) error {
					if err := look(s, &output{}); err != nil {
						return err
					}
					if err := c.first(s); err != nil {
						return err
					}
					_, err := request(context.WithoutCancel(t.Context()), m, cookie, do(c.second))
					return err
				})
				if err != nil {
					t.Fatal(err)
				}
				wantSession(t, m, cookie, c.want)
			})
		}
	}
}

func wantSession(t *testing.T, m *lambdasession.Manager, cookie string, want output) {
	t.Helper()
	var got output
	_, err := request(t.Context(), m, cookie, func(_ context.Context, s *lambdasession.Session) error { return look(s, &got) })
	if got != want || err != nil {
		t.Errorf("the session is %+v, %v; want %+v", got, err, want)
	}
}
