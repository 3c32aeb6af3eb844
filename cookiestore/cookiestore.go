package cookiestore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/lambdasession/lambdasession-go/internal/seal"
	"github.com/lambdasession/lambdasession-go/store"
)

var (
	_ store.Store     = (*Store)(nil)
	_ store.KeyFormer = (*Store)(nil)
)

// A Store turns sessions into cookies and back. Its keys are the sessions: see
// [store.KeyForm], HoldsState. No operation does any I/O. It is safe for use by
// many goroutines at once.
type Store struct {
	sealer     *seal.Sealer
	associated []byte
	cfg        Config // without Keys, which the sealer holds
}

// New returns a store, or reports everything that is wrong with cfg in one
// error.
func New(cfg Config) (*Store, error) {
	cfg, err := cfg.complete()
	sealer, keysErr := seal.New(cfg.Keys, purpose)
	if err := errors.Join(err, keysErr); err != nil {
		return nil, fmt.Errorf("cookiestore.New: %w", err)
	}
	cfg.Keys = nil
	return &Store{sealer: sealer, associated: associated(cfg.CookieName), cfg: cfg}, nil
}

// KeyForm says what the cookies look like, as [store.KeyFormer] asks.
func (s *Store) KeyForm() store.KeyForm {
	return store.KeyForm{Valid: isToken, HoldsState: true, CookieName: s.cfg.CookieName}
}

// Load returns the record in the key. It returns [store.ErrNotFound] for any key
// that holds no live session of this store, for whichever reason; a
// *[store.DecodeError] if the key was made with the store's own keys, for the
// same cookie, but not by this package.
func (s *Store) Load(ctx context.Context, key store.Key) (store.Record, error) {
	if err := ctx.Err(); err != nil {
		return store.Record{}, err
	}
	token := key.Reveal()
	plaintext, err := s.openToken(token)
	if err != nil {
		return store.Record{}, err
	}
	record, err := decodeRecord(plaintext)
	if err != nil {
		return store.Record{}, err
	}
	if !s.cfg.Now().Before(record.Expires) {
		return store.Record{}, store.ErrNotFound
	}
	record.Revision = revision(token)
	return record, nil
}

// Save returns a key that holds the record, but for its Label. It returns
// [store.ErrTooLarge] if the cookie would be larger than Config.MaxBytes.
func (s *Store) Save(ctx context.Context, record store.Record) (store.Key, error) {
	if err := record.Validate(); err != nil {
		return store.Key{}, err
	}
	if err := ctx.Err(); err != nil {
		return store.Key{}, err
	}
	return s.save(record)
}

func (s *Store) save(record store.Record) (store.Key, error) {
	plaintext := encodeRecord(record)
	if n, most := tokenBytes(len(plaintext)), s.cfg.maxTokenBytes(); n > most {
		return store.Key{}, fmt.Errorf("%w: the cookie would have %d bytes with its name and attributes, and at most %d are kept (Config.MaxBytes); the biggest fields are %s",
			store.ErrTooLarge, n-most+s.cfg.MaxBytes, s.cfg.MaxBytes, store.Biggest(record.Values))
	}
	return store.KeyOf(s.newToken(plaintext)), nil
}

// Update returns a key that holds the session as changed. The given key goes on
// holding it as it was. Errors as with Load and Save, and a
// *[store.ConflictError] if a field does not hold what Expect says.
func (s *Store) Update(ctx context.Context, key store.Key, changes store.Changes) (store.Key, error) {
	if err := changes.Validate(); err != nil {
		return store.Key{}, err
	}
	record, err := s.Load(ctx, key)
	if err != nil {
		return store.Key{}, err
	}
	if !changes.Holds(record.Values) {
		return store.Key{}, &store.ConflictError{Current: record}
	}
	record.Values = changes.Apply(record.Values)
	record.Expires = changes.Expires
	if record.Expires.After(record.Ends) {
		record.Expires = record.Ends
	}
	return s.save(record)
}

// UpdateTTL returns a key that holds the session with its expiry moved. The given
// key goes on expiring when it did. Errors as with Update.
func (s *Store) UpdateTTL(ctx context.Context, key store.Key, expires time.Time) (store.Key, error) {
	return s.Update(ctx, key, store.Changes{Expires: expires})
}

// Rotate returns a key that holds to. The given key goes on holding what it did.
// It returns a *[store.ConflictError] if from was not loaded from that key.
func (s *Store) Rotate(ctx context.Context, key store.Key, from, to store.Record) (store.Key, error) {
	if err := to.Validate(); err != nil {
		return store.Key{}, err
	}
	record, err := s.Load(ctx, key)
	if err != nil {
		return store.Key{}, err
	}
	if record.Revision != from.Revision {
		return store.Key{}, &store.ConflictError{Current: record}
	}
	return s.save(to)
}

// Delete returns nil if the key holds a live session, for then there is a cookie
// to take away from the browser. It ends nothing: a copy of the cookie works
// until it expires. Errors as with Load.
func (s *Store) Delete(ctx context.Context, key store.Key) error {
	_, err := s.Load(ctx, key)
	return err
}
