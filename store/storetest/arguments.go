package storetest

import (
	"context"
	"strings"
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

// argumentClauses: arguments that cannot succeed, and contexts that have ended.
func argumentClauses() []clause {
	return []clause{
		{"a zero Key names no session", func(x *trial) {
			r := x.load(x.save(x.record(nil)))
			for _, op := range x.all(store.Key{}, r) {
				x.wantNotFound(op.name, op.run(x.Context()))
			}
		}},
		{"Save of a record that Validate refuses is an InvalidError", func(x *trial) {
			for what, r := range x.invalidRecords() {
				_, err := x.store.Save(x.Context(), r)
				x.wantInvalid("Save of "+what, err)
			}
		}},
		{"Rotate to a record that Validate refuses is an InvalidError and changes nothing", func(x *trial) {
			key := x.save(x.signIn(newSubject()))
			from := x.load(key)
			for what, to := range x.invalidRecords() {
				_, err := x.store.Rotate(x.Context(), key, from, to)
				x.wantInvalid("Rotate to "+what, err)
				_, err = x.store.Rotate(x.Context(), store.NewKey(), from, to)
				x.wantInvalid("Rotate of an unknown key to "+what, err)
			}
			x.wantUnchanged(key, from)
		}},
		{"Update with changes that Validate refuses is an InvalidError and changes nothing", func(x *trial) {
			key := x.save(x.record(text("cart", "2 apples")))
			before := x.load(key)
			for what, c := range x.invalidChanges() {
				_, err := x.store.Update(x.Context(), key, c)
				x.wantInvalid("Update with "+what, err)
				_, err = x.store.Update(x.Context(), store.NewKey(), c)
				x.wantInvalid("Update of an unknown key with "+what, err)
			}
			x.wantUnchanged(key, before)
		}},
		{"UpdateTTL to no time is an InvalidError and changes nothing", func(x *trial) {
			key := x.save(x.record(nil))
			before := x.load(key)
			_, err := x.store.UpdateTTL(x.Context(), key, time.Time{})
			x.wantInvalid("UpdateTTL", err)
			x.wantUnchanged(key, before)
		}},
		{"an operation whose context has ended says nothing of the session", func(x *trial) {
			canceled, cancel := context.WithCancel(x.Context())
			cancel()
			late, cancel := context.WithDeadline(x.Context(), time.Unix(0, 0))
			defer cancel()
			key := x.save(x.record(nil))
			r := x.load(key)
			for what, ctx := range map[string]context.Context{"a canceled": canceled, "a late": late} {
				for whose, key := range map[string]store.Key{"a live": key, "an unknown": store.NewKey()} {
					for _, op := range x.all(key, r) {
						if err := op.run(ctx); err == nil || isOutcome(err) {
							x.Errorf("%s of %s key under %s context: got %v, want an error that means no answer",
								op.name, whose, what, err)
						}
					}
				}
				if _, err := x.store.Save(ctx, r); err == nil || isOutcome(err) {
					x.Errorf("Save under %s context: got %v, want an error that means no answer", what, err)
				}
			}
		}},
	}
}

// invalidRecords has a record for each thing that Record.Validate reports.
func (x *trial) invalidRecords() map[string]store.Record {
	long := func(n int) string { return strings.Repeat("x", n+1) }
	records := map[string]store.Record{}
	add := func(what string, spoil func(*store.Record)) {
		r := x.signIn(newSubject())
		spoil(&r)
		records[what] = r
	}
	add("an empty field name", func(r *store.Record) { r.Values = text("", "1") })
	add("a field name of 65 bytes", func(r *store.Record) { r.Values = text(long(store.MaxFieldName), "1") })
	add("a field name that is not UTF-8", func(r *store.Record) { r.Values = text("\xff", "1") })
	add("a subject that is too long", func(r *store.Record) { r.Subject = long(store.MaxSubject) })
	add("a subject that is not UTF-8", func(r *store.Record) { r.Subject = "\xff" })
	add("a label that is too long", func(r *store.Record) { r.Label = long(store.MaxLabel) })
	add("a label that is not UTF-8", func(r *store.Record) { r.Label = "\xff" })
	add("a device id that is not UTF-8", func(r *store.Record) { r.Device = "\xff" })
	add("a device id of 65 bytes", func(r *store.Record) { r.Device = long(64) })
	add("a subject without a device", func(r *store.Record) { r.Device = "" })
	add("a device without a subject", func(r *store.Record) { r.Subject = "" })
	add("no Created", func(r *store.Record) { r.Created = time.Time{} })
	add("no Ends", func(r *store.Record) { r.Ends = time.Time{} })
	add("no Expires", func(r *store.Record) { r.Expires = time.Time{} })
	add("Expires after Ends", func(r *store.Record) { r.Expires = r.Ends.Add(time.Second) })
	return records
}

// invalidChanges has changes for each thing that Changes.Validate reports.
func (x *trial) invalidChanges() map[string]store.Changes {
	changes := map[string]store.Changes{}
	add := func(what string, spoil func(*store.Changes)) {
		c := x.set(text("theme", "dark"))
		spoil(&c)
		changes[what] = c
	}
	for what, name := range map[string]string{
		"an empty field name":            "",
		"a field name of 65 bytes":       strings.Repeat("x", store.MaxFieldName+1),
		"a field name that is not UTF-8": "\xff",
	} {
		add(what+" to set", func(c *store.Changes) { c.Set = text(name, "1") })
		add(what+" to delete", func(c *store.Changes) { c.Delete = []string{name} })
		add(what+" to expect", func(c *store.Changes) { c.Expect = text(name, "1") })
		add(what+" to expect absent", func(c *store.Changes) { c.Expect = fields{name: nil} })
	}
	add("a field both set and deleted", func(c *store.Changes) { c.Delete = []string{"theme"} })
	add("no Expires", func(c *store.Changes) { c.Expires = time.Time{} })
	return changes
}
