package redisstore

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

// Revoke ends one session of the subject, as [store.Subjects] says. It is two
// round trips.
func (s *Store) Revoke(ctx context.Context, subject, id string) error {
	if err := checkSubject(subject); err != nil {
		return err
	}
	ctx, cancel := s.bound(ctx)
	defer cancel()
	d, err := s.device(ctx, subject, id)
	if err != nil {
		return err
	}
	ended, err := s.revoke(ctx, subject, []device{d})
	if err == nil && ended == 0 {
		return store.ErrNotFound
	}
	return err
}

// RevokeAll ends every session of the subject but one, as [store.Subjects]
// says. It is one round trip, and one for each hundred sessions. If one of them
// could not be ended, the others before it are; calling it again goes on with
// what is left.
//
// The first writes the revocation down and reads the list, at one moment. What
// began to sign in before it and has not been stored by then is refused; what
// has been stored is in the list.
func (s *Store) RevokeAll(ctx context.Context, subject, keep string) (time.Time, error) {
	if err := checkSubject(subject); err != nil {
		return time.Time{}, err
	}
	parts, _, err := s.run(ctx, scriptRevokeAll, []string{s.subjectKey(subject)}, micros(s.now()))
	if err != nil {
		return time.Time{}, err
	}
	r := reply{parts: parts}
	us, err := strconv.ParseInt(r.text(1), 10, 64)
	h := r.hash(2)
	if err := errors.Join(r.err, err); err != nil {
		return time.Time{}, errors.Join(errReply, err)
	}
	listed := slices.DeleteFunc(s.listed(ctx, subject, h), func(d device) bool { return d.id == keep })
	for chunk := range slices.Chunk(listed, maxBatch) {
		if _, err := s.revoke(ctx, subject, chunk); err != nil {
			return time.Time{}, err
		}
	}
	return time.UnixMicro(us).UTC(), nil
}

// revoke ends the sessions that the devices are, takes the devices out of the
// list, and returns how many lived. A session that is renewed meanwhile is
// followed to where its device says that it went.
func (s *Store) revoke(ctx context.Context, subject string, devices []device) (ended int, err error) {
	for len(devices) > 0 {
		what, err := s.revokeOnce(ctx, subject, devices)
		if err != nil {
			return ended, err
		}
		var again []device
		for i, d := range devices {
			switch what[i] {
			case "ended":
				ended++
			case saidGone:
			case "locked":
				if err := s.unlock(ctx, d); err != nil {
					return ended, err
				}
				again = append(again, d)
			case "moved":
				d, err := s.device(ctx, subject, d.id)
				switch {
				case err == nil:
					again = append(again, d)
				case !errors.Is(err, store.ErrNotFound):
					return ended, err
				}
			default:
				return ended, errReply
			}
		}
		devices = again
	}
	return ended, nil
}

// revokeOnce tries to end each session, and returns what became of it.
func (s *Store) revokeOnce(ctx context.Context, subject string, devices []device) ([]string, error) {
	keys := []string{s.subjectKey(subject)}
	args := []any{micros(s.now()), newRevision(), subject}
	for _, d := range devices {
		keys = append(keys, s.sessionKey(d.at))
		args = append(args, d.id, d.at.digest)
	}
	parts, _, err := s.run(ctx, scriptRevoke, keys, args...)
	if err != nil {
		return nil, err
	}
	r := reply{parts: parts}
	what := make([]string, len(devices))
	for i := range what {
		what[i] = r.text(i)
	}
	return what, r.err
}

// unlock settles the sign-in that has the device's session on its way.
func (s *Store) unlock(ctx context.Context, d device) error {
	heads, err := s.sessionHeads(ctx, []device{d})
	if err != nil {
		return err
	}
	_, err = readHead(heads[0], s.now())
	if moving, ok := errors.AsType[*movingError](err); ok {
		return s.resolve(ctx, d.at, moving)
	}
	return nil
}
