package storetest

import (
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

// updateTTLClauses: UpdateTTL moves the expiry and nothing else.
func updateTTLClauses() []clause {
	return []clause{
		{"moves the expiry and nothing else", func(x *trial) {
			r := x.signIn(newSubject())
			key := x.save(r)
			x.advance(idle / 2)
			r.Expires = x.now().Add(idle)
			key = x.updateTTL(key, r.Expires)
			x.wantRecord(key, r)
		}},
		{"moves the expiry forwards and backwards, in whole seconds", func(x *trial) {
			x.checkExpiry(x.updateTTL)
		}},
		{"past Ends stops at Ends", func(x *trial) {
			r := x.record(text("cart", "2 apples"))
			key := x.updateTTL(x.save(r), r.Ends.Add(idle))
			r.Expires = r.Ends
			x.wantRecord(key, r)
		}},
		{"never moves Ends, however often", func(x *trial) {
			x.checkEnds(x.updateTTL)
		}},
		{"gives another revision, even if it changes nothing", func(x *trial) {
			x.checkRevisions(func(key store.Key) store.Key { return x.updateTTL(key, x.now().Add(idle)) })
		}},
		{"never creates a session", func(x *trial) {
			key := store.NewKey()
			_, err := x.store.UpdateTTL(x.Context(), key, x.now().Add(idle))
			x.wantNotFound("UpdateTTL of an unknown key", err)
			_, err = x.store.Load(x.Context(), key)
			x.wantNotFound("Load afterwards", err)
		}},
		{"never brings back an expired session", func(x *trial) {
			key := x.save(x.record(nil))
			x.advance(idle)
			_, err := x.store.UpdateTTL(x.Context(), key, x.now().Add(idle))
			x.wantNotFound("UpdateTTL", err)
			_, err = x.store.Load(x.Context(), key)
			x.wantNotFound("Load afterwards", err)
		}},
	}
}

// keptUpdateTTLClauses: UpdateTTL on what the store keeps.
func keptUpdateTTLClauses() []clause {
	return []clause{
		{"returns the key that it was given", func(x *trial) {
			key := x.save(x.record(nil))
			if !x.updateTTL(key, x.now().Add(idle)).Equal(key) {
				x.Error("UpdateTTL returned another key")
			}
		}},
		{"never brings back an ended session", func(x *trial) {
			key := x.save(x.record(nil))
			x.delete(key)
			_, err := x.store.UpdateTTL(x.Context(), key, x.now().Add(idle))
			x.wantEnded("UpdateTTL", err, x.now())
			_, err = x.store.Load(x.Context(), key)
			x.wantEnded("Load afterwards", err, x.now())
		}},
	}
}

// checkExpiry checks that move sets the expiry to the time it is given,
// whichever way that is, and that the session lives until then.
func (x *trial) checkExpiry(move func(store.Key, time.Time) store.Key) {
	key := x.save(x.record(nil))
	for _, in := range []time.Duration{absolute / 2, time.Minute, 90*time.Second + 999*time.Millisecond} {
		expires := x.now().Add(in)
		key = move(key, expires)
		if got, want := x.load(key).Expires, expires.Truncate(time.Second); !got.Equal(want) {
			x.Errorf("moved to %v, got %v, want %v", expires, got, want)
		}
	}
	r := x.load(key)
	x.advanceTo(r.Expires.Add(-time.Microsecond))
	x.wantRecord(key, r)
	x.advanceTo(r.Expires)
	_, err := x.store.Load(x.Context(), key)
	x.wantNotFound("Load at Expires", err)
}

// checkEnds checks that a session that is in use all the time dies at its
// Ends.
func (x *trial) checkEnds(move func(store.Key, time.Time) store.Key) {
	r := x.record(nil)
	r.Ends = x.now().Add(2 * idle)
	key := x.save(r)
	ends := x.load(key).Ends
	for x.now().Before(ends.Add(-idle / 4)) {
		x.advance(idle / 4)
		key = move(key, x.now().Add(idle))
		if got := x.load(key); !got.Ends.Equal(ends) || got.Expires.After(ends) {
			x.Fatalf("at %v: Ends is %v and Expires %v, want Ends %v", x.now(), got.Ends, got.Expires, ends)
		}
	}
	x.advanceTo(ends)
	_, err := x.store.Load(x.Context(), key)
	x.wantNotFound("Load at Ends", err)
}

// checkRevisions checks that every write gives a revision that the session
// did not have before.
func (x *trial) checkRevisions(write func(store.Key) store.Key) {
	key := x.save(x.record(text("cart", "2 apples")))
	seen := map[string]bool{"": true}
	for range 5 {
		r := x.load(key)
		if seen[r.Revision] {
			x.Fatalf("revision %q is empty or was there before", r.Revision)
		}
		seen[r.Revision] = true
		key = write(key)
	}
}
