package storetest_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/lambdasession/lambdasession-go/memstore"
	"github.com/lambdasession/lambdasession-go/store"
)

// A defect is a way to break a store, and what the suite must find.
type defect struct {
	breakIt func(*memstore.Store) store.Store
	clauses []string // that must fail
	message string   // that must be printed
}

// machine is the clause that random sequences check.
const machine = "any sequence/of operations, with time passing, does what the model does"

// defects are what people have got wrong, and what is easy to get wrong.
var defects = map[string]defect{
	"goes by the wall clock": {
		breakIt: func(s *memstore.Store) store.Store { s.Now = nil; return s },
		clauses: []string{"the store goes by storetest.Now"},
		message: "let open give it storetest.Now(t)",
	},
	"is a second late": {
		breakIt: func(s *memstore.Store) store.Store {
			now := s.Now
			s.Now = func() time.Time { return now().Add(-time.Second) }
			return s
		},
		clauses: []string{"Load/finds a session until just before its Expires, swept or not"},
	},
	"creates by Update": {
		breakIt: func(s *memstore.Store) store.Store { return &upserting{Store: s, moved: map[string]store.Key{}} },
		clauses: []string{
			"Update/never creates a session",
			"Update/never brings back an expired session",
			"Update/never brings back an ended session",
			"Delete/leaves nothing that an operation could revive",
		},
	},
	"overwrites by Save": {
		breakIt: func(s *memstore.Store) store.Store { return &overwriting{Store: s} },
		clauses: []string{
			"Save/makes another key every time, even for the same record",
			"Save/never overwrites: two sessions of one record go their own ways",
			"at once/50 Saves make 50 sessions",
			machine,
		},
	},
	"ignores Expect": {
		breakIt: func(s *memstore.Store) store.Store { return heedless{s} },
		clauses: []string{
			"Expect/of any value, with any change, holds exactly if the bytes are the same",
			"Expect/that fails leaves fields, expiry and revision as they were",
			"at once/of several that expect a field to be absent exactly one writes it",
			machine,
		},
	},
	"writes back what it read": {
		breakIt: func(s *memstore.Store) store.Store { return rewriting{s} },
		clauses: []string{"at once/Updates of different fields all survive"},
	},
	"leaves no marks": {
		breakIt: func(s *memstore.Store) store.Store { return markless{s} },
		clauses: []string{
			"mark/of Delete stays for MarkLifetime, then the key is unknown",
			"mark/of Rotate stays for MarkLifetime, then the key is unknown",
			"Rotate/ends the old key at this moment",
			machine,
		},
	},
	"leaves marks for ever": {
		breakIt: func(s *memstore.Store) store.Store { return &marking{Store: s, ended: map[string]error{}} },
		clauses: []string{
			"mark/of Delete stays for MarkLifetime, then the key is unknown",
			"mark/of Rotate stays for MarkLifetime, then the key is unknown",
		},
	},
	"does not cap Expires": {
		breakIt: func(s *memstore.Store) store.Store { return &endless{Store: s, ends: map[string]time.Time{}} },
		clauses: []string{
			"Update/past Ends stops at Ends and still changes the fields",
			"UpdateTTL/past Ends stops at Ends",
			"UpdateTTL/never moves Ends, however often",
			machine,
		},
	},
	"shares what it loads": {
		breakIt: func(s *memstore.Store) store.Store { return &sharing{Store: s, loaded: map[string]store.Record{}} },
		clauses: []string{"sharing/Load gives a copy"},
	},
	"gives nil for an empty value": {
		breakIt: func(s *memstore.Store) store.Store { return nilling{s} },
		clauses: []string{"values/a loaded empty value is not nil, which would mean absent in Expect"},
	},
	"keeps Created to the second": {
		breakIt: func(s *memstore.Store) store.Store { return rounding{s} },
		clauses: []string{"Load/returns Created to the microsecond"},
	},
	"does not follow by Delete": {
		breakIt: func(s *memstore.Store) store.Store { return shortsighted{s} },
		clauses: []string{
			"Delete/by the key before a renewal ends the renewed session",
			"Delete/by the first of many keys ends the last",
			machine,
		},
	},
	"does not care for the revision": {
		breakIt: func(s *memstore.Store) store.Store { return forgiving{s} },
		clauses: []string{
			"Rotate/after any other write conflicts and changes nothing",
			"Rotate/with another session's revision conflicts",
			machine,
		},
	},
	"copies by Rotate": {
		breakIt: func(s *memstore.Store) store.Store { return copying{s} },
		clauses: []string{
			"Rotate/ends the old key at this moment",
			"at once/of several Rotates exactly one wins",
			"Devices/lists a renewed session once, as the same device with the same label",
		},
	},
	"takes what is invalid": {
		breakIt: func(s *memstore.Store) store.Store { return lenient{s} },
		clauses: []string{
			"arguments/Save of a record that Validate refuses is an InvalidError",
			"arguments/Update with changes that Validate refuses is an InvalidError and changes nothing",
		},
	},
	"does not know when to stop": {
		breakIt: func(s *memstore.Store) store.Store { return restless{s} },
		clauses: []string{"arguments/an operation whose context has ended says nothing of the session"},
	},
	"takes no answer for no session": {
		breakIt: func(s *memstore.Store) store.Store { return hasty{s} },
		clauses: []string{"arguments/an operation whose context has ended says nothing of the session"},
	},
	"revokes only what is there": {
		breakIt: func(s *memstore.Store) store.Store { return present{s} },
		clauses: []string{
			"RevokeAll/refuses a Save of a sign-in that began at that moment or before",
			"RevokeAll/refuses a Rotate to a sign-in that began at that moment or before, which changes nothing",
			machine,
		},
	},
	"lists the youngest first": {
		breakIt: func(s *memstore.Store) store.Store { return backward{s} },
		clauses: []string{"Devices/lists the oldest first", machine},
	},
}

