package storetest

import (
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

// markClauses: what leaves no mark.
func markClauses() []clause {
	return []clause{
		{"is not left by expiry", func(x *trial) {
			key := x.save(x.record(nil))
			x.advance(idle)
			_, err := x.store.Load(x.Context(), key)
			x.wantNotFound("Load", err)
		}},
	}
}

// keptMarkClauses: how long a key remembers that its session was ended.
func keptMarkClauses() []clause {
	return []clause{
		{"of Delete stays for MarkLifetime, then the key is unknown", func(x *trial) {
			x.checkMark(func(key store.Key) { x.delete(key) })
		}},
		{"of Rotate stays for MarkLifetime, then the key is unknown", func(x *trial) {
			x.checkMark(func(key store.Key) { x.renew(key) })
		}},
		{"outlasts the expiry and the end that the session would have had", func(x *trial) {
			r := x.record(nil)
			r.Expires, r.Ends = x.now().Add(time.Minute), x.now().Add(2*time.Minute)
			deleted, rotated := x.save(r), x.save(r)
			at := x.now()
			x.delete(deleted)
			x.renew(rotated)
			x.advance(store.MarkLifetime - time.Microsecond)
			_, err := x.store.Load(x.Context(), deleted)
			x.wantEnded("Load of the deleted session", err, at)
			_, err = x.store.Load(x.Context(), rotated)
			x.wantEnded("Load of the rotated session", err, at)
		}},
	}
}

// checkMark checks the mark that end leaves on a key: for its lifetime, to
// the microsecond, whatever is tried on the key meanwhile.
func (x *trial) checkMark(end func(store.Key)) {
	key := x.save(x.signIn(newSubject()))
	r := x.load(key)
	x.advance(time.Minute)
	end(key)
	at := x.now()
	for _, after := range []time.Duration{0, time.Minute, store.MarkLifetime / 2, store.MarkLifetime - time.Microsecond} {
		x.advanceTo(at.Add(after))
		for _, op := range x.uses(key, r) {
			x.wantEnded(op.name+" "+after.String()+" later", op.run(x.Context()), at)
		}
	}
	x.advanceTo(at.Add(store.MarkLifetime))
	for _, op := range x.all(key, r) {
		x.wantNotFound(op.name+" after the lifetime", op.run(x.Context()))
	}
}
