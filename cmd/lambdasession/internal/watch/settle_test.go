package watch

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// settling is a settle with somebody who watches the clock.
type settling struct {
	in    chan string
	out   chan []string
	began time.Time
}

func startSettling(t *testing.T) *settling {
	t.Helper()
	s := &settling{in: make(chan string), out: make(chan []string), began: time.Now()}
	go settle(s.in, s.out)
	return s
}

// want receives the next names and checks when they came.
func (s *settling) want(t *testing.T, after time.Duration, names ...string) {
	t.Helper()
	if diff := cmp.Diff(names, <-s.out); diff != "" {
		t.Error(diff)
	}
	if got := time.Since(s.began); got != after {
		t.Errorf("they came after %v, want %v", got, after)
	}
}

func TestSettle(t *testing.T) {
	t.Parallel()

	t.Run("a burst is told of once, when it is over", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			s := startSettling(t)
			for _, name := range []string{"Shop", "Admin", "Shop"} {
				s.in <- name
				time.Sleep(quiet / 2) //nolint:forbidigo // the bubble's clock
			}
			s.want(t, quiet/2+quiet/2+quiet, "Admin", "Shop")
			close(s.in)
		})
	})

	t.Run("one that does not end is told of nevertheless", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			s := startSettling(t)
			stop := make(chan struct{})
			go func() {
				defer close(s.in)
				tick := time.NewTicker(quiet / 2)
				defer tick.Stop()
				for s.in <- "Shop"; ; {
					select {
					case <-tick.C:
						s.in <- "Shop"
					case <-stop:
						return
					}
				}
			}()
			s.want(t, longest, "Shop")
			close(stop)
		})
	})

	t.Run("what changes while nobody asks is told of later, each name once", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			s := startSettling(t)
			s.in <- "Shop"
			s.want(t, quiet, "Shop")
			for _, name := range []string{"Shop", "Admin", "Shop"} { // somebody saves while the first change is built
				s.in <- name
				time.Sleep(10 * time.Second) //nolint:forbidigo // the bubble's clock
			}
			s.want(t, quiet+30*time.Second, "Admin", "Shop")
			select {
			case names := <-s.out:
				t.Errorf("and once more: %v", names)
			case <-time.After(time.Hour):
			}
			close(s.in)
		})
	})

	t.Run("it ends when nothing more comes, with nobody asking", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			s := startSettling(t)
			s.in <- "Shop"
			close(s.in)
			if names, more := <-s.out; more {
				t.Errorf("got %v", names)
			}
		})
	})
}