// upserting saves what it cannot update, and keeps it under the old key.
type upserting struct {
	*memstore.Store
	mu    sync.Mutex
	moved map[string]store.Key
}

func (s *upserting) at(key store.Key) store.Key {
	s.mu.Lock()
	defer s.mu.Unlock()
	if k, ok := s.moved[key.Reveal()]; ok {
		return k
	}
	return key
}

func (s *upserting) Load(ctx context.Context, key store.Key) (store.Record, error) {
	return s.Store.Load(ctx, s.at(key))
}

func (s *upserting) Update(ctx context.Context, key store.Key, c store.Changes) (store.Key, error) {
	_, err := s.Store.Update(ctx, s.at(key), c)
	if !errors.Is(err, store.ErrNotFound) && !errors.Is(err, store.ErrEnded) {
		return key, err
	}
	created, err := s.Save(ctx, store.Record{Values: c.Set, Created: s.Now(), Expires: c.Expires, Ends: c.Expires})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.moved[key.Reveal()] = created
	return key, err
}

// overwriting saves every record over the one before.
type overwriting struct {
	*memstore.Store
	mu   sync.Mutex
	last store.Key
}

func (s *overwriting) Save(ctx context.Context, r store.Record) (store.Key, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.Update(ctx, s.last, store.Changes{Set: r.Values, Replace: true, Expires: r.Expires}); err == nil {
		return s.last, nil
	}
	key, err := s.Store.Save(ctx, r)
	s.last = key
	return key, err
}

// heedless ignores what an Update expects.
type heedless struct{ *memstore.Store }

func (s heedless) Update(ctx context.Context, key store.Key, c store.Changes) (store.Key, error) {
	c.Expect = nil
	return s.Store.Update(ctx, key, c)
}

// rewriting reads the record and writes all of it.
type rewriting struct{ *memstore.Store }

func (s rewriting) Update(ctx context.Context, key store.Key, c store.Changes) (store.Key, error) {
	r, err := s.Load(ctx, key)
	if err != nil {
		return s.Store.Update(ctx, key, c)
	}
	for range 100 {
		runtime.Gosched() // a call to a database
	}
	return s.Store.Update(ctx, key, store.Changes{
		Set: c.Apply(r.Values), Replace: true, Expires: c.Expires, Expect: c.Expect,
	})
}

// markless knows nothing of an ended session.
type markless struct{ *memstore.Store }

func unmarked(err error) error {
	if errors.Is(err, store.ErrEnded) {
		return store.ErrNotFound
	}
	return err
}

func (s markless) Load(ctx context.Context, key store.Key) (store.Record, error) {
	r, err := s.Store.Load(ctx, key)
	return r, unmarked(err)
}

func (s markless) Update(ctx context.Context, key store.Key, c store.Changes) (store.Key, error) {
	k, err := s.Store.Update(ctx, key, c)
	return k, unmarked(err)
}

// marking never forgets that a session ended.
type marking struct {
	*memstore.Store
	mu    sync.Mutex
	ended map[string]error
}

func (s *marking) Load(ctx context.Context, key store.Key) (store.Record, error) {
	r, err := s.Store.Load(ctx, key)
	s.mu.Lock()
	defer s.mu.Unlock()
	if errors.Is(err, store.ErrEnded) {
		s.ended[key.Reveal()] = err
	}
	if was, ok := s.ended[key.Reveal()]; ok {
		return r, was
	}
	return r, err
}

// endless lets its sessions be in use for ever.
type endless struct {
	*memstore.Store
	mu   sync.Mutex
	ends map[string]time.Time
}

