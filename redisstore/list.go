package redisstore

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"

	"github.com/lambdasession/lambdasession-go/store"
)

// maxBatch is how many sessions one script looks at: while it does, the server
// answers nobody else.
const maxBatch = 100

// Devices lists the live sessions of the subject, as [store.Subjects] says. It
// is one round trip for the list, and one for each hundred sessions.
func (s *Store) Devices(ctx context.Context, subject string) ([]store.Device, error) {
	if err := checkSubject(subject); err != nil {
		return nil, err
	}
	h, err := s.hashOf(ctx, s.subjectKey(subject))
	if err != nil {
		return nil, err
	}
	var devices []store.Device
	for chunk := range slices.Chunk(s.listed(ctx, subject, h), maxBatch) {
		sessions, err := s.sessionHeads(ctx, chunk)
		if err != nil {
			return nil, err
		}
		for i, d := range chunk {
			head, err := s.sessionOf(ctx, subject, d, sessions[i])
			switch {
			case err == nil:
				devices = append(devices, store.Device{
					ID: d.id, Label: d.label,
					Created: head.Created, Expires: head.Expires, Ends: head.Ends,
				})
			case isGone(err):
			case isDecodeError(err):
				s.warnUnreadable(ctx, d.id, err)
			default:
				return nil, err
			}
		}
	}
	slices.SortFunc(devices, func(a, b store.Device) int {
		return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
	})
	return devices, nil
}

// listed returns the subject's devices as they are written down, the stale
// ones among them.
func (s *Store) listed(ctx context.Context, subject string, h hash) []device {
	var devices []device
	for _, name := range slices.Sorted(maps.Keys(h)) {
		id, ok := strings.CutPrefix(name, devicePrefix)
		if !ok {
			continue
		}
		d, err := readDevice(subject, id, h[name])
		if err != nil {
			s.warnUnreadable(ctx, id, err)
			continue
		}
		devices = append(devices, d)
	}
	return devices
}

// sessionHeads reads the sessions of the devices, without their values. A key
// that is no hash gives nil, one that is not there an empty hash.
func (s *Store) sessionHeads(ctx context.Context, devices []device) ([]hash, error) {
	keys := make([]string, len(devices))
	for i, d := range devices {
		keys[i] = s.sessionKey(d.at)
	}
	wanted := make([]any, len(headFields))
	for i, f := range headFields {
		wanted[i] = f
	}
	parts, _, err := s.run(ctx, scriptRead, keys, wanted...)
	if err != nil {
		return nil, err
	}
	r := reply{parts: parts}
	heads := make([]hash, len(devices))
	for i := range devices {
		if values := r.list(i); values != nil {
			heads[i] = pick(headFields, values)
		}
	}
	return heads, r.err
}

// sessionOf returns the live session that the device is, without its values,
// given the hash under the key that the device had when it was listed. A mark
// there may be that of a renewal just now: the device then tells where the
// session has moved to.
func (s *Store) sessionOf(ctx context.Context, subject string, d device, session hash) (store.Record, error) {
	for session.isMark() {
		again, err := s.device(ctx, subject, d.id)
		if err != nil {
			return store.Record{}, err
		}
		if again.at == d.at {
			return store.Record{}, store.ErrNotFound
		}
		d = again
		heads, err := s.sessionHeads(ctx, []device{d})
		if err != nil {
			return store.Record{}, err
		}
		session = heads[0]
	}
	if session == nil {
		return store.Record{}, errNoHash
	}
	head, err := readHead(session, s.now())
	if moving, ok := errors.AsType[*movingError](err); ok {
		head, err = s.whileMoving(ctx, moving)
	}
	if err != nil {
		return store.Record{}, err
	}
	if head.Subject != subject || head.Device != d.id {
		return store.Record{}, store.ErrNotFound
	}
	return head, nil
}

func (s *Store) warnUnreadable(ctx context.Context, device string, err error) {
	s.cfg.Logger.WarnContext(ctx, "a device cannot be listed", "device", device, "error", err)
}
