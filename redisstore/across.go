package redisstore

import (
	"context"
	"errors"

	"github.com/lambdasession/lambdasession-go/store"
)

// A sign-in brings a session to the slot of its subject, and no script works on
// two slots. It takes three steps instead:
//
//  1. lock the old session, naming the successor;
//  2. save the successor, if no revocation forbids it: this is the moment at
//     which it all happens;
//  3. turn the locked session into a mark.
//
// Whoever meets a lock looks for the successor. Where it is there, the sign-in
// has happened, and the session that is locked has ended, whether the third
// step was made or not. Where it isn't, the session lives, and may be read. Who
// wants to change it or end it first forbids the successor, by leaving a note
// under its key that the second step does not overwrite; then the lock is
// lifted, and the sign-in finds its session changed. So nobody waits for
// anybody, a program that dies between two steps leaves nothing undecided, and
// at every moment exactly one of both sessions lives.
//
// A session is kept for 16 minutes after its last write, and its mark as long;
// a locked one for 15. A lock can therefore not outlive the answer to whether
// its successor was ever there. One that nobody settles takes its session along.
func (s *Store) rotateAcross(ctx context.Context, old ref, tag string, from, to store.Record) (key store.Key, err error) {
	for n := range maxAttempts { // of two who forbid each other's successor, one will be faster
		if n > 0 && pause(ctx, firstPause<<(n-1)) != nil {
			break
		}
		key, err = withNewKey(tag, func(successor ref) error { return s.cross(ctx, old, successor, from, to) })
		if !errors.Is(err, errForbidden) {
			break
		}
	}
	return key, err
}

// cross takes the three steps once.
func (s *Store) cross(ctx context.Context, old, successor ref, from, to store.Record) error {
	if err := s.whenSettled(ctx, old, func() error { return s.lock(ctx, old, successor, from) }); err != nil {
		return err
	}
	err := s.save(ctx, successor, to)
	happened := err == nil
	if err != nil && !errors.Is(err, errTaken) && !errors.Is(err, errForbidden) {
		var lost error
		if happened, lost = s.probe(ctx, successor, true); lost != nil {
			return err // the next one to meet the lock settles it
		}
		if happened && !errors.Is(err, store.ErrEnded) {
			err = nil // only the answer was lost
		}
	}
	if failed := s.settle(ctx, old, from.Subject, successor, happened); failed != nil {
		s.cfg.Logger.WarnContext(ctx, "the key before a sign-in is still locked; the next request that meets it settles that",
			"error", failed)
	}
	return err
}

func (s *Store) lock(ctx context.Context, old, successor ref, from store.Record) error {
	parts, _, err := s.run(ctx, scriptLock, []string{s.sessionKey(old)},
		micros(s.now()), from.Revision, successor.String())
	if err != nil {
		return err
	}
	r := reply{parts: parts}
	if r.text(0) == saidOK {
		return nil
	}
	return leaveError(&r, from, s)
}

// whenSettled does a write, and again after the lock that it met is settled.
func (s *Store) whenSettled(ctx context.Context, at ref, write func() error) error {
	for range maxAttempts {
		err := write()
		moving, ok := errors.AsType[*movingError](err)
		if !ok {
			return err
		}
		if err := s.resolve(ctx, at, moving); err != nil {
			return err
		}
	}
	return errMoving
}

// resolve sees to it that the session is locked no longer.
func (s *Store) resolve(ctx context.Context, at ref, moving *movingError) error {
	happened, err := s.probe(ctx, moving.to, true)
	if err != nil {
		return err
	}
	return s.settle(ctx, at, moving.record.Subject, moving.to, happened)
}

// whileMoving is what Load says of a locked session.
func (s *Store) whileMoving(ctx context.Context, moving *movingError) (store.Record, error) {
	happened, err := s.probe(ctx, moving.to, false)
	switch {
	case err != nil:
		return store.Record{}, err
	case happened:
		return store.Record{}, &store.EndedError{At: moving.at}
	default:
		return moving.record, moving.otherwise
	}
}

// probe says whether the successor was saved. With forbid, one that was not
// never will be.
func (s *Store) probe(ctx context.Context, successor ref, forbid bool) (happened bool, err error) {
	arg := ""
	if forbid {
		arg = "1"
	}
	parts, _, err := s.run(ctx, scriptProbe, []string{s.sessionKey(successor)}, arg)
	if err != nil {
		return false, err
	}
	r := reply{parts: parts}
	switch r.text(0) {
	case saidThere:
		return true, nil
	case saidNever, saidAbsent:
		return false, nil
	}
	return false, errors.Join(r.err, errReply)
}

// settle lifts the lock of a session whose sign-in did not happen, or leaves
// the mark of one that did.
func (s *Store) settle(ctx context.Context, at ref, subject string, successor ref, happened bool) error {
	outcome := saidNever
	if happened {
		outcome = saidThere
	}
	keys := []string{s.sessionKey(at)}
	if subject != "" && (s.oneSlot || tagOf(subject) == at.tag) {
		keys = append(keys, s.subjectKey(subject))
	}
	_, _, err := s.run(ctx, scriptSettle, keys,
		micros(s.now()), newRevision(), successor.String(), at.digest, outcome)
	return err
}
