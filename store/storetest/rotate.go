package storetest

import (
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

// rotateClauses: Rotate begins another key.
func rotateClauses() []clause {
	return []clause{
		{"stores the successor under a new key", func(x *trial) {
			key := x.save(x.record(text("cart", "2 apples")))
			x.advance(idle / 2)
			from := x.load(key)
			to := x.renewal(from)
			successor := x.rotate(key, from, to)
			if successor.Equal(key) || successor.IsZero() {
				x.Error("the successor's key is the old one, or none")
			}
			x.wantRecord(successor, to)
		}},
		{"may store anything: other values, times and subject", func(x *trial) {
			key := x.save(x.record(text("cart", "2 apples")))
			from := x.load(key)
			x.advance(idle / 2)
			to := x.signIn(newSubject())
			to.Values = text("theme", "dark")
			to.Ends = to.Ends.Add(absolute)
			x.wantRecord(x.rotate(key, from, to), to)
		}},
		{"stores Ends and Expires without the fraction of a second", func(x *trial) {
			key := x.save(x.record(nil))
			from := x.load(key)
			to := x.record(nil)
			to.Ends = time.Date(2091, time.July, 4, 0, 0, 1, 999_999_999, time.UTC)
			to.Expires = time.Date(2091, time.July, 4, 0, 0, 0, 999_999_999, time.UTC)
			x.wantRecord(x.rotate(key, from, to), to)
		}},
		{"ignores the successor's revision and gives it a new one", func(x *trial) {
			key := x.save(x.record(nil))
			from := x.load(key)
			to := x.renewal(from)
			to.Revision = from.Revision
			if got := x.load(x.rotate(key, from, to)).Revision; got == from.Revision || got == "" {
				x.Errorf("the successor has the revision %q, which was given", got)
			}
		}},
		{"after any other write conflicts and changes nothing", func(x *trial) {
			for what, write := range map[string]func(store.Key) store.Key{
				"Update":                       func(k store.Key) store.Key { return x.update(k, x.set(text("theme", "dark"))) },
				"Update that changed nothing":  func(k store.Key) store.Key { return x.update(k, x.touch()) },
				"UpdateTTL":                    func(k store.Key) store.Key { return x.updateTTL(k, x.now().Add(2*idle)) },
				"UpdateTTL to the same moment": func(k store.Key) store.Key { return x.updateTTL(k, x.load(k).Expires) },
			} {
				key := x.save(x.record(text("cart", "2 apples")))
				from := x.load(key)
				key = write(key)
				before := x.load(key)
				_, err := x.store.Rotate(x.Context(), key, from, x.renewal(from))
				x.wantConflict("Rotate after "+what, err, key)
				x.wantUnchanged(key, before)
			}
		}},
		{"that conflicts succeeds with the current record that the conflict told", func(x *trial) {
			key := x.save(x.record(text("cart", "2 apples")))
			from := x.load(key)
			key = x.update(key, x.set(text("theme", "dark")))
			_, err := x.store.Rotate(x.Context(), key, from, x.renewal(from))
			x.wantConflict("Rotate", err, key)
			from.Values = current(err).Values
			from.Revision = current(err).Revision
			to := x.renewal(from)
			x.wantRecord(x.rotate(key, from, to), to)
		}},
		{"with another session's revision conflicts", func(x *trial) {
			key, other := x.save(x.record(nil)), x.load(x.save(x.record(nil)))
			_, err := x.store.Rotate(x.Context(), key, other, x.renewal(other))
			x.wantConflict("Rotate", err, key)
		}},
		{"never creates a session under an unknown key", func(x *trial) {
			r := x.load(x.save(x.record(nil)))
			key := store.NewKey()
			_, err := x.store.Rotate(x.Context(), key, r, x.renewal(r))
			x.wantNotFound("Rotate", err)
			_, err = x.store.Load(x.Context(), key)
			x.wantNotFound("Load afterwards", err)
		}},
		{"never brings back an expired session", func(x *trial) {
			key := x.save(x.record(nil))
			from := x.load(key)
			x.advance(idle)
			_, err := x.store.Rotate(x.Context(), key, from, x.renewal(from))
			x.wantNotFound("Rotate", err)
		}},
	}
}

// keptRotateClauses: Rotate ends one key and begins another, both or neither.
func keptRotateClauses() []clause {
	return []clause{
		{"ends the old key at this moment", func(x *trial) {
			key := x.save(x.record(nil))
			x.advance(idle / 2)
			x.renew(key)
			at := x.now()
			x.advance(time.Second)
			_, err := x.store.Load(x.Context(), key)
			x.wantEnded("Load of the old key", err, at)
		}},
		{"never brings back an ended session", func(x *trial) {
			key := x.save(x.record(nil))
			from := x.load(key)
			x.delete(key)
			_, err := x.store.Rotate(x.Context(), key, from, x.renewal(from))
			x.wantEnded("Rotate", err, x.now())
		}},
		{"leaves nothing on the old key that an operation could revive, nor a way to the new one", func(x *trial) {
			key := x.save(x.record(text("cart", "2 apples")))
			from := x.load(key)
			successor := x.rotate(key, from, x.renewal(from))
			at, r := x.now(), x.load(successor)
			x.advance(time.Minute)
			for _, op := range x.uses(key, from) {
				x.wantEnded(op.name+" of the old key", op.run(x.Context()), at)
			}
			for _, op := range x.uses(key, r) {
				x.wantEnded(op.name+" of the old key with the new record", op.run(x.Context()), at)
			}
			x.wantUnchanged(successor, r)
		}},
		{"again and again goes on with one session", func(x *trial) {
			r := x.record(text("cart", "2 apples"))
			keys := []store.Key{x.save(r)}
			for range 4 {
				keys = append(keys, x.renew(keys[len(keys)-1]))
			}
			x.wantRecord(keys[4], r)
			for _, old := range keys[:4] {
				_, err := x.store.Load(x.Context(), old)
				x.wantEnded("Load of an older key", err, x.now())
			}
		}},
	}
}
