package storetest

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

// epoch is when every trial begins. It lies in the future, so that a database
// that sweeps expired items by its own clock leaves the suite's alone, and it
// is no whole second, so that a fraction that is not dropped shows.
var epoch = time.Date(2091, time.July, 3, 9, 26, 53, 589_793_000, time.UTC)

// A clock stands still until it is told to advance.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = t
}

// clocks has the *clock of every running trial by its *testing.T.
var clocks sync.Map

// newClock makes the clock that Now(t) reads, until t ends.
func newClock(t *testing.T) *clock {
	c := &clock{t: epoch}
	clocks.Store(t, c)
	t.Cleanup(func() { clocks.Delete(t) })
	return c
}

// Now returns the clock of the sub-test t, for the store that open makes for
// it. The suite stops and advances that clock as it likes. T is the one that
// [Run] gave to open: any other fails.
func Now(t *testing.T) func() time.Time {
	t.Helper()
	c, ok := clocks.Load(t)
	if !ok {
		t.Fatal("storetest.Now: call it within open, with the t that open was given")
	}
	return c.(*clock).now
}

// checkClock fails with a plain message if the store goes by another clock.
func checkClock(x *trial) {
	key := x.save(x.record(nil))
	_, before := x.store.Load(x.Context(), key)
	x.advance(absolute)
	_, after := x.store.Load(x.Context(), key)
	if before != nil || !errors.Is(after, store.ErrNotFound) {
		x.Fatalf("the store ignores the clock of the suite: let open give it storetest.Now(t). "+
			"(Load of a session of %v gave %q at once, and %q %v later.)", idle, before, after, absolute)
	}
}
