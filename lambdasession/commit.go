package lambdasession

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/lambdasession/lambdasession-go/store"
)

// Commit saves what the request did to its session and returns what the
// response's header must carry: Set-Cookie and Vary to be added,
// Cache-Control to be set, or where it says "private, no-cache", to be set
// unless the response has one of its own. The header is empty if the session
// was not used.
//
// Commit before the first byte of the response, and send [Config.ErrorReply]'s
// instead if there is an error: one for which errors.Is holds with
// [ErrUnavailable], [ErrEnded], [ErrConflict], [ErrTooLarge] or
// [ErrCrossOrigin]. Nothing was claimed then, and no cookie must go out.
//
// It works under the context that Begin was given, deadline included, but goes
// on if the client goes away. A second Commit, and one after Close, returns
// [ErrCommitted].
func (x *Exchange) Commit() (http.Header, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.phase == open && x.busy == nil && x.settled() {
		x.phase = committed
		if !x.used {
			return nil, nil
		}
		return sessionHeader(""), nil
	}
	ctx, cancel := x.commitContext()
	defer cancel()
	for x.busy != nil { // another goroutine is inside an Update
		busy := x.busy
		x.mu.Unlock()
		err := wait(ctx, busy)
		x.mu.Lock()
		if err != nil {
			return nil, &operationError{operation: "commit", err: err}
		}
	}
	if x.phase != open {
		return nil, ErrCommitted
	}
	x.phase = committed
	c := &commit{
		Exchange: x, ctx: ctx,
		edits:       edits{ops: slices.Clone(x.edits.ops), renew: x.edits.renew},
		failedWrite: x.failedWrite(),
	}
	err := func() error {
		defer x.occupy()()
		return c.run()
	}()
	if errors.Is(err, store.ErrNotFound) {
		err = fmt.Errorf("%w: %w", ErrEnded, err) // it was there when it was read
	}
	if err != nil {
		return nil, &operationError{operation: "commit", err: err}
	}
	return sessionHeader(c.cookie), nil
}

// settled reports whether there is nothing to save: the session was read at
// most, and its expiry need not move yet. Most requests end so.
func (x *Exchange) settled() bool {
	if x.destroyed || len(x.failed) > 0 || len(x.edits.ops) > 0 || x.edits.renew {
		return false
	}
	if x.base == nil {
		return true
	}
	_, due := x.m.touchDue(*x.base)
	return !due
}

func (x *Exchange) commitContext() (context.Context, context.CancelFunc) {
	caller := x.ctx.Context
	ctx := context.WithoutCancel(caller)
	if deadline, ok := caller.Deadline(); ok {
		return context.WithDeadline(ctx, deadline)
	}
	return ctx, func() {}
}

// a commit is one run of Commit. While it runs, the exchange is occupied: only
// a Load that was under way may still change what is loaded, and only a write
// that comes too late what failed.
type commit struct {
	*Exchange
	ctx         context.Context
	edits       edits // a copy: what is applied again does not change what the request sees
	failedWrite error
	cookie      string // the Set-Cookie to send
}

// run does what the table in docs/architecture.md says.
func (c *commit) run() error {
	if c.destroyed {
		if err := c.destroy(); err != nil {
			return err
		}
	}
	if c.failedWrite != nil {
		return c.failedWrite
	}
	wrote := len(c.edits.ops) > 0 || c.edits.renew
	base, loaded, ended, failure := c.known()
	_, signIn := c.edits.signIn()
	switch {
	case failure != nil && wrote:
		return failure
	case failure != nil:
		return nil // the handler knows, and its response stands
	case ended != nil && wrote && !signIn:
		return ended
	case !loaded && wrote:
		return c.writeUnread()
	case !loaded:
		return nil
	case base == nil:
		return c.create("")
	case !wrote:
		c.touch(*base)
		return nil
	case c.edits.renew:
		return c.rotate(*base)
	default:
		return c.update(*base)
	}
}

// known returns what is loaded, after a Load where the key is to change. It
// locks, since a Load that began before the commit may come back only now.
func (c *commit) known() (base *store.Record, loaded bool, ended, failure error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.edits.renew {
		if err := c.load(c.ctx); err != nil {
			return nil, false, nil, err
		}
	}
	return c.base, c.loaded, c.ended, c.failure
}

// failedWrite returns the errors of the writes that failed. Callers hold x.mu.
func (x *Exchange) failedWrite() error {
	return errors.Join(slices.SortedFunc(maps.Values(x.failed), func(a, b error) int {
		return cmp.Compare(a.Error(), b.Error())
	})...)
}
