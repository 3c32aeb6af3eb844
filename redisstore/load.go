package redisstore

import (
	"context"
	"errors"

	"github.com/lambdasession/lambdasession-go/store"
)

// Load returns the session's record, as [store.Store] says. It is one round
// trip; a second one if the session is just being signed in.
func (s *Store) Load(ctx context.Context, key store.Key) (store.Record, error) {
	at, ok := refOf(key)
	if !ok {
		return store.Record{}, store.ErrNotFound
	}
	ctx, cancel := s.bound(ctx)
	defer cancel()
	h, err := s.hashOf(ctx, s.sessionKey(at))
	if err != nil {
		return store.Record{}, err
	}
	r, err := read(h, s.now())
	if moving, ok := errors.AsType[*movingError](err); ok {
		return s.whileMoving(ctx, moving)
	}
	return r, err
}

// hashOf reads a hash, empty if there is none.
func (s *Store) hashOf(ctx context.Context, key string) (hash, error) {
	r, err := s.readOne(ctx, key)
	if err != nil {
		return nil, err
	}
	h := r.hash(0)
	return h, r.err
}

// readOne reads these fields of a hash, or all. The reply's first part is them.
func (s *Store) readOne(ctx context.Context, key string, fields ...any) (reply, error) {
	parts, _, err := s.run(ctx, scriptRead, []string{key}, fields...)
	if err == nil && len(parts) == 1 && parts[0] == nil {
		err = errNoHash
	}
	return reply{parts: parts}, err
}
