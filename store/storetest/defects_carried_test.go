package storetest_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"
	"sync"
	"time"

	"github.com/lambdasession/lambdasession-go/cookiestore"
	"github.com/lambdasession/lambdasession-go/store"
)

// anyBit is the clause that forged keys break.
const anyBit = "keys/with any bit flipped are unknown"

// carriedDefects are ways to break a store whose state travels with the key.
var carriedDefects = map[string]struct {
	breakIt func(*cookiestore.Store) store.Store
	clauses []string
	message string
}{
	"carries: without a word of it": {
		breakIt: func(s *cookiestore.Store) store.Store { return struct{ store.Store }{s} },
		clauses: []string{"keys/have the form that the store says"},
		message: "a store whose keys are not those of store.NewKey implements store.KeyFormer",
	},
	"carries: says yes to any key": {
		breakIt: func(s *cookiestore.Store) store.Store { return credulous{s} },
		clauses: []string{"keys/fit into a cookie"},
	},
	"carries: changes what the given key holds": {
		breakIt: func(s *cookiestore.Store) store.Store { return &remembering{Store: s, moved: map[string]store.Key{}} },
		clauses: []string{
			"Update/returns another key, and leaves the given one as it was until it expires",
			"UpdateTTL/returns another key, and leaves the given one to expire when it would have",
			"Update/of one key by two writers makes two states, which do not merge",
		},
	},
	"carries: ends what it deletes": {
		breakIt: func(s *cookiestore.Store) store.Store { return &ending{Store: s, ended: map[string]bool{}} },
		clauses: []string{"Delete/of a live session is nil and changes nothing, as often as it is asked", machine},
	},
	"carries: ends what it rotates": {
		breakIt: func(s *cookiestore.Store) store.Store { return &rotating{ending{Store: s, ended: map[string]bool{}}} },
		clauses: []string{"Rotate/leaves the given key as it was until it expires", "Rotate/of one key twice makes two sessions", machine},
	},
	"carries: has nothing to delete": {
		breakIt: func(s *cookiestore.Store) store.Store { return empty{s} },
		clauses: []string{"Delete/of a live session is nil and changes nothing, as often as it is asked", machine},
	},
	"carries: does not care for the last bits": {
		breakIt: func(s *cookiestore.Store) store.Store { return sloppy{s, lastCharacter} },
		clauses: []string{anyBit},
	},
	"carries: passes over line breaks": {
		breakIt: func(s *cookiestore.Store) store.Store { return sloppy{s, withoutBreaks} },
		clauses: []string{"keys/cut short, prolonged or spelled otherwise are unknown"},
	},
	"carries: does not look at the version": {
		breakIt: func(s *cookiestore.Store) store.Store { return sloppy{s, anyVersion} },
		clauses: []string{anyBit},
	},
	"carries: seals in two pieces": {
		breakIt: func(s *cookiestore.Store) store.Store { return pieces{s} },
		clauses: []string{"keys/put together of two are unknown"},
	},
	"carries: signs and does not encrypt": {
		breakIt: func(s *cookiestore.Store) store.Store { return readable{s} },
		clauses: []string{"keys/show nothing of what they hold"},
	},
	"carries: makes one key for one state": {
		breakIt: func(s *cookiestore.Store) store.Store { return &settled{Store: s, made: map[string]store.Key{}} },
		clauses: []string{"keys/of the same state differ", "Update/gives another revision, even if it changes nothing"},
	},
	"carries: rotates whatever it is given": {
		breakIt: func(s *cookiestore.Store) store.Store { return trusting{s} },
		clauses: []string{"Rotate/from what its successor holds conflicts", machine},
	},
	"carries: creates by Update": {
		breakIt: func(s *cookiestore.Store) store.Store { return creating{s} },
		clauses: []string{"Update/never creates a session", "Update/never brings back an expired session", anyBit, machine},
	},
}

// credulous lets any cookie through.
type credulous struct{ *cookiestore.Store }

func (credulous) KeyForm() store.KeyForm {
	return store.KeyForm{Valid: func(string) bool { return true }, HoldsState: true}
}

// remembering keeps a second state beside the one in the key.
type remembering struct {
	*cookiestore.Store
	mu    sync.Mutex
	moved map[string]store.Key
}

func (s *remembering) at(key store.Key) store.Key {
	s.mu.Lock()
	defer s.mu.Unlock()
	if k, ok := s.moved[key.Reveal()]; ok {
		return k
	}
	return key
}

func (s *remembering) Load(ctx context.Context, key store.Key) (store.Record, error) {
	return s.Store.Load(ctx, s.at(key))
}