func (s *endless) Save(ctx context.Context, r store.Record) (store.Key, error) {
	ends := r.Ends.Truncate(time.Second)
	if r.Validate() == nil {
		r.Ends = r.Ends.AddDate(100, 0, 0)
	}
	key, err := s.Store.Save(ctx, r)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ends[key.Reveal()] = ends
	return key, err
}

func (s *endless) Load(ctx context.Context, key store.Key) (store.Record, error) {
	r, err := s.Store.Load(ctx, key)
	s.mu.Lock()
	defer s.mu.Unlock()
	if ends, ok := s.ends[key.Reveal()]; ok && err == nil {
		r.Ends = ends
	}
	return r, err
}

// sharing hands out one map to all.
type sharing struct {
	*memstore.Store
	mu     sync.Mutex
	loaded map[string]store.Record
}

func (s *sharing) Load(ctx context.Context, key store.Key) (store.Record, error) {
	r, err := s.Store.Load(ctx, key)
	s.mu.Lock()
	defer s.mu.Unlock()
	if kept := s.loaded[key.Reveal()]; err == nil && kept.Revision == r.Revision {
		return kept, nil
	}
	s.loaded[key.Reveal()] = r
	return r, err
}

// nilling forgets the difference between an empty value and nil.
type nilling struct{ *memstore.Store }

func (s nilling) Load(ctx context.Context, key store.Key) (store.Record, error) {
	r, err := s.Store.Load(ctx, key)
	for name, v := range r.Values {
		if len(v) == 0 {
			r.Values[name] = nil
		}
	}
	return r, err
}

// rounding keeps whole seconds where microseconds are asked for.
type rounding struct{ *memstore.Store }

func (s rounding) Load(ctx context.Context, key store.Key) (store.Record, error) {
	r, err := s.Store.Load(ctx, key)
	r.Created = r.Created.Truncate(time.Second)
	return r, err
}

// shortsighted ends the key it is given and looks no further.
type shortsighted struct{ *memstore.Store }

func (s shortsighted) Delete(ctx context.Context, key store.Key) error {
	if _, err := s.Load(ctx, key); err != nil {
		return err
	}
	return s.Store.Delete(ctx, key)
}

// forgiving rotates whatever is there by now.
type forgiving struct{ *memstore.Store }

func (s forgiving) Rotate(ctx context.Context, key store.Key, from, to store.Record) (store.Key, error) {
	if now, err := s.Load(ctx, key); err == nil {
		from = now
	}
	return s.Store.Rotate(ctx, key, from, to)
}

// copying makes a new session and leaves the old one alive.
type copying struct{ *memstore.Store }

func (s copying) Rotate(ctx context.Context, key store.Key, from, to store.Record) (store.Key, error) {
	now, err := s.Load(ctx, key)
	if err != nil || now.Revision != from.Revision {
		return s.Store.Rotate(ctx, key, from, to)
	}
	return s.Save(ctx, to)
}

// lenient drops what it should refuse.
type lenient struct{ *memstore.Store }

func (s lenient) Save(ctx context.Context, r store.Record) (store.Key, error) {
	if r.Validate() != nil {
		return store.NewKey(), nil
	}
	return s.Store.Save(ctx, r)
}

func (s lenient) Update(ctx context.Context, key store.Key, c store.Changes) (store.Key, error) {
	if c.Validate() != nil {
		return s.UpdateTTL(ctx, key, s.Now().Add(time.Minute))
	}
	return s.Store.Update(ctx, key, c)
}

// restless goes on when its context has ended.
type restless struct{ *memstore.Store }

func (s restless) Save(ctx context.Context, r store.Record) (store.Key, error) {
	return s.Store.Save(context.WithoutCancel(ctx), r)
}

// hasty says that there is no session when it could not ask.
type hasty struct{ *memstore.Store }

func (s hasty) Load(ctx context.Context, key store.Key) (store.Record, error) {
	if ctx.Err() != nil {
		return store.Record{}, store.ErrNotFound
	}
	return s.Store.Load(ctx, key)
}

// present revokes one by one, and nothing that is under way.
type present struct{ *memstore.Store }

func (s present) RevokeAll(ctx context.Context, subject, keep string) (time.Time, error) {
	devices, err := s.Devices(ctx, subject)
	for _, d := range devices {
		if d.ID != keep {
			err = errors.Join(err, s.Revoke(ctx, subject, d.ID))
		}
	}
	return s.Now(), err
}

// backward lists devices the wrong way round.
type backward struct{ *memstore.Store }

func (s backward) Devices(ctx context.Context, subject string) ([]store.Device, error) {
	devices, err := s.Store.Devices(ctx, subject)
	slices.Reverse(devices)
	return devices, err
}
