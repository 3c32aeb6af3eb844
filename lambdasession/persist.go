package lambdasession

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

const (
	// maxTries bounds a write that parallel requests get in the way of. With 50
	// increments of one field at once, 8 are not enough for all on a busy
	// machine; 12 are (e2e/history).
	maxTries = 12

	// From the second conflict on, a try waits for a random time up to
	// firstPause, doubled with every try, and up to longestPause.
	firstPause   = 20 * time.Millisecond
	longestPause = 320 * time.Millisecond
)

// destroy ends the session in the store, and takes the cookie away if that
// ended anything.
func (c *commit) destroy() error {
	ended := c.revoked
	if !c.doomed.IsZero() {
		err := c.m.delete(c.ctx, c.doomed)
		switch {
		case err == nil:
			ended = true
		case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrEnded), is[*store.DecodeError](err):
		default:
			return err
		}
	}
	if ended {
		c.cookie = c.m.expiredCookie()
	}
	return nil
}

// create saves a new session, if there is anything to save. Former is the
// subject of the session that it takes the place of: what the request set
// before another one signed in is not the other's.
func (c *commit) create(former string) error {
	d, err := c.fold(store.Record{Subject: former})
	if err != nil || len(d.values) == 0 && d.subject == "" {
		return err
	}
	if c.withhold {
		return c.crossOrigin()
	}
	if err := c.m.checkSize(d.values, store.Record{}); err != nil {
		return err
	}
	record := c.successor(d, store.Record{})
	key, err := c.m.save(c.ctx, record)
	if err != nil {
		return err
	}
	if c.cookie, err = c.m.cookieFor(key, record.Ends, d.values); err != nil {
		return err
	}
	c.m.warnIfNearlyFull(c.ctx, d.values, store.Record{})
	return nil
}

// writeUnread writes without having read. If the session turns out to be
// gone, what was set begins a new one, as it would have after a read.
func (c *commit) writeUnread() error {
	changes, writes := c.edits.blind()
	if err := c.m.checkSize(changes.Set, store.Record{}); err != nil {
		return err
	}
	now := c.m.cfg.Now()
	changes.Expires = c.m.idleEnd(now.Add(c.m.cfg.IdleTimeout))
	key, usage, err := measure(c.ctx, func(ctx context.Context) (store.Key, error) { return c.m.update(ctx, c.key, changes) })
	ended, isEnded := errors.AsType[*store.EndedError](err)
	switch {
	case isEnded && c.recently(ended):
		return err
	case isEnded, errors.Is(err, store.ErrNotFound), is[*store.DecodeError](err):
		if !writes {
			return nil
		}
		return c.create("")
	case err != nil:
		return err
	}
	if err := c.keep(key, now.Add(c.m.cfg.AbsoluteTimeout), changes.Set); err != nil {
		return err
	}
	c.m.warnIfOutgrown(c.ctx, usage, changes.Set)
	return nil
}

// update writes what changed; if nothing did, it moves the expiry when due.
func (c *commit) update(base store.Record) error {
	return c.persevere(base, func(base store.Record) error {
		d, err := c.fold(base)
		if err != nil {
			return err
		}
		changes, changed := d.changes(base)
		if !changed {
			c.touch(base)
			return nil
		}
		if err := c.m.checkSize(d.values, base); err != nil {
			return err
		}
		changes.Expires = c.m.idleEnd(base.Ends)
		key, err := c.m.update(c.ctx, c.key, changes)
		if err != nil {
			return err
		}
		if err := c.keep(key, base.Ends, d.values); err != nil {
			return err
		}
		c.m.warnIfNearlyFull(c.ctx, d.values, base)
		return nil
	})
}

