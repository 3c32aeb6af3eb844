package redisstore

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

// maxKeys is how many keys are tried if one is taken. With 244 random bits,
// the second one already means that something is broken.
const maxKeys = 3

// Save stores a new session under a new key, as [store.Store] says. It is one
// round trip.
func (s *Store) Save(ctx context.Context, record store.Record) (store.Key, error) {
	if err := check(record); err != nil {
		return store.Key{}, err
	}
	ctx, cancel := s.bound(ctx)
	defer cancel()
	return withNewKey(tagFor(record, ""), func(at ref) error { return s.save(ctx, at, record) })
}

// check says what is wrong with a record that is to be stored.
func check(record store.Record) error {
	return errors.Join(record.Validate(), checkSize(record.Values))
}

// withNewKey makes a key and has it written, with another one if it is taken.
func withNewKey(tag string, write func(ref) error) (store.Key, error) {
	for range maxKeys {
		key := newKey(tag)
		at, _ := refOf(key)
		err := write(at)
		if err == nil {
			return key, nil
		}
		if !errors.Is(err, errTaken) {
			return store.Key{}, err
		}
	}
	return store.Key{}, errTaken
}

func (s *Store) save(ctx context.Context, at ref, record store.Record) error {
	rev, now := newRevision(), s.now()
	keys := []string{s.sessionKey(at)}
	if record.Subject != "" {
		keys = append(keys, s.subjectKey(record.Subject))
	}
	args := []any{
		micros(now), rev, micros(record.Created), seconds(record.Expires), seconds(record.Ends),
		record.Device, entry(at, record),
	}
	parts, unsure, err := s.run(ctx, scriptSave, keys, append(args, fields(rev, record)...)...)
	if err != nil {
		return err
	}
	r := reply{parts: parts}
	switch said := r.text(0); said {
	case saidOK:
		return nil
	case saidTaken:
		if unsure {
			return errUnsure // perhaps ours, which somebody has changed or ended since
		}
		return errTaken
	case saidNever:
		return errForbidden
	case saidRevoked:
		return revoked(r.text(1))
	}
	return errors.Join(r.err, errReply)
}

// fields is the hash of a new session, field and value in turn.
func fields(rev string, record store.Record) []any {
	all := []any{
		fieldVersion, formatVersion, fieldRev, rev, fieldCreated, micros(record.Created),
		fieldEnds, seconds(record.Ends), fieldExpires, seconds(record.Expires),
	}
	if record.Subject != "" {
		all = append(all, fieldSubject, record.Subject, fieldDevice, record.Device)
	}
	for name, v := range record.Values {
		all = append(all, valuePrefix+name, v)
	}
	return all
}

// revoked is the error of a sign-in that began before a revocation.
func revoked(at string) error {
	us, err := strconv.ParseInt(at, 10, 64)
	if err != nil {
		return &store.DecodeError{Err: errors.New("the moment of the subject's revocation is no time")}
	}
	return &store.EndedError{At: time.UnixMicro(us).UTC()}
}
