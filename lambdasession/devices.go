package lambdasession

import (
	"context"
	"errors"
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

// A Device is one live session of a user, as [Manager.Sessions] lists it.
type Device struct {
	ID      string // for Revoke; no secret
	Label   string // as given to SetSubject
	Created time.Time
	Expires time.Time // the idle end
	Ends    time.Time // the absolute end
	Current bool      // it is the session of the request that asks
}

// Sessions lists the live sessions of a subject, oldest first, and marks the
// one that ctx belongs to. Errors: [ErrUnavailable], [ErrUnsupported].
func (m *Manager) Sessions(ctx context.Context, subject string) ([]Device, error) {
	var list []Device
	err := m.subjects(ctx, "sessions", subject, func(subjects store.Subjects, current string) error {
		devices, err := observe(ctx, m, "devices", func(ctx context.Context) ([]store.Device, error) { return subjects.Devices(ctx, subject) })
		for _, d := range devices {
			list = append(list, Device{
				ID: d.ID, Label: d.Label, Created: d.Created, Expires: d.Expires, Ends: d.Ends,
				Current: d.ID == current,
			})
		}
		return err
	})
	return list, err
}

// Revoke ends sessions of a subject by their device ids. One that is gone
// already is no error. A revocation of the request's own session counts as
// [Session.Destroy]. Errors: [ErrUnavailable], [ErrUnsupported].
func (m *Manager) Revoke(ctx context.Context, subject string, devices ...string) error {
	return m.subjects(ctx, "revoke", subject, func(subjects store.Subjects, current string) error {
		var problems []error
		for _, device := range devices {
			_, err := observe(ctx, m, "revoke", func(ctx context.Context) (struct{}, error) {
				return struct{}{}, subjects.Revoke(ctx, subject, device)
			})
			gone := errors.Is(err, store.ErrNotFound)
			if err != nil && !gone {
				problems = append(problems, err)
			} else if device != "" && device == current {
				m.revoked(ctx, subject, !gone)
			}
		}
		return errors.Join(problems...)
	})
}

// RevokeOthers ends every session of a subject but the one that ctx belongs
// to. Errors and sign-ins under way: see [Manager.RevokeAll].
func (m *Manager) RevokeOthers(ctx context.Context, subject string) error {
	return m.subjects(ctx, "revoke others", subject, func(subjects store.Subjects, current string) error {
		return m.revokeAll(ctx, subjects, subject, current)
	})
}

// RevokeAll ends every session of a subject: "log out everywhere". A sign-in
// that was under way, as one with the old password, does not succeed; one that
// this very request makes afterwards does. A revocation of the request's own
// session counts as [Session.Destroy]. Errors: [ErrUnavailable],
// [ErrUnsupported].
func (m *Manager) RevokeAll(ctx context.Context, subject string) error {
	return m.subjects(ctx, "revoke all", subject, func(subjects store.Subjects, current string) error {
		if err := m.revokeAll(ctx, subjects, subject, ""); err != nil {
			return err
		}
		if current != "" {
			m.revoked(ctx, subject, true)
		}
		return nil
	})
}

func (m *Manager) revokeAll(ctx context.Context, subjects store.Subjects, subject, keep string) error {
	at, err := observe(ctx, m, "revoke-all", func(ctx context.Context) (time.Time, error) { return subjects.RevokeAll(ctx, subject, keep) })
	if err != nil {
		return err
	}
	m.note(ctx, func(x *Exchange) {
		if !at.Before(x.began) {
			x.began = at.Add(time.Microsecond)
		}
	})
	return nil
}

// subjects runs do with the store's Subjects and the device id of the request's
// own session, if it is one of subject's.
func (m *Manager) subjects(ctx context.Context, operation, subject string, do func(_ store.Subjects, current string) error) error {
	err := func() error {
		subjects, ok := m.cfg.Store.(store.Subjects)
		if !ok {
			return ErrUnsupported
		}
		if err := store.CheckSubject(subject); err != nil {
			return &store.InvalidError{Err: err}
		}
		current, err := m.currentDevice(ctx, subject)
		if err != nil {
			return err
		}
		return do(subjects, current)
	}()
	if err != nil {
		return &operationError{operation: operation, err: err}
	}
	return nil
}

// currentDevice returns the device id that the session of ctx has in the
// store, or "" if it is not one of subject's.
func (m *Manager) currentDevice(ctx context.Context, subject string) (string, error) {
	if m.exchange(ctx) == nil {
		return "", nil
	}
	var device string
	err := From(ctx).read("info", "", func(x *Exchange) error {
		err := x.loadUndisturbed(ctx)
		if r := x.record(); r.Subject == subject {
			device = r.Device
		}
		return err
	})
	return device, err
}

// revoked notes that the session that the request came with is over, and
// whether it was the request that ended it. If somebody else has signed in
// since, that sign-in stands.
func (m *Manager) revoked(ctx context.Context, subject string, ended bool) {
	m.note(ctx, func(x *Exchange) {
		if o, signIn := x.edits.signIn(); signIn && o.subject != subject {
			return
		}
		x.forget()
		x.destroyed, x.revoked = true, x.revoked || ended
	})
}

// note changes the exchange that ctx belongs to, if there is one whose
// response has not begun.
func (m *Manager) note(ctx context.Context, change func(*Exchange)) {
	if m.exchange(ctx) == nil {
		return
	}
	x, err := From(ctx).enter()
	if err != nil {
		return // ctx ended
	}
	defer x.mu.Unlock()
	if x.phase == open {
		change(x)
	}
}

// exchange returns the exchange that ctx belongs to, if it is one of m's.
func (m *Manager) exchange(ctx context.Context) *Exchange {
	if x := exchangeOf(ctx); x != nil && x.m == m {
		return x
	}
	return nil
}
