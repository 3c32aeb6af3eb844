package storetest

import (
	"context"
	"crypto/rand"
	"sync"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

const (
	idle     = 30 * time.Minute // the idle period of the sessions that a trial makes
	absolute = 12 * time.Hour   // and their absolute one
)

// A trial is one sub-test: a store, the clock that the store goes by, and the
// words in which clauses are written. Words that name an operation fail the
// trial if the operation fails.
type trial struct {
	*testing.T
	store    store.Store
	form     store.KeyForm  // of the store's keys
	subjects store.Subjects // nil if the store is none
	clock    *clock
}

func newTrial(t *testing.T, open func(*testing.T) store.Store) *trial {
	t.Helper()
	x := &trial{T: t, clock: newClock(t)}
	x.store = open(t)
	x.form = store.KeyFormOf(x.store)
	x.subjects, _ = x.store.(store.Subjects)
	return x
}

// carries reports whether the store's state travels with the key.
func (x *trial) carries() bool { return x.form.HoldsState }

func (x *trial) now() time.Time          { return x.clock.now() }
func (x *trial) advance(d time.Duration) { x.clock.set(x.now().Add(d)) }
func (x *trial) advanceTo(t time.Time)   { x.clock.set(t) }

// fields is what Record.Values and Changes.Set hold.
type fields = map[string][]byte

// text makes fields of names and values in turn.
func text(namesAndValues ...string) fields {
	f := fields{}
	for i := 0; i < len(namesAndValues); i += 2 {
		f[namesAndValues[i]] = []byte(namesAndValues[i+1])
	}
	return f
}

// record makes an anonymous record that begins now.
func (x *trial) record(values fields) store.Record {
	now := x.now()
	return store.Record{Values: values, Created: now, Expires: now.Add(idle), Ends: now.Add(absolute)}
}

// signIn makes the record of a sign-in that begins now, on a new device.
func (x *trial) signIn(subject string) store.Record {
	r := x.record(text("cart", "1 apple"))
	r.Subject, r.Device, r.Label = subject, store.NewDeviceID(), "a browser"
	return r
}

// renewal makes what a renewal of from stores: the same session, its idle
// period begun anew.
func (x *trial) renewal(from store.Record) store.Record {
	to := from.Clone()
	to.Expires = x.now().Add(idle)
	if to.Expires.After(to.Ends) {
		to.Expires = to.Ends
	}
	return to
}

// newSubject makes a subject that no other trial uses.
func newSubject() string { return "subject-" + rand.Text() }

// touch is the least change there is.
func (x *trial) touch() store.Changes { return store.Changes{Expires: x.now().Add(idle)} }

// set changes fields and nothing else.
func (x *trial) set(values fields) store.Changes {
	c := x.touch()
	c.Set = values
	return c
}

func (x *trial) load(key store.Key) store.Record {
	x.Helper()
	r, err := x.store.Load(x.Context(), key)
	if err != nil {
		x.Fatalf("Load: %v", err)
	}
	return r
}

func (x *trial) save(r store.Record) store.Key {
	x.Helper()
	key, err := x.store.Save(x.Context(), r)
	if err != nil {
		x.Fatalf("Save: %v", err)
	}
	return key
}

func (x *trial) update(key store.Key, c store.Changes) store.Key {
	x.Helper()
	key, err := x.store.Update(x.Context(), key, c)
	if err != nil {
		x.Fatalf("Update: %v", err)
	}
	return key
}

func (x *trial) updateTTL(key store.Key, expires time.Time) store.Key {
	x.Helper()
	key, err := x.store.UpdateTTL(x.Context(), key, expires)
	if err != nil {
		x.Fatalf("UpdateTTL: %v", err)
	}
	return key
}

func (x *trial) rotate(key store.Key, from, to store.Record) store.Key {
	x.Helper()
	key, err := x.store.Rotate(x.Context(), key, from, to)
	if err != nil {
		x.Fatalf("Rotate: %v", err)
	}
	return key
}

// renew rotates the session to a new key and leaves the rest as it is.
func (x *trial) renew(key store.Key) store.Key {
	x.Helper()
	from := x.load(key)
	return x.rotate(key, from, x.renewal(from))
}

func (x *trial) delete(key store.Key) {
	x.Helper()
	if err := x.store.Delete(x.Context(), key); err != nil {
		x.Fatalf("Delete: %v", err)
	}
}

func (x *trial) devices(subject string) []store.Device {
	x.Helper()
	d, err := x.subjects.Devices(x.Context(), subject)
	if err != nil {
		x.Fatalf("Devices: %v", err)
	}
	return d
}

func (x *trial) revoke(subject, device string) {
	x.Helper()
	if err := x.subjects.Revoke(x.Context(), subject, device); err != nil {
		x.Fatalf("Revoke: %v", err)
	}
}

func (x *trial) revokeAll(subject, keep string) time.Time {
	x.Helper()
	at, err := x.subjects.RevokeAll(x.Context(), subject, keep)
	if err != nil {
		x.Fatalf("RevokeAll: %v", err)
	}
	return at
}

// An operation is one of the store's, its arguments given.
type operation struct {
	name string
	run  func(context.Context) error
}

// uses returns every operation that needs a live session under key, but for
// Delete, which looks further than the key. From is what Rotate is given.
func (x *trial) uses(key store.Key, from store.Record) []operation {
	return []operation{
		{"Load", func(ctx context.Context) error { _, err := x.store.Load(ctx, key); return err }},
		{"Update", func(ctx context.Context) error {
			_, err := x.store.Update(ctx, key, x.set(text("intruder", "1")))
			return err
		}},
		{"Update that expects", func(ctx context.Context) error {
			c := x.set(text("intruder", "1"))
			c.Expect = fields{"nobody has this": []byte("1")}
			_, err := x.store.Update(ctx, key, c)
			return err
		}},
		{"UpdateTTL", func(ctx context.Context) error {
			_, err := x.store.UpdateTTL(ctx, key, x.now().Add(idle))
			return err
		}},
		{"Rotate", func(ctx context.Context) error {
			to := x.record(from.Values)
			to.Subject, to.Device = from.Subject, from.Device
			_, err := x.store.Rotate(ctx, key, from, to)
			return err
		}},
	}
}

// all returns every operation on key.
func (x *trial) all(key store.Key, from store.Record) []operation {
	return append(x.uses(key, from), operation{"Delete", func(ctx context.Context) error {
		return x.store.Delete(ctx, key)
	}})
}

// atOnce runs f(0) to f(n-1), all at the same time, and returns their errors.
func atOnce(n int, f func(i int) error) []error {
	var (
		errs  = make([]error, n)
		ready = make(chan struct{})
		all   sync.WaitGroup
	)
	for i := range n {
		all.Go(func() {
			<-ready
			errs[i] = f(i)
		})
	}
	close(ready)
	all.Wait()
	return errs
}
