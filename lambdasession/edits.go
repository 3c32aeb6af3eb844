package lambdasession

import (
	"bytes"
	"maps"
	"slices"

	"github.com/lambdasession/lambdasession-go/store"
)

// edits is what a request has done to its session, in call order. It is
// applied to the record that the store holds at commit, and again to a newer
// one if another request was faster.
type edits struct {
	ops   []op
	renew bool // the key must change
}

type op struct {
	kind  opKind
	field string

	// value is what the field holds after a set or an update, and what a pop
	// returned.
	value []byte

	// For an update: what it was applied to, nil for an absent field, and how
	// to apply it again.
	old   []byte
	apply func(old []byte) ([]byte, error)

	// For a sign-in. The device is the one it has if it is a new one.
	subject, label, device string
}

type opKind uint8

const (
	opSet opKind = iota
	opDelete
	opPop
	opUpdate
	opClear
	opSignIn
)

// add records o and drops what it makes pointless.
func (e *edits) add(o op) {
	switch o.kind {
	case opSet, opDelete:
		e.ops = slices.DeleteFunc(e.ops, func(earlier op) bool {
			return earlier.kind != opSignIn && earlier.kind != opClear && earlier.field == o.field
		})
	case opClear:
		e.ops = slices.DeleteFunc(e.ops, func(earlier op) bool { return earlier.kind != opSignIn })
	case opSignIn:
		e.renew = true
	}
	e.ops = append(e.ops, o)
}

// lookup returns what the edits alone say of a field. Known is false if it
// depends on the stored record.
func (e *edits) lookup(field string) (value []byte, known bool) {
	for _, o := range slices.Backward(e.ops) {
		switch {
		case o.kind == opSignIn:
			return nil, false // whose session it was decides what is left of it
		case o.kind == opClear, o.field == field && (o.kind == opDelete || o.kind == opPop):
			return nil, true
		case o.field == field:
			return o.value, true
		}
	}
	return nil, false
}

// signIn returns the last sign-in.
func (e *edits) signIn() (op, bool) {
	for _, o := range slices.Backward(e.ops) {
		if o.kind == opSignIn {
			return o, true
		}
	}
	return op{}, false
}

// a draft is a session as the edits would have it.
type draft struct {
	values  map[string][]byte
	subject string
	device  string
	label   string

	// replaced: no value of the record is left that was not written here.
	replaced bool

	// expect is what the record must still hold for the draft to be right.
	expect map[string][]byte
}

// fold applies the edits to a record; the zero Record is a new session. An
// update's function runs only if its argument is not what it was before; its
// error is returned.
func (e *edits) fold(base store.Record) (draft, error) {
	d := draft{
		values: make(map[string][]byte, len(base.Values)+len(e.ops)),
		expect: map[string][]byte{}, subject: base.Subject, device: base.Device,
	}
	maps.Copy(d.values, base.Values)
	own := map[string]bool{} // fields that no longer hold what the record does
	for i := range e.ops {
		o := &e.ops[i]
		current, present := d.values[o.field]
		dependsOnRecord := !d.replaced && !own[o.field]
		switch o.kind {
		case opSet:
			d.values[o.field] = o.value
		case opDelete:
			delete(d.values, o.field)
		case opPop:
			if !present || !bytes.Equal(current, o.value) {
				continue // a newer value stays
			}
			delete(d.values, o.field)
			if dependsOnRecord {
				d.expect[o.field] = o.value
			}
		case opUpdate:
			if present != (o.old != nil) || !bytes.Equal(current, o.old) {
				value, err := runUpdate(o.apply, current)
				if err != nil {
					return draft{}, err
				}
				o.old, o.value = current, value
			}
			d.values[o.field] = o.value
			if dependsOnRecord {
				d.expect[o.field] = current
			}
		case opClear:
			clear(d.values)
			d.replaced = true
		case opSignIn:
			if d.subject != "" && d.subject != o.subject {
				clear(d.values)
				clear(d.expect)
				d.replaced = true
			}
			if d.subject != o.subject || d.device == "" {
				d.subject, d.device = o.subject, o.device
			}
			d.label = o.label
		}
		own[o.field] = true
	}
	return d, nil
}

// changes returns what turns base into the draft, without expiry, and whether
// that is anything at all.
func (d draft) changes(base store.Record) (store.Changes, bool) {
	c := store.Changes{Set: map[string][]byte{}}
	for name, value := range d.values {
		if stored, ok := base.Values[name]; d.replaced || !ok || !bytes.Equal(stored, value) {
			c.Set[name] = value
		}
	}
	for name := range base.Values {
		if _, ok := d.values[name]; !ok && !d.replaced {
			c.Delete = append(c.Delete, name)
		}
	}
	if d.replaced && maps.EqualFunc(d.values, base.Values, bytes.Equal) {
		return store.Changes{}, false
	}
	c.Replace = d.replaced
	for name, want := range d.expect {
		_, set := c.Set[name]
		if set || slices.Contains(c.Delete, name) {
			if c.Expect == nil {
				c.Expect = map[string][]byte{}
			}
			c.Expect[name] = want
		}
	}
	return c, c.Replace || len(c.Set)+len(c.Delete) > 0
}

// blind returns the changes of edits made without a look at the record, and
// whether they write any value. Updates and pops among them came after a write
// to the same field that left no question open.
func (e *edits) blind() (c store.Changes, writes bool) {
	c.Set = map[string][]byte{}
	for _, o := range e.ops {
		c.Delete = slices.DeleteFunc(c.Delete, func(name string) bool { return name == o.field })
		switch o.kind {
		case opClear:
			c.Replace = true
		case opDelete, opPop:
			delete(c.Set, o.field)
			c.Delete = append(c.Delete, o.field)
		default:
			c.Set[o.field] = o.value
		}
	}
	return c, len(c.Set) > 0
}
