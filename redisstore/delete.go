package redisstore

import (
	"context"
	"errors"

	"github.com/lambdasession/lambdasession-go/store"
)

// Delete ends the session, or the one that it was renewed to, as [store.Store]
// says. It is one round trip for each key on the way, and one more if the
// session had a subject.
func (s *Store) Delete(ctx context.Context, key store.Key) error {
	at, ok := refOf(key)
	if !ok {
		return store.ErrNotFound
	}
	ctx, cancel := s.bound(ctx)
	defer cancel()

	next, first := s.end(ctx, at)
	err := first
	for seen := map[ref]bool{}; next != (ref{}); {
		if seen[next] {
			return &store.DecodeError{Err: errors.New("marks lead in a circle")}
		}
		seen[next] = true
		next, err = s.end(ctx, next)
	}
	if isGone(err) {
		return first
	}
	return err
}

func isGone(err error) bool {
	return errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrEnded)
}

// end ends the session. If it was renewed a moment ago, end does nothing and
// returns, with the error, where its successor is.
func (s *Store) end(ctx context.Context, at ref) (next ref, err error) {
	err = s.whenSettled(ctx, at, func() error {
		rev, now := newRevision(), s.now()
		parts, _, err := s.run(ctx, scriptEnd, []string{s.sessionKey(at)}, micros(now), rev)
		if err != nil {
			return err
		}
		r := reply{parts: parts}
		if r.text(0) == saidOK {
			if subject, id := r.text(1), r.text(2); subject != "" {
				s.forgetEnded(ctx, subject, id, at.digest)
			}
			return r.err
		}
		found := r.hash(1)
		if r.err != nil {
			return r.err
		}
		_, err = readHead(found, now)
		if err == nil {
			return errUnexplained
		}
		if errors.Is(err, store.ErrEnded) {
			next, _ = parseRef(found[fieldNext])
		}
		return err
	})
	return next, err
}

// forgetEnded takes a session that has ended out of its subject's list of
// devices. If that fails, the session has ended all the same, and listings
// leave the device out.
func (s *Store) forgetEnded(ctx context.Context, subject, id, digest string) {
	_, _, err := s.run(ctx, scriptDrop, []string{s.subjectKey(subject)}, id, digest)
	if err != nil {
		s.cfg.Logger.WarnContext(ctx, "the device of a session that has ended is left over; it does no harm",
			"device", id, "error", err)
	}
}
