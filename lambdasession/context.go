package lambdasession

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

type exchangeKey struct{}

// From returns the session of the request that ctx belongs to. It does no I/O
// and never returns nil: outside a wrapped handler the session's operations
// return [ErrNoManager]. What the session does later, it does under ctx.
func From(ctx context.Context) *Session {
	x := exchangeOf(ctx)
	if x != nil && ctx == context.Context(&x.ctx) {
		return &x.session
	}
	return &Session{ctx: ctx, x: x}
}

func exchangeOf(ctx context.Context) *Exchange {
	x, _ := ctx.Value(exchangeKey{}).(*Exchange)
	return x
}

// requestContext is the handler's context: the caller's, with the session in
// it and an earlier deadline. Most handlers never ask for Done, so its timer
// is made at the first call, and a request that does not use its session pays
// for none.
type requestContext struct {
	context.Context // the caller's

	x        *Exchange
	deadline time.Time // zero: none

	mu     sync.Mutex
	inner  atomic.Pointer[innerContext] // written under mu
	closed bool
}

type innerContext struct {
	context.Context
	cancel context.CancelFunc
}

func (c *requestContext) Deadline() (time.Time, bool) { return c.deadline, !c.deadline.IsZero() }

func (c *requestContext) Done() <-chan struct{} {
	if inner := c.inner.Load(); inner != nil {
		return inner.Done()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if inner := c.inner.Load(); inner != nil {
		return inner.Done()
	}
	inner := &innerContext{}
	if c.deadline.IsZero() {
		inner.Context, inner.cancel = context.WithCancel(c.Context)
	} else {
		inner.Context, inner.cancel = context.WithDeadline(c.Context, c.deadline)
	}
	if c.closed {
		inner.cancel()
	}
	c.inner.Store(inner)
	return inner.Done()
}

func (c *requestContext) Err() error {
	if c.inner.Load() == nil {
		if !c.over() {
			return nil
		}
		c.Done() // from here on there is an inner context, which keeps the error
	}
	return c.inner.Load().Err()
}

// over reports whether the context has ended, without an inner one.
func (c *requestContext) over() bool {
	if c.Context.Err() != nil || !c.deadline.IsZero() && !time.Now().Before(c.deadline) {
		return true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closed
}

// Value finds the session, and for all else asks the inner context once there
// is one: so the context package recognises its own and needs no goroutine to
// tie children to it.
func (c *requestContext) Value(key any) any {
	if key == (exchangeKey{}) {
		return c.x
	}
	if inner := c.inner.Load(); inner != nil {
		return inner.Value(key)
	}
	return c.Context.Value(key)
}

// close ends the context, and with it whatever waits on it.
func (c *requestContext) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closed = true
	if inner := c.inner.Load(); inner != nil {
		inner.cancel()
	}
}
