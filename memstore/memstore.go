package memstore

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

var (
	_ store.Store    = (*Store)(nil)
	_ store.Subjects = (*Store)(nil)
)

// A Store keeps sessions in memory. Make one with [New]. It is safe for use
// by many goroutines at once.
type Store struct {
	// Now is the clock; nil means time.Now. Set it before the first use.
	Now func() time.Time

	mu        sync.Mutex           // guards what follows
	sessions  map[string]*session  // by the digest of their key
	revoked   map[string]time.Time // by subject: when all its sessions were revoked
	revisions int                  // how many have been given out
	sweepAt   int                  // how many entries make the next sweep due
}

// New returns an empty store. It has no limit on the size of a session.
func New() *Store {
	return &Store{
		sessions: map[string]*session{},
		revoked:  map[string]time.Time{},
		sweepAt:  minSweep,
	}
}

// Load returns the session's record, as [store.Store] says.
func (s *Store) Load(ctx context.Context, key store.Key) (store.Record, error) {
	now, unlock, err := s.begin(ctx)
	if err != nil {
		return store.Record{}, err
	}
	defer unlock()

	e := s.sessions[key.Digest()]
	if err := e.check(now); err != nil {
		return store.Record{}, err
	}
	return e.load(), nil
}

// Save stores a new session under a new key, as [store.Store] says.
func (s *Store) Save(ctx context.Context, record store.Record) (store.Key, error) {
	if err := record.Validate(); err != nil {
		return store.Key{}, err
	}
	now, unlock, err := s.begin(ctx)
	if err != nil {
		return store.Key{}, err
	}
	defer unlock()

	if err := s.mayBegin(record); err != nil {
		return store.Key{}, err
	}
	s.sweep(now)
	return s.add(record), nil
}

// Update changes a live session, as [store.Store] says.
func (s *Store) Update(ctx context.Context, key store.Key, changes store.Changes) (store.Key, error) {
	if err := changes.Validate(); err != nil {
		return store.Key{}, err
	}
	now, unlock, err := s.begin(ctx)
	if err != nil {
		return store.Key{}, err
	}
	defer unlock()

	e := s.sessions[key.Digest()]
	if err := e.check(now); err != nil {
		return store.Key{}, err
	}
	if !changes.Holds(e.record.Values) {
		return store.Key{}, &store.ConflictError{Current: e.load()}
	}
	e.record.Values = changes.Apply(e.record.Values)
	e.expireAt(changes.Expires)
	e.record.Revision = s.revision()
	return key, nil
}

// UpdateTTL moves a live session's expiry, as [store.Store] says.
func (s *Store) UpdateTTL(ctx context.Context, key store.Key, expires time.Time) (store.Key, error) {
	return s.Update(ctx, key, store.Changes{Expires: expires})
}

// Rotate moves a session to a new key, as [store.Store] says.
func (s *Store) Rotate(ctx context.Context, key store.Key, from, to store.Record) (store.Key, error) {
	if err := to.Validate(); err != nil {
		return store.Key{}, err
	}
	now, unlock, err := s.begin(ctx)
	if err != nil {
		return store.Key{}, err
	}
	defer unlock()

	e := s.sessions[key.Digest()]
	if err := e.check(now); err != nil {
		return store.Key{}, err
	}
	if from.Revision != e.record.Revision {
		return store.Key{}, &store.ConflictError{Current: e.load()}
	}
	if to.Subject == e.record.Subject && to.Device == e.record.Device {
		to.Label = e.record.Label
	} else if err := s.mayBegin(to); err != nil {
		return store.Key{}, err
	}
	s.sweep(now)
	successor := s.add(to)
	e.end(now, successor.Digest())
	return successor, nil
}

// Delete ends the session or its successor, as [store.Store] says.
func (s *Store) Delete(ctx context.Context, key store.Key) error {
	now, unlock, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer unlock()

	first := s.sessions[key.Digest()]
	for e := first; ; e = s.sessions[e.next] {
		switch err := e.check(now); {
		case err == nil:
			e.end(now, "")
			return nil
		case errors.Is(err, store.ErrNotFound):
			return first.check(now)
		}
	}
}

// begin takes the lock and the time. The caller calls unlock, unless err says
// that ctx has ended.
func (s *Store) begin(ctx context.Context) (now time.Time, unlock func(), err error) {
	if err := ctx.Err(); err != nil {
		return time.Time{}, nil, err
	}
	s.mu.Lock()
	if s.Now != nil {
		return s.Now(), s.mu.Unlock, nil
	}
	return time.Now(), s.mu.Unlock, nil
}

// mayBegin returns an *[store.EndedError] if the record is a sign-in that was
// under way when its subject's sessions were revoked.
func (s *Store) mayBegin(record store.Record) error {
	at, ok := s.revoked[record.Subject]
	if ok && !record.Created.Truncate(time.Microsecond).After(at) {
		return &store.EndedError{At: at}
	}
	return nil
}

// add stores a copy of the record under a new key. That the key is another
// one than all before it, 256 random bits have to see to.
func (s *Store) add(record store.Record) store.Key {
	record = record.Clone()
	record.Created = record.Created.Truncate(time.Microsecond)
	record.Ends = record.Ends.Truncate(time.Second)
	record.Expires = record.Expires.Truncate(time.Second)
	record.Revision = s.revision()
	key := store.NewKey()
	s.sessions[key.Digest()] = &session{record: record}
	return key
}

func (s *Store) revision() string {
	s.revisions++
	return strconv.Itoa(s.revisions)
}
