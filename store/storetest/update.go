package storetest

import (
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

// updateClauses: what Update changes, and that it never creates.
func updateClauses() []clause {
	return []clause{
		{"writes the fields it sets and leaves the others", func(x *trial) {
			r := x.record(text("cart", "2 apples", "theme", "dark"))
			key := x.update(x.save(r), x.set(text("cart", "3 pears", "flash", "saved")))
			r.Values = text("cart", "3 pears", "theme", "dark", "flash", "saved")
			x.wantRecord(key, r)
		}},
		{"drops the fields it deletes", func(x *trial) {
			r := x.record(text("cart", "2 apples", "theme", "dark", "flash", "saved"))
			c := x.set(text("theme", "light"))
			c.Delete = []string{"cart", "flash"}
			key := x.update(x.save(r), c)
			r.Values = text("theme", "light")
			x.wantRecord(key, r)
		}},
		{"may delete a field that is not there, or name it twice", func(x *trial) {
			r := x.record(text("cart", "2 apples", "theme", "dark"))
			c := x.touch()
			c.Delete = []string{"nothing", "cart", "cart", "nothing"}
			key := x.update(x.save(r), c)
			r.Values = text("theme", "dark")
			x.wantRecord(key, r)
		}},
		{"with Replace drops every field that it does not set", func(x *trial) {
			r := x.record(text("cart", "2 apples", "theme", "dark"))
			c := x.set(text("theme", "light", "new", "1"))
			c.Replace = true
			key := x.update(x.save(r), c)
			r.Values = text("theme", "light", "new", "1")
			x.wantRecord(key, r)
		}},
		{"with Replace may delete as well", func(x *trial) {
			r := x.record(text("cart", "2 apples", "theme", "dark"))
			c := x.set(text("new", "1"))
			c.Replace, c.Delete = true, []string{"cart", "nothing"}
			key := x.update(x.save(r), c)
			r.Values = text("new", "1")
			x.wantRecord(key, r)
		}},
		{"with Replace alone empties the session", func(x *trial) {
			r := x.record(text("cart", "2 apples"))
			c := x.touch()
			c.Replace = true
			key := x.update(x.save(r), c)
			r.Values = nil
			x.wantRecord(key, r)
		}},
		{"without a change of fields moves the expiry alone", func(x *trial) {
			r := x.record(text("cart", "2 apples"))
			key := x.save(r)
			x.advance(idle / 2)
			key = x.update(key, x.touch())
			r.Expires = x.now().Add(idle)
			x.wantRecord(key, r)
		}},
		{"leaves subject, device, Created and Ends as they are", func(x *trial) {
			r := x.signIn(newSubject())
			key := x.save(r)
			x.advance(idle / 2)
			c := x.set(text("theme", "dark"))
			c.Replace = true
			key = x.update(key, c)
			r.Values, r.Expires = text("theme", "dark"), x.now().Add(idle)
			x.wantRecord(key, r)
		}},
		{"moves the expiry forwards and backwards, in whole seconds", func(x *trial) {
			x.checkExpiry(func(key store.Key, expires time.Time) store.Key {
				return x.update(key, store.Changes{Set: text("theme", "dark"), Expires: expires})
			})
		}},
		{"past Ends stops at Ends and still changes the fields", func(x *trial) {
			r := x.record(text("cart", "2 apples"))
			key := x.save(r)
			key = x.update(key, store.Changes{Set: text("theme", "dark"), Delete: []string{"cart"}, Expires: r.Ends.Add(idle)})
			r.Values, r.Expires = text("theme", "dark"), r.Ends
			x.wantRecord(key, r)
		}},
		{"past Ends still conflicts, and then changes nothing", func(x *trial) {
			r := x.record(text("cart", "2 apples"))
			key := x.save(r)
			before := x.load(key)
			_, err := x.store.Update(x.Context(), key, store.Changes{
				Set: text("cart", "3 pears"), Expect: text("cart", "1 apple"), Expires: r.Ends.Add(idle),
			})
			x.wantConflict("Update", err, key)
			x.wantUnchanged(key, before)
		}},
		{"never moves Ends, however often", func(x *trial) {
			x.checkEnds(func(key store.Key, expires time.Time) store.Key {
				return x.update(key, store.Changes{Set: text("n", expires.String()), Expires: expires})
			})
		}},
		{"gives another revision, even if it changes nothing", func(x *trial) {
			x.checkRevisions(func(key store.Key) store.Key { return x.update(key, x.set(text("cart", "2 apples"))) })
		}},
		{"never creates a session", func(x *trial) {
			key := store.NewKey()
			_, err := x.store.Update(x.Context(), key, x.set(text("cart", "2 apples")))
			x.wantNotFound("Update of an unknown key", err)
			_, err = x.store.Load(x.Context(), key)
			x.wantNotFound("Load afterwards", err)
		}},
		{"never brings back an expired session", func(x *trial) {
			key := x.save(x.record(text("cart", "2 apples")))
			x.advance(idle)
			_, err := x.store.Update(x.Context(), key, x.set(text("cart", "2 apples")))
			x.wantNotFound("Update", err)
			_, err = x.store.Load(x.Context(), key)
			x.wantNotFound("Load afterwards", err)
		}},
	}
}

// keptUpdateClauses: Update on what the store keeps.
func keptUpdateClauses() []clause {
	return []clause{
		{"of different fields by writers who read the same state merges", func(x *trial) {
			r := x.record(text("cart", "2 apples"))
			key := x.save(r)
			key = x.update(key, x.set(text("theme", "dark")))
			key = x.update(key, x.set(text("language", "de")))
			r.Values = text("cart", "2 apples", "theme", "dark", "language", "de")
			x.wantRecord(key, r)
		}},
		{"returns the key that it was given", func(x *trial) {
			key := x.save(x.record(nil))
			if !x.update(key, x.set(text("theme", "dark"))).Equal(key) {
				x.Error("Update returned another key")
			}
		}},
		{"never brings back an ended session", func(x *trial) {
			key := x.save(x.record(text("cart", "2 apples")))
			x.delete(key)
			_, err := x.store.Update(x.Context(), key, x.set(text("cart", "2 apples")))
			x.wantEnded("Update", err, x.now())
			_, err = x.store.Load(x.Context(), key)
			x.wantEnded("Load afterwards", err, x.now())
		}},
	}
}
