package dynamostore

import (
	"context"
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

// Rotate moves a session to a new key, as [store.Store] says. It is one
// TransactWriteItems: the old key's mark, the new session, and what changes in
// the list of the subject's devices.
func (s *Store) Rotate(ctx context.Context, key store.Key, from, to store.Record) (store.Key, error) {
	if err := to.Validate(); err != nil {
		return store.Key{}, err
	}
	if key.IsZero() {
		return store.Key{}, store.ErrNotFound
	}
	ctx, cancel := s.bound(ctx)
	defer cancel()
	return withNewKey(func(successor store.Key) error {
		return s.rotate(ctx, key.Digest(), successor.Digest(), from, to)
	})
}

func (s *Store) rotate(ctx context.Context, digest, successor string, from, to store.Record) error {
	rev, now := newRevision(), s.now()
	put, err := s.newSession(successor, rev, to)
	if err != nil {
		return err
	}
	steps := []step{s.leave(digest, successor, rev, from, now), put}
	switch {
	case from.Subject != "" && from.Subject == to.Subject && from.Device == to.Device:
		steps = append(steps, s.repoint(digest, successor, to, now))
	default:
		if from.Subject != "" {
			steps = append(steps, s.forget(from.Subject, from.Device))
		}
		if to.Subject != "" {
			steps = append(steps, s.signIn(successor, to)...)
		}
	}
	return s.transact(ctx, rev, steps)
}

// leave is the step that ends the session under digest in favour of its
// successor, provided that it is still what from says.
func (s *Store) leave(digest, successor, rev string, from store.Record, now time.Time) step {
	u := s.endUpdate(digest, successor, rev, now)
	u.must = append(u.must, u.name(attrRev)+" = "+u.value(text(from.Revision)))
	return step{
		write: u.inTransaction(s.cfg.Table),
		refused: func(found item, unsure bool) error {
			if revision(found) == rev {
				return nil
			}
			current, err := s.read(found, now)
			switch {
			case err != nil:
				return err
			case current.Revision == from.Revision:
				return errUnexplained
			case unsure:
				return errUnsure
			default:
				return &store.ConflictError{Current: current}
			}
		},
	}
}
