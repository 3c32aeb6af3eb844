package sealedstore

import (
	"context"
	"crypto/fips140"
	"errors"
	"fmt"
	"time"

	"github.com/lambdasession/lambdasession-go/internal/seal"
	"github.com/lambdasession/lambdasession-go/store"
)

const purpose = "lambdasession sealedstore"

// maxTries bounds an Update that expects a value which an older key sealed.
const maxTries = 3

var (
	_ store.Store     = (*Store)(nil)
	_ store.Subjects  = (*Store)(nil)
	_ store.KeyFormer = (*Store)(nil)
)

// A Config says how values are sealed.
type Config struct {
	// Keys are 32 random bytes each, newest first, such as from "openssl rand 32".
	// The first seals; all open. To change it, add the new one as the last
	// everywhere, then move it to the front, and leave the old one in place for as
	// long as a session may live: a value is sealed anew when it is written. A
	// Config prints without them, though fmt cannot hide them in a Config that is
	// an unexported field of another struct.
	Keys [][]byte
}

// Format prints nothing of the keys, whatever the verb.
func (c Config) Format(f fmt.State, verb rune) {
	type plain Config // has no Format
	c.Keys = nil
	_, _ = fmt.Fprintf(f, fmt.FormatString(f, verb), plain(c))
}

// A Store seals what another store keeps. It is safe for use by many goroutines
// at once.
type Store struct {
	inner  store.Store
	form   store.KeyForm
	sealer *seal.Sealer
}

// New returns a store around inner, or reports everything that is wrong in one
// error. What inner can do besides, such as checking its table, is still asked of
// inner. It fails in Go's FIPS 140-only mode, which has no place for a nonce that
// is not random.
func New(inner store.Store, cfg Config) (*Store, error) {
	var problems []error
	if inner == nil {
		problems = append(problems, errors.New("the inner store is nil: set it to a store such as dynamostore.New(...)"))
	}
	if fips140.Enforced() {
		problems = append(problems, errors.New("GODEBUG=fips140=only does not allow what equal values are sealed with: use fips140=on"))
	}
	sealer, err := seal.New(cfg.Keys, purpose)
	if err := errors.Join(append(problems, err)...); err != nil {
		return nil, fmt.Errorf("sealedstore.New: %w", err)
	}
	return &Store{inner: inner, form: sealedForm(store.KeyFormOf(inner)), sealer: sealer}, nil
}

// KeyForm says what the keys look like, as [store.KeyFormer] asks.
func (s *Store) KeyForm() store.KeyForm { return s.form }

// Load returns the session's record, as [store.Store] says. It returns
// [store.ErrNotFound], and does not ask the inner store, for a key that was not
// made with one of Config.Keys; a *[store.DecodeError] for a record that was
// changed.
func (s *Store) Load(ctx context.Context, key store.Key) (store.Record, error) {
	inner, b, err := s.begin(ctx, key)
	if err != nil {
		return store.Record{}, err
	}
	r, err := s.inner.Load(ctx, inner)
	if err != nil {
		return store.Record{}, err
	}
	return s.open(b, r)
}

// begin splits the key of an operation, unless its context has ended.
func (s *Store) begin(ctx context.Context, key store.Key) (store.Key, *bond, error) {
	if err := ctx.Err(); err != nil {
		return store.Key{}, nil, err
	}
	return s.split(key)
}

// Save stores a new session, as [store.Store] says.
func (s *Store) Save(ctx context.Context, record store.Record) (store.Key, error) {
	if err := record.Validate(); err != nil {
		return store.Key{}, err
	}
	b := s.newBond(record)
	record.Values = b.seal(record.Values)
	key, err := s.inner.Save(ctx, record)
	if err != nil {
		return store.Key{}, err
	}
	return s.join(key, b), nil
}

// Update changes a live session, as [store.Store] says. One that expects a value
// which an older key sealed takes two calls of the inner store.
func (s *Store) Update(ctx context.Context, key store.Key, changes store.Changes) (store.Key, error) {
	if err := changes.Validate(); err != nil {
		return store.Key{}, err
	}
	inner, b, err := s.begin(ctx, key)
	if err != nil {
		return store.Key{}, err
	}
	sealed := changes
	sealed.Set, sealed.Expect = b.seal(changes.Set), b.expect(changes.Expect)
	for try := 1; ; try++ {
		next, err := s.inner.Update(ctx, inner, sealed)
		if err == nil {
			return s.rename(key, inner, next, b), nil
		}
		conflict, ok := errors.AsType[*store.ConflictError](err)
		if !ok {
			return store.Key{}, err
		}
		current, err := s.open(b, conflict.Current)
		if err != nil {
			return store.Key{}, err
		}
		if !changes.Holds(current.Values) || try == maxTries {
			return store.Key{}, &store.ConflictError{Current: current}
		}
		// What is expected is there, but an older key sealed it.
		for name, want := range changes.Expect {
			if want != nil {
				sealed.Expect[name] = conflict.Current.Values[name]
			}
		}
	}
}

// UpdateTTL moves a live session's expiry, as [store.Store] says.
func (s *Store) UpdateTTL(ctx context.Context, key store.Key, expires time.Time) (store.Key, error) {
	if err := (store.Changes{Expires: expires}).Validate(); err != nil {
		return store.Key{}, err
	}
	inner, b, err := s.begin(ctx, key)
	if err != nil {
		return store.Key{}, err
	}
	next, err := s.inner.UpdateTTL(ctx, inner, expires)
	if err != nil {
		return store.Key{}, err
	}
	return s.rename(key, inner, next, b), nil
}

// rename returns the key for what the inner store calls next by now: the same
// one, unless the inner store keeps the state in its keys.
func (s *Store) rename(key, inner, next store.Key, b *bond) store.Key {
	if next.Equal(inner) {
		return key
	}
	return s.join(next, b)
}

// Rotate moves a session to a new key, as [store.Store] says. The inner store is
// not given from's values.
func (s *Store) Rotate(ctx context.Context, key store.Key, from, to store.Record) (store.Key, error) {
	if err := to.Validate(); err != nil {
		return store.Key{}, err
	}
	inner, b, err := s.begin(ctx, key)
	if err != nil {
		return store.Key{}, err
	}
	successor := s.newBond(to)
	from.Values, to.Values = nil, successor.seal(to.Values)
	next, err := s.inner.Rotate(ctx, inner, from, to)
	if conflict, ok := errors.AsType[*store.ConflictError](err); ok {
		current, err := s.open(b, conflict.Current)
		if err != nil {
			return store.Key{}, err
		}
		return store.Key{}, &store.ConflictError{Current: current}
	}
	if err != nil {
		return store.Key{}, err
	}
	return s.join(next, successor), nil
}

// Delete ends the session or its successor, as [store.Store] says.
func (s *Store) Delete(ctx context.Context, key store.Key) error {
	inner, _, err := s.begin(ctx, key)
	if err != nil {
		return err
	}
	return s.inner.Delete(ctx, inner)
}
