package memstore

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

// Devices lists the live sessions of the subject, as [store.Subjects] says.
func (s *Store) Devices(ctx context.Context, subject string) ([]store.Device, error) {
	now, unlock, err := s.beginFor(ctx, subject)
	if err != nil {
		return nil, err
	}
	defer unlock()

	var devices []store.Device
	for e := range s.of(subject, now) {
		devices = append(devices, store.Device{
			ID:      e.record.Device,
			Label:   e.record.Label,
			Created: e.record.Created,
			Expires: e.record.Expires,
			Ends:    e.record.Ends,
		})
	}
	slices.SortFunc(devices, func(a, b store.Device) int {
		return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
	})
	return devices, nil
}

// Revoke ends one session of the subject, as [store.Subjects] says.
func (s *Store) Revoke(ctx context.Context, subject, device string) error {
	now, unlock, err := s.beginFor(ctx, subject)
	if err != nil {
		return err
	}
	defer unlock()

	err = store.ErrNotFound
	for e := range s.of(subject, now) {
		if e.record.Device == device {
			e.end(now, "")
			err = nil
		}
	}
	return err
}

// RevokeAll ends every session of the subject but one, as [store.Subjects]
// says.
func (s *Store) RevokeAll(ctx context.Context, subject, keep string) (time.Time, error) {
	now, unlock, err := s.beginFor(ctx, subject)
	if err != nil {
		return time.Time{}, err
	}
	defer unlock()

	for e := range s.of(subject, now) {
		if e.record.Device != keep {
			e.end(now, "")
		}
	}
	s.sweep(now)
	at := now.Truncate(time.Microsecond)
	s.revoked[subject] = at
	return at, nil
}

// beginFor is begin for an operation on a subject. It refuses the empty one,
// which would mean all anonymous sessions.
func (s *Store) beginFor(ctx context.Context, subject string) (now time.Time, unlock func(), err error) {
	if err := store.CheckSubject(subject); err != nil {
		return time.Time{}, nil, &store.InvalidError{Err: err}
	}
	return s.begin(ctx)
}

// of yields the live sessions of the subject, in no order.
func (s *Store) of(subject string, now time.Time) iter.Seq[*session] {
	return func(yield func(*session) bool) {
		for _, e := range s.sessions {
			if e.record.Subject == subject && e.check(now) == nil && !yield(e) {
				return
			}
		}
	}
}
