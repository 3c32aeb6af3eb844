package storetest

import (
	"github.com/lambdasession/lambdasession-go/store"
)

// saveClauses: Save always makes another session.
func saveClauses() []clause {
	return []clause{
		{"makes another key every time, even for the same record", func(x *trial) {
			r := x.record(text("cart", "2 apples"))
			seen := map[string]bool{"": true}
			for range 20 {
				secret := x.save(r).Reveal()
				if seen[secret] {
					x.Fatal("Save returned a key that is empty or not new")
				}
				seen[secret] = true
			}
		}},
		{"ignores the revision it is given", func(x *trial) {
			r := x.record(text("cart", "2 apples"))
			r.Revision = x.load(x.save(r)).Revision
			key := x.save(r)
			x.wantRecord(key, r)
			if got := x.load(key).Revision; got == r.Revision || got == "" {
				x.Errorf("the new session has the revision %q, which was given", got)
			}
		}},
		{"never overwrites: two sessions of one record go their own ways", func(x *trial) {
			r := x.record(text("cart", "2 apples"))
			one, two := x.save(r), x.save(r)
			one = x.update(one, x.set(text("cart", "3 pears")))
			x.wantRecord(two, r)
			x.delete(one)
			x.wantRecord(two, r)
		}},
		{"lets an anonymous record begin whenever it was created", func(x *trial) {
			r := x.record(nil)
			r.Created = r.Created.Add(-absolute)
			x.wantRecord(x.save(r), r)
		}},
		{"stores a label of the longest size", func(x *trial) {
			r := x.signIn(newSubject())
			r.Label = longest("ü", store.MaxLabel)
			x.wantRecord(x.save(r), r)
		}},
	}
}

// keptSaveClauses: what Save leaves ended.
func keptSaveClauses() []clause {
	return []clause{
		{"of what was loaded from an ended session leaves that one ended", func(x *trial) {
			key := x.save(x.record(text("cart", "2 apples")))
			r := x.load(key)
			x.delete(key)
			again := x.save(r)
			x.wantRecord(again, r)
			_, err := x.store.Load(x.Context(), key)
			x.wantEnded("Load of the ended session", err, x.now())
		}},
	}
}
