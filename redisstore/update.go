package redisstore

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

// Update changes a live session, as [store.Store] says. It is one round trip
// that carries the changed fields only.
//
// An attempt without an answer is sent again. If it was applied after all, it
// finds its own revision. Another request may have come in between: then
// expectations give an error that means "could not answer", and of two who set
// the same field the one sent last wins, as it does of any two at once.
func (s *Store) Update(ctx context.Context, key store.Key, changes store.Changes) (store.Key, error) {
	if err := errors.Join(changes.Validate(), checkSize(changes.Set)); err != nil {
		return store.Key{}, err
	}
	at, ok := refOf(key)
	if !ok {
		return store.Key{}, store.ErrNotFound
	}
	ctx, cancel := s.bound(ctx)
	defer cancel()
	if err := s.whenSettled(ctx, at, func() error { return s.update(ctx, at, changes) }); err != nil {
		return store.Key{}, err
	}
	return key, nil
}

// UpdateTTL moves a live session's expiry, as [store.Store] says. Like
// [Store.Update] it is one round trip.
func (s *Store) UpdateTTL(ctx context.Context, key store.Key, expires time.Time) (store.Key, error) {
	return s.Update(ctx, key, store.Changes{Expires: expires})
}

func (s *Store) update(ctx context.Context, at ref, changes store.Changes) error {
	rev, now := newRevision(), s.now()
	parts, unsure, err := s.run(ctx, scriptChange, []string{s.sessionKey(at)}, changeArgs(rev, changes, now)...)
	if err != nil {
		return err
	}
	r := reply{parts: parts}
	if r.text(0) == saidOK {
		return nil
	}
	found := r.hash(1)
	if r.err != nil {
		return r.err
	}
	current, err := read(found, now)
	_, moving := errors.AsType[*movingError](err)
	switch {
	case unsure && (err == nil || moving || found[fieldNext] != ""):
		return errUnsure // changed or renewed, perhaps with our change in it
	case err != nil:
		return err
	case !changes.Holds(current.Values):
		return &store.ConflictError{Current: current}
	default:
		return errUnexplained
	}
}

// changeArgs is what the script takes.
func changeArgs(rev string, c store.Changes, now time.Time) []any {
	var set, del, expect, absent []any
	for _, name := range slices.Sorted(maps.Keys(c.Set)) {
		set = append(set, valuePrefix+name, c.Set[name])
	}
	for _, name := range c.Delete {
		del = append(del, valuePrefix+name)
	}
	for _, name := range slices.Sorted(maps.Keys(c.Expect)) {
		if want := c.Expect[name]; want != nil {
			expect = append(expect, valuePrefix+name, want)
		} else {
			absent = append(absent, valuePrefix+name)
		}
	}
	replace := ""
	if c.Replace {
		replace = "1"
	}
	args := []any{micros(now), rev, seconds(c.Expires), formatVersion, replace, len(set), len(del), len(expect)}
	return slices.Concat(args, set, del, expect, absent)
}
