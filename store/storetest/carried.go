package storetest

import (
	"strconv"
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

// What an operation does where the state travels with the key: it makes another
// key, and leaves the given one as it was until that expires by itself.

func carriedUpdateClauses() []clause {
	return []clause{
		{"returns another key, and leaves the given one as it was until it expires", func(x *trial) {
			r := x.signIn(newSubject())
			key := x.save(r)
			before := x.load(key)
			x.advance(idle / 2)
			next := x.update(key, x.set(text("theme", "dark")))
			if next.Equal(key) {
				x.Error("Update returned the given key")
			}
			x.wantUnchanged(key, before)
			r.Values, r.Expires = text("cart", "1 apple", "theme", "dark"), x.now().Add(idle)
			x.wantRecord(next, r)
			x.wantExpired(key, before.Expires)
			x.wantRecord(next, r)
		}},
		{"of one key by two writers makes two states, which do not merge", func(x *trial) {
			r := x.record(text("cart", "2 apples"))
			key := x.save(r)
			one, two := x.update(key, x.set(text("theme", "dark"))), x.update(key, x.set(text("language", "de")))
			r.Values = text("cart", "2 apples", "theme", "dark")
			x.wantRecord(one, r)
			r.Values = text("cart", "2 apples", "language", "de")
			x.wantRecord(two, r)
		}},
		{"expects what the given key holds, whatever became of others", func(x *trial) {
			key := x.save(x.record(text("counter", "1")))
			c := x.set(text("counter", "2"))
			c.Expect = text("counter", "1")
			next := x.update(key, c)
			x.update(key, c)
			_, err := x.store.Update(x.Context(), next, c)
			x.wantConflict("Update of the key that holds 2", err, next)
		}},
	}
}

func carriedUpdateTTLClauses() []clause {
	return []clause{
		{"returns another key, and leaves the given one to expire when it would have", func(x *trial) {
			r := x.record(text("cart", "2 apples"))
			key := x.save(r)
			before := x.load(key)
			x.advance(idle / 2)
			r.Expires = x.now().Add(idle)
			next := x.updateTTL(key, r.Expires)
			if next.Equal(key) {
				x.Error("UpdateTTL returned the given key")
			}
			x.wantUnchanged(key, before)
			x.wantExpired(key, before.Expires)
			x.wantRecord(next, r)
		}},
	}
}

func carriedRotateClauses() []clause {
	return []clause{
		{"leaves the given key as it was until it expires", func(x *trial) {
			key := x.save(x.record(text("cart", "2 apples")))
			before := x.load(key)
			x.advance(idle / 2)
			successor := x.renew(key)
			x.wantUnchanged(key, before)
			x.wantExpired(key, before.Expires)
			x.load(successor)
		}},
		{"of one key twice makes two sessions", func(x *trial) {
			key := x.save(x.record(nil))
			from := x.load(key)
			one, two := x.signIn(newSubject()), x.signIn(newSubject())
			first, second := x.rotate(key, from, one), x.rotate(key, from, two)
			x.wantRecord(first, one)
			x.wantRecord(second, two)
		}},
		{"from what its successor holds conflicts", func(x *trial) {
			key := x.save(x.record(nil))
			next := x.load(x.renew(key))
			_, err := x.store.Rotate(x.Context(), key, next, x.renewal(next))
			x.wantConflict("Rotate", err, key)
		}},
	}
}

func carriedDeleteClauses() []clause {
	return []clause{
		{"of a live session is nil and changes nothing, as often as it is asked", func(x *trial) {
			key := x.save(x.signIn(newSubject()))
			r := x.load(key)
			x.delete(key)
			x.delete(key)
			x.wantUnchanged(key, r)
		}},
		{"of one key changes no other of its session", func(x *trial) {
			first := x.save(x.record(nil))
			second := x.renew(first)
			third := x.update(second, x.touch())
			r, s := x.load(first), x.load(third)
			x.delete(second)
			x.wantUnchanged(first, r)
			x.wantUnchanged(third, s)
		}},
	}
}

func carriedConcurrentClauses() []clause {
	return []clause{
		{"Updates of one key each make a state of their own", func(x *trial) {
			key := x.save(x.record(text("cart", "2 apples")))
			before, keys := x.load(key), make([]store.Key, writers)
			x.wantNoErrors(atOnce(writers, func(i int) (err error) {
				keys[i], err = x.store.Update(x.Context(), key, x.set(text("n", strconv.Itoa(i))))
				return err
			}))
			for i, next := range keys {
				x.wantRecord(next, x.record(text("cart", "2 apples", "n", strconv.Itoa(i))))
			}
			x.wantUnchanged(key, before)
		}},
		{"Rotates of one key each make a session of their own", func(x *trial) {
			key := x.save(x.record(nil))
			from, keys := x.load(key), make([]store.Key, writers)
			x.wantNoErrors(atOnce(writers, func(i int) (err error) {
				keys[i], err = x.store.Rotate(x.Context(), key, from, x.record(text("n", strconv.Itoa(i))))
				return err
			}))
			for i, next := range keys {
				x.wantRecord(next, x.record(text("n", strconv.Itoa(i))))
			}
			x.wantUnchanged(key, from)
		}},
	}
}

// wantExpired advances to the expiry and fails the trial if the key goes on
// holding a session from then on.
func (x *trial) wantExpired(key store.Key, expires time.Time) {
	x.Helper()
	x.advanceTo(expires)
	_, err := x.store.Load(x.Context(), key)
	x.wantNotFound("Load of the old key at its Expires", err)
}
