package storetest

import (
	"maps"
	"slices"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/store"
)

// sharingClauses: a store and its callers share no memory.
func sharingClauses() []clause {
	return []clause{
		{"Save keeps nothing of the record it was given, and leaves it as it was", func(x *trial) {
			r := x.record(text("cart", "2 apples"))
			r.Revision = "given"
			given := r.Clone()
			key := x.save(given)
			x.wantSame(r, given)
			spoil(given.Values)
			x.wantRecord(key, r)
		}},
		{"Load gives a copy", func(x *trial) {
			r := x.record(text("cart", "2 apples"))
			key := x.save(r)
			spoil(x.load(key).Values)
			x.wantRecord(key, r)
		}},
		{"what Load gives can be appended to, each value for itself", func(x *trial) {
			values := text("a", "1", "b", "2", "c", "3")
			loaded := x.load(x.save(x.record(values)))
			for name := range values {
				_ = append(loaded.Values[name], "spoilt"...)
			}
			if diff := cmp.Diff(values, loaded.Values); diff != "" {
				x.Errorf("appending to one value changed another (-before +after):\n%s", diff)
			}
		}},
		{"Update keeps nothing of the changes it was given, and leaves them as they were", func(x *trial) {
			r := x.record(text("cart", "2 apples", "flash", "saved"))
			key := x.save(r)
			given, want := x.set(nil), x.set(nil)
			for _, c := range []*store.Changes{&given, &want} {
				c.Set = text("theme", "dark")
				c.Delete = []string{"flash", "nothing", "flash"}
				c.Expect = fields{"cart": []byte("2 apples"), "theme": nil}
			}
			key = x.update(key, given)
			x.wantSame(want, given)
			spoil(given.Set)
			spoil(given.Expect)
			r.Values = text("cart", "2 apples", "theme", "dark")
			x.wantRecord(key, r)
		}},
		{"Rotate keeps nothing of the records it was given, and leaves them as they were", func(x *trial) {
			key := x.save(x.record(text("cart", "2 apples")))
			from := x.load(key)
			to := x.renewal(from)
			givenFrom, givenTo := from.Clone(), to.Clone()
			successor := x.rotate(key, givenFrom, givenTo)
			x.wantSame(from, givenFrom)
			x.wantSame(to, givenTo)
			spoil(givenFrom.Values)
			spoil(givenTo.Values)
			x.wantRecord(successor, to)
		}},
		{"a ConflictError carries a copy", func(x *trial) {
			r := x.record(text("cart", "2 apples"))
			key := x.save(r)
			c := x.set(text("cart", "3 pears"))
			c.Expect = fields{"cart": nil}
			_, err := x.store.Update(x.Context(), key, c)
			x.wantConflict("Update", err, key)
			spoil(current(err).Values)
			x.wantRecord(key, r)

			from := x.load(key)
			from.Revision = "another"
			_, err = x.store.Rotate(x.Context(), key, from, x.renewal(from))
			x.wantConflict("Rotate", err, key)
			spoil(current(err).Values)
			x.wantRecord(key, r)
		}},
	}
}

// wantSame fails the trial unless an argument is what it was before the call.
func (x *trial) wantSame(before, after any) {
	x.Helper()
	if diff := cmp.Diff(before, after); diff != "" {
		x.Errorf("the store changed its argument (-before +after):\n%s", diff)
	}
}

// spoil changes everything about the map that can be changed.
func spoil(values fields) {
	for _, name := range slices.Collect(maps.Keys(values)) {
		for i := range values[name] {
			values[name][i] ^= 0xff
		}
		values["spoilt "+name] = []byte("spoilt")
		delete(values, name)
	}
}
