package storetest

import (
	"bytes"
	"fmt"

	"github.com/lambdasession/lambdasession-go/store"
)

// expectClauses: Update on condition that fields hold what is expected.
func expectClauses() []clause {
	return []clause{
		{"of any value, with any change, holds exactly if the bytes are the same", checkExpectMatrix},
		{"of several fields holds if all of them do", func(x *trial) {
			r := x.record(text("a", "1", "b", "2"))
			key := x.save(r)
			before := x.load(key)
			for _, wrong := range []fields{
				{"a": []byte("1"), "b": []byte("1")},
				{"a": []byte("2"), "b": []byte("2")},
				{"a": []byte("1"), "b": []byte("2"), "c": []byte("3")},
				{"a": []byte("1"), "b": nil},
			} {
				c := x.set(text("a", "changed"))
				c.Expect = wrong
				_, err := x.store.Update(x.Context(), key, c)
				x.wantConflict(fmt.Sprintf("Update that expects %q", wrong), err, key)
				x.wantUnchanged(key, before)
			}
			c := x.set(text("a", "changed"))
			c.Expect = fields{"a": []byte("1"), "b": []byte("2"), "c": nil}
			key = x.update(key, c)
			r.Values = text("a", "changed", "b", "2")
			x.wantRecord(key, r)
		}},
		{"does not mind what other writers did to other fields", func(x *trial) {
			r := x.record(text("counter", "1", "theme", "dark"))
			key := x.save(r)
			key = x.update(key, x.set(text("theme", "light", "new", "1")))
			key = x.updateTTL(key, x.now().Add(idle))
			c := x.set(text("counter", "2"))
			c.Expect = text("counter", "1")
			key = x.update(key, c)
			r.Values = text("counter", "2", "theme", "light", "new", "1")
			x.wantRecord(key, r)
		}},
		{"that fails leaves fields, expiry and revision as they were", func(x *trial) {
			key := x.save(x.record(text("cart", "2 apples", "theme", "dark")))
			before := x.load(key)
			x.advance(idle / 2)
			_, err := x.store.Update(x.Context(), key, store.Changes{
				Set:     text("new", "1", "theme", "light"),
				Delete:  []string{"cart"},
				Replace: true,
				Expires: x.now().Add(idle),
				Expect:  text("cart", "3 pears"),
			})
			x.wantConflict("Update", err, key)
			x.wantUnchanged(key, before)
		}},
		{"that fails tells the current record, with which the next try succeeds", func(x *trial) {
			r := x.signIn(newSubject())
			key := x.save(r)
			c := x.set(text("cart", "3 pears"))
			c.Expect = text("cart", "9 plums")
			_, err := x.store.Update(x.Context(), key, c)
			x.wantConflict("Update", err, key)
			c.Expect = current(err).Values
			key = x.update(key, c)
			r.Values = text("cart", "3 pears")
			x.wantRecord(key, r)
		}},
		{"tells text from binary", func(x *trial) {
			key := x.save(x.record(fields{"v": {0xff}}))
			c := x.set(fields{"v": []byte("text")})
			c.Expect = fields{"v": []byte("\ufffd")} // what a careless conversion makes of 0xff
			_, err := x.store.Update(x.Context(), key, c)
			x.wantConflict("Update", err, key)
			c.Expect = fields{"v": {0xff}}
			x.update(key, c)
		}},
		{"on a session that is gone does not matter", func(x *trial) {
			key := x.save(x.record(text("a", "1")))
			x.advance(idle)
			for what, expect := range map[string]fields{"what was there": text("a", "1"), "absence": {"a": nil}} {
				c := x.set(text("a", "2"))
				c.Expect = expect
				_, err := x.store.Update(x.Context(), key, c)
				x.wantNotFound("Update of an expired session that expects "+what, err)
				_, err = x.store.Update(x.Context(), store.NewKey(), c)
				x.wantNotFound("Update of an unknown key that expects "+what, err)
			}
		}},
	}
}

// checkExpectMatrix tries every state of a field with every expectation and
// every kind of change.
func checkExpectMatrix(x *trial) {
	states := []struct {
		name  string
		value []byte // nil: absent
	}{
		{"absent", nil},
		{"empty", []byte{}},
		{"x", []byte("x")},
		{"x and NUL", []byte("x\x00")},
		{"binary", []byte{0xff, 0x00}},
	}
	changes := []struct {
		name string
		c    store.Changes
	}{
		{"sets it", store.Changes{Set: text("f", "new")}},
		{"deletes it", store.Changes{Delete: []string{"f"}}},
		{"sets another", store.Changes{Set: text("other", "new")}},
		{"replaces all", store.Changes{Replace: true}},
		{"replaces all and sets it", store.Changes{Replace: true, Set: text("f", "new")}},
	}
	for _, have := range states {
		for _, want := range states {
			for _, change := range changes {
				what := fmt.Sprintf("field %s, expected %s, Update %s", have.name, want.name, change.name)
				values := text("other", "old")
				if have.value != nil {
					values["f"] = have.value
				}
				r := x.record(values)
				key := x.save(r)
				c := change.c
				c.Expires, c.Expect = r.Expires, fields{"f": want.value}
				next, err := x.store.Update(x.Context(), key, c)
				switch holds := bytes.Equal(have.value, want.value) && (have.value == nil) == (want.value == nil); {
				case !holds:
					x.wantConflict(what, err, key)
					x.wantRecord(key, r)
				case err != nil:
					x.Errorf("%s: %v", what, err)
				default:
					r.Values = c.Apply(r.Values)
					x.wantRecord(next, r)
				}
			}
		}
	}
}
