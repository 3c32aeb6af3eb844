package sealedstore

import (
	"context"
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

// Devices lists the live sessions of the subject, as [store.Subjects] says. Like
// Revoke and RevokeAll, it returns [store.ErrUnsupported] if the inner store
// cannot.
func (s *Store) Devices(ctx context.Context, subject string) ([]store.Device, error) {
	subjects, err := s.subjects()
	if err != nil {
		return nil, err
	}
	return subjects.Devices(ctx, subject)
}

// Revoke ends one session of the subject, as [store.Subjects] says.
func (s *Store) Revoke(ctx context.Context, subject, device string) error {
	subjects, err := s.subjects()
	if err != nil {
		return err
	}
	return subjects.Revoke(ctx, subject, device)
}

// RevokeAll ends every session of the subject but one, as [store.Subjects] says.
func (s *Store) RevokeAll(ctx context.Context, subject, keep string) (time.Time, error) {
	subjects, err := s.subjects()
	if err != nil {
		return time.Time{}, err
	}
	return subjects.RevokeAll(ctx, subject, keep)
}

func (s *Store) subjects() (store.Subjects, error) {
	if subjects, ok := s.inner.(store.Subjects); ok {
		return subjects, nil
	}
	return nil, store.ErrUnsupported
}