func (s *remembering) Update(ctx context.Context, key store.Key, c store.Changes) (store.Key, error) {
	next, err := s.Store.Update(ctx, s.at(key), c)
	if err != nil {
		return store.Key{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.moved[key.Reveal()] = next
	return key, nil
}

func (s *remembering) UpdateTTL(ctx context.Context, key store.Key, expires time.Time) (store.Key, error) {
	return s.Update(ctx, key, store.Changes{Expires: expires})
}

// ending knows which keys were deleted.
type ending struct {
	*cookiestore.Store
	mu    sync.Mutex
	ended map[string]bool
}

func (s *ending) Load(ctx context.Context, key store.Key) (store.Record, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended[key.Reveal()] {
		return store.Record{}, store.ErrNotFound
	}
	return s.Store.Load(ctx, key)
}

func (s *ending) Delete(ctx context.Context, key store.Key) error {
	if _, err := s.Load(ctx, key); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended[key.Reveal()] = true
	return nil
}

// rotating knows which keys were rotated.
type rotating struct{ ending }

func (s *rotating) Rotate(ctx context.Context, key store.Key, from, to store.Record) (store.Key, error) {
	if _, err := s.Load(ctx, key); err != nil {
		return store.Key{}, err
	}
	next, err := s.Store.Rotate(ctx, key, from, to)
	if err == nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.ended[key.Reveal()] = true
	}
	return next, err
}

func (s *rotating) Delete(ctx context.Context, key store.Key) error { return s.Store.Delete(ctx, key) }

// empty has nothing that it could end.
type empty struct{ *cookiestore.Store }

func (empty) Delete(context.Context, store.Key) error { return store.ErrNotFound }

// sloppy reads keys that are not spelled as they were made.
type sloppy struct {
	*cookiestore.Store
	readings func(secret string) []string
}

func (s sloppy) Load(ctx context.Context, key store.Key) (store.Record, error) {
	r, err := s.Store.Load(ctx, key)
	for _, reading := range s.readings(key.Reveal()) {
		if errors.Is(err, store.ErrNotFound) {
			r, err = s.Store.Load(ctx, store.KeyOf(reading))
		}
	}
	return r, err
}

func lastCharacter(secret string) (readings []string) {
	for i := range len(secret) {
		readings = append(readings, secret[:max(0, len(secret)-1)]+secret[i:i+1])
	}
	return append(readings, secret[:max(0, len(secret)-1)]+"A", secret[:max(0, len(secret)-1)]+"Q")
}

func withoutBreaks(secret string) []string { return []string{strings.ReplaceAll(secret, "\n", "")} }

func anyVersion(secret string) []string {
	if secret == "" {
		return nil
	}
	return []string{"1" + secret[1:]}
}

// pieces seals the values apart from the rest.
type pieces struct{ *cookiestore.Store }

func (pieces) KeyForm() store.KeyForm {
	return store.KeyForm{Valid: func(secret string) bool { return !strings.ContainsAny(secret, " ;,\"\\\n\x00\x7fü") }, HoldsState: true}
}

func (s pieces) Save(ctx context.Context, r store.Record) (store.Key, error) {
	values := store.Record{Values: r.Values, Created: r.Created, Ends: r.Ends, Expires: r.Expires}
	r.Values = nil
	first, err := s.Store.Save(ctx, r)
	second, err2 := s.Store.Save(ctx, values)
	return store.KeyOf(first.Reveal() + "." + second.Reveal()), errors.Join(err, err2)
}

func (s pieces) Load(ctx context.Context, key store.Key) (store.Record, error) {
	one, two, _ := strings.Cut(key.Reveal(), ".")
	r, err := s.Store.Load(ctx, store.KeyOf(one))
	if err != nil {
		return r, err
	}
	values, err := s.Store.Load(ctx, store.KeyOf(two))
	r.Values = values.Values
	return r, err
}

// readable puts what the key holds beside it.
type readable struct{ *cookiestore.Store }

func (s readable) Save(ctx context.Context, r store.Record) (store.Key, error) {
	text, err := json.Marshal(map[string]any{"subject": r.Subject, "values": r.Values})
	if err != nil {
		return store.Key{}, err
	}
	key, err := s.Store.Save(ctx, r)
	return store.KeyOf(base64.RawURLEncoding.EncodeToString(text) + "." + key.Reveal()), err
}

func (s readable) Load(ctx context.Context, key store.Key) (store.Record, error) {
	_, secret, _ := strings.Cut(key.Reveal(), ".")
	return s.Store.Load(ctx, store.KeyOf(secret))
}

// settled makes no more keys than there are states.
type settled struct {
	*cookiestore.Store
	mu   sync.Mutex
	made map[string]store.Key
}

func (s *settled) Update(ctx context.Context, key store.Key, c store.Changes) (store.Key, error) {
	next, err := s.Store.Update(ctx, key, c)
	if err != nil {
		return store.Key{}, err
	}
	r, err := s.Load(ctx, next)
	if err != nil {
		return next, nil
	}
	r.Revision = ""
	state, err := json.Marshal(r)
	s.mu.Lock()
	defer s.mu.Unlock()
	if made, ok := s.made[string(state)]; ok {
		return made, err
	}
	s.made[string(state)] = next
	return next, err
}

// trusting rotates by whatever revision.
type trusting struct{ *cookiestore.Store }

func (s trusting) Rotate(ctx context.Context, key store.Key, from, to store.Record) (store.Key, error) {
	if now, err := s.Load(ctx, key); err == nil {
		from = now
	}
	return s.Store.Rotate(ctx, key, from, to)
}

// creating saves what it cannot update.
type creating struct{ *cookiestore.Store }

func (s creating) Update(ctx context.Context, key store.Key, c store.Changes) (store.Key, error) {
	next, err := s.Store.Update(ctx, key, c)
	if errors.Is(err, store.ErrNotFound) {
		return s.Save(ctx, store.Record{Values: c.Set, Created: c.Expires, Expires: c.Expires, Ends: c.Expires})
	}
	return next, err
}