// touch moves the expiry if it would move by a tenth of the idle timeout, or
// to the absolute end. That it could not is no reason to fail the request.
func (c *commit) touch(base store.Record) {
	expires, due := c.m.touchDue(base)
	if !due {
		return
	}
	key, err := c.m.updateTTL(c.ctx, c.key, expires)
	if err == nil {
		err = c.keep(key, base.Ends, base.Values)
	}
	switch {
	case err == nil:
	case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrEnded):
		// It ended while it was read: nothing is left to keep alive.
	default:
		c.m.cfg.Logger.WarnContext(c.ctx, "session expiry could not be moved; it stands as it was", "error", err)
	}
}

// touchDue returns the expiry of a session that is used now, and whether the
// stored one is to be moved there.
func (m *Manager) touchDue(base store.Record) (expires time.Time, due bool) {
	expires = m.idleEnd(base.Ends)
	moves := expires.Sub(base.Expires)
	return expires, moves > 0 && (moves >= m.cfg.IdleTimeout/10 || expires.Equal(base.Ends))
}

// rotate gives the session a new key, with all that was saved meanwhile.
func (c *commit) rotate(base store.Record) error {
	if c.withhold {
		return c.crossOrigin()
	}
	err := c.persevere(base, func(base store.Record) error {
		d, err := c.fold(base)
		if err != nil {
			return err
		}
		if err := c.m.checkSize(d.values, base); err != nil {
			return err
		}
		to := c.successor(d, base)
		key, err := c.m.rotate(c.ctx, c.key, base, to)
		if err != nil {
			return err
		}
		if c.cookie, err = c.m.cookieFor(key, to.Ends, d.values); err != nil {
			return err
		}
		c.m.warnIfNearlyFull(c.ctx, d.values, base)
		return nil
	})
	if _, signIn := c.edits.signIn(); signIn && (errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrEnded)) {
		return c.create(base.Subject) // whoever signs in has proved enough for a session of their own
	}
	return err
}

// persevere runs write on base, and again on a newer record as long as
// parallel requests were faster. The first conflict brings the record along.
// After the second, that record is stale by the length of the pause: wait, and
// look again.
func (c *commit) persevere(base store.Record, write func(base store.Record) error) error {
	for try := 1; ; try++ {
		err := write(base)
		conflict, ok := errors.AsType[*store.ConflictError](err)
		if !ok {
			return err
		}
		if try == maxTries {
			return fmt.Errorf("%w: gave up after %d tries", ErrConflict, maxTries)
		}
		base = conflict.Current
		if try == 1 {
			continue
		}
		if err := pause(c.ctx, min(longestPause, firstPause<<try)); err != nil {
			return err
		}
		if base, err = c.m.load(c.ctx, c.key); err != nil {
			return err
		}
	}
}

// pause waits for a random time up to most.
func pause(ctx context.Context, most time.Duration) error {
	timer := time.NewTimer(rand.N(most)) //nolint:gosec // jitter is no secret
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return classify(ctx.Err())
	}
}

// fold applies the edits. An update that cannot be applied to the record as it
// is now is a conflict: nothing of the request is saved.
func (c *commit) fold(base store.Record) (draft, error) {
	d, err := c.edits.fold(base)
	if err != nil {
		return draft{}, fmt.Errorf("%w: an update could not be applied again: %w", ErrConflict, err)
	}
	return d, nil
}

// successor is the record of d under a new key. A sign-in and a new session
// begin a lifetime of their own.
func (c *commit) successor(d draft, from store.Record) store.Record {
	r := store.Record{
		Values: d.values, Subject: d.subject, Device: d.device, Label: d.label,
		Created: from.Created, Ends: from.Ends,
	}
	if _, signIn := c.edits.signIn(); signIn || from.Created.IsZero() {
		r.Created = c.began.Truncate(time.Microsecond)
		r.Ends = c.began.Add(c.m.cfg.AbsoluteTimeout).Truncate(time.Second)
	}
	r.Expires = c.m.idleEnd(r.Ends)
	return r
}

// keep sends the key again if the store changed it.
func (c *commit) keep(key store.Key, ends time.Time, values map[string][]byte) (err error) {
	if !key.Equal(c.key) {
		c.cookie, err = c.m.cookieFor(key, ends, values)
	}
	return err
}
