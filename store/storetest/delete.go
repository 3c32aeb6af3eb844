package storetest

import (
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

// deleteClauses: what Delete finds nothing to end in.
func deleteClauses() []clause {
	return []clause{
		{"ends no other session", func(x *trial) {
			r := x.record(text("cart", "2 apples"))
			one, two := x.save(r), x.save(r)
			x.delete(one)
			x.wantRecord(two, r)
		}},
		{"of an unknown key is ErrNotFound and leaves no mark", func(x *trial) {
			key := store.NewKey()
			x.wantNotFound("Delete", x.store.Delete(x.Context(), key))
			_, err := x.store.Load(x.Context(), key)
			x.wantNotFound("Load afterwards", err)
		}},
		{"of an expired session is ErrNotFound and leaves no mark", func(x *trial) {
			key := x.save(x.record(nil))
			x.advance(idle)
			x.wantNotFound("Delete", x.store.Delete(x.Context(), key))
			_, err := x.store.Load(x.Context(), key)
			x.wantNotFound("Load afterwards", err)
		}},
	}
}

// keptDeleteClauses: Delete ends a session, by whichever of its keys.
func keptDeleteClauses() []clause {
	return []clause{
		{"ends a live session at this moment", func(x *trial) {
			key := x.save(x.signIn(newSubject()))
			x.advance(time.Minute)
			x.delete(key)
			at := x.now()
			x.advance(time.Second)
			_, err := x.store.Load(x.Context(), key)
			x.wantEnded("Load", err, at)
		}},
		{"leaves nothing that an operation could revive", func(x *trial) {
			key := x.save(x.record(text("cart", "2 apples")))
			from := x.load(key)
			x.delete(key)
			at := x.now()
			x.advance(time.Minute)
			for _, op := range append(x.all(key, from), x.all(key, from)...) {
				x.wantEnded(op.name, op.run(x.Context()), at)
			}
		}},
		{"by the key before a renewal ends the renewed session", func(x *trial) {
			key := x.save(x.signIn(newSubject()))
			rotated := x.now()
			successor := x.renew(key)
			x.advance(time.Minute)
			x.delete(key)
			_, err := x.store.Load(x.Context(), successor)
			x.wantEnded("Load of the successor", err, x.now())
			_, err = x.store.Load(x.Context(), key)
			x.wantEnded("Load of the old key", err, rotated)
		}},
		{"by the key before a sign-in ends the signed-in session", func(x *trial) {
			key := x.save(x.record(nil))
			successor := x.rotate(key, x.load(key), x.signIn(newSubject()))
			x.delete(key)
			_, err := x.store.Load(x.Context(), successor)
			x.wantEnded("Load of the successor", err, x.now())
		}},
		{"by the first of many keys ends the last", func(x *trial) {
			first := x.save(x.record(nil))
			last := first
			for range 4 {
				x.advance(time.Minute)
				last = x.renew(last)
			}
			x.delete(first)
			_, err := x.store.Load(x.Context(), last)
			x.wantEnded("Load of the last key", err, x.now())
		}},
		{"by an old key says so if the session had ended before", func(x *trial) {
			first := x.save(x.record(nil))
			rotated := x.now()
			second := x.renew(first)
			x.advance(time.Second)
			x.delete(second)
			x.advance(time.Second)
			x.wantEnded("Delete", x.store.Delete(x.Context(), first), rotated)
		}},
		{"by an old key says so if the session has expired", func(x *trial) {
			first := x.save(x.record(nil))
			from := x.load(first)
			to := x.renewal(from)
			to.Expires = x.now().Add(time.Minute)
			rotated := x.now()
			x.rotate(first, from, to)
			x.advance(2 * time.Minute)
			x.wantEnded("Delete", x.store.Delete(x.Context(), first), rotated)
		}},
		{"by an old key does not follow after the mark's lifetime", func(x *trial) {
			first := x.save(x.record(nil))
			second := x.renew(first)
			r := x.load(second)
			x.advance(store.MarkLifetime)
			x.wantNotFound("Delete", x.store.Delete(x.Context(), first))
			x.wantUnchanged(second, r)
		}},
		{"by an old key follows until just before the mark's lifetime", func(x *trial) {
			first := x.save(x.record(nil))
			second := x.renew(first)
			x.advance(store.MarkLifetime - time.Microsecond)
			x.delete(first)
			_, err := x.store.Load(x.Context(), second)
			x.wantEnded("Load of the successor", err, x.now())
		}},
		{"by a key that is no longer the newest leaves the sessions of others alone", func(x *trial) {
			first, other := x.save(x.record(nil)), x.save(x.record(nil))
			x.renew(first)
			other = x.renew(other)
			r := x.load(other)
			x.delete(first)
			x.wantUnchanged(other, r)
		}},
	}
}
