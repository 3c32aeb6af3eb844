package lambdasession

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

const (
	maxFields = 100 // of a session

	// maxTries bounds a write that parallel requests get in the way of.
	maxTries = 8

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
	c.cookie = c.m.cookieFor(key, record.Ends)
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
	key, err := c.m.update(c.ctx, c.key, changes)
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
	c.keep(key, now.Add(c.m.cfg.AbsoluteTimeout))
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
		if err == nil {
			c.keep(key, base.Ends)
		}
		return err
	})
}

// touch moves the expiry if it would move by a tenth of the idle timeout, or
// to the absolute end. That it could not is no reason to fail the request.
func (c *commit) touch(base store.Record) {
	expires := c.m.idleEnd(base.Ends)
	moves := expires.Sub(base.Expires)
	if moves <= 0 || moves < c.m.cfg.IdleTimeout/10 && !expires.Equal(base.Ends) {
		return
	}
	key, err := c.m.updateTTL(c.ctx, c.key, expires)
	switch {
	case err == nil:
		c.keep(key, base.Ends)
	case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrEnded):
		// It ended while it was read: nothing is left to keep alive.
	default:
		c.m.cfg.Logger.WarnContext(c.ctx, "session expiry could not be moved; it stands as it was", "error", err)
	}
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
		if err == nil {
			c.cookie = c.m.cookieFor(key, to.Ends)
		}
		return err
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
func (c *commit) keep(key store.Key, ends time.Time) {
	if !key.Equal(c.key) {
		c.cookie = c.m.cookieFor(key, ends)
	}
}

// checkSize refuses values that are too large, unless the session was as large
// before: one that is oversized may still shrink, renew and end.
func (m *Manager) checkSize(values map[string][]byte, base store.Record) error {
	size := store.Record{Values: values}.Size()
	if size > m.cfg.MaxBytes && size > base.Size() {
		return fmt.Errorf("%w: %d bytes, and a session has at most %d (Config.MaxBytes); the biggest fields are %s",
			ErrTooLarge, size, m.cfg.MaxBytes, biggest(values))
	}
	if len(values) > maxFields && len(values) > len(base.Values) {
		return fmt.Errorf("%w: %d fields, and a session has at most %d", ErrTooLarge, len(values), maxFields)
	}
	return nil
}

// biggest names the three biggest fields and their sizes.
func biggest(values map[string][]byte) string {
	names := slices.SortedFunc(maps.Keys(values), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(values[b]), len(values[a])), cmp.Compare(a, b))
	})
	var list []string
	for _, name := range names[:min(3, len(names))] {
		list = append(list, fmt.Sprintf("%q (%d)", name, len(values[name])))
	}
	return strings.Join(list, ", ")
}
