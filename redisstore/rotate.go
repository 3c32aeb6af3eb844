package redisstore

import (
	"context"
	"errors"

	"github.com/lambdasession/lambdasession-go/store"
)

// Rotate moves a session to a new key, as [store.Store] says. It is one round
// trip: the old key's mark, the new session, and what changes in the list of
// the subject's devices. A sign-in that crosses slots takes three.
func (s *Store) Rotate(ctx context.Context, key store.Key, from, to store.Record) (store.Key, error) {
	if err := check(to); err != nil {
		return store.Key{}, err
	}
	old, ok := refOf(key)
	if !ok {
		return store.Key{}, store.ErrNotFound
	}
	ctx, cancel := s.bound(ctx)
	defer cancel()
	tag := tagFor(to, old.tag)
	if !s.oneSlot && tag != old.tag {
		return s.rotateAcross(ctx, old, tag, from, to)
	}
	return withNewKey(tag, func(successor ref) error {
		return s.whenSettled(ctx, old, func() error { return s.rotate(ctx, old, successor, from, to) })
	})
}

// What a rotation does to the lists of devices.
const (
	kindNone  = ""
	kindRenew = "renew" // the device goes on, as another session
	kindIn    = "in"    // a sign-in: a device comes, and one may go
	kindOut   = "out"   // a device goes
)

func (s *Store) rotate(ctx context.Context, old, successor ref, from, to store.Record) error {
	rev, now := newRevision(), s.now()
	kind, lists := s.listsOf(old, from, to)
	dev := entry(successor, to)
	args := []any{
		micros(now), rev, from.Revision, kind, old.digest, successor.digest, successor.String(),
		from.Device, to.Device, dev, micros(to.Created), seconds(to.Expires), seconds(to.Ends),
	}
	keys := append([]string{s.sessionKey(old), s.sessionKey(successor)}, lists...)
	parts, _, err := s.run(ctx, scriptRotate, keys, append(args, fields(rev, to)...)...)
	if err != nil {
		return err
	}
	r := reply{parts: parts}
	switch r.text(0) {
	case saidOK:
		return nil
	case saidTaken:
		return errTaken
	case saidGone:
		return &store.EndedError{At: now}
	case saidRevoked:
		return revoked(r.text(1))
	case saidFound:
		return leaveError(&r, from, s)
	}
	return errors.Join(r.err, errReply)
}

// listsOf says what a rotation does to which lists of devices, in the order
// that the script has. One that is out of the script's reach, because from is
// not what stands under the key, stays as it is.
func (s *Store) listsOf(old ref, from, to store.Record) (kind string, lists []string) {
	leaves := from.Subject != "" && (s.oneSlot || tagOf(from.Subject) == old.tag)
	switch {
	case to.Subject == "" && leaves:
		return kindOut, []string{s.subjectKey(from.Subject)}
	case to.Subject == "":
		return kindNone, nil
	case from.Subject == to.Subject && from.Device == to.Device:
		return kindRenew, []string{s.subjectKey(to.Subject)}
	case leaves:
		return kindIn, []string{s.subjectKey(to.Subject), s.subjectKey(from.Subject)}
	default:
		return kindIn, []string{s.subjectKey(to.Subject)}
	}
}

// leaveError is why a session could not be left for its successor, by the hash
// that the reply carries. An attempt without an answer makes no difference: had
// it been applied, there would be a mark with its revision.
func leaveError(r *reply, from store.Record, s *Store) error {
	found := r.hash(1)
	if r.err != nil {
		return r.err
	}
	current, err := read(found, s.now())
	switch {
	case err != nil:
		return err
	case current.Revision == from.Revision:
		return errUnexplained
	default:
		return &store.ConflictError{Current: current}
	}
}
