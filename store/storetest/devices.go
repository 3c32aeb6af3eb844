package storetest

import (
	"fmt"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/lambdasession/lambdasession-go/store"
)

// deviceClauses: what Devices lists.
func deviceClauses() []clause {
	return []clause{
		{"lists a sign-in as soon as Save has returned", func(x *trial) {
			r := x.signIn(newSubject())
			x.save(r)
			x.wantDevices(r.Subject, r)
		}},
		{"lists a sign-in as soon as Rotate has returned", func(x *trial) {
			key := x.save(x.record(nil))
			from := x.load(key)
			x.advance(time.Minute)
			r := x.signIn(newSubject())
			x.rotate(key, from, r)
			x.wantDevices(r.Subject, r)
		}},
		{"lists the oldest first", func(x *trial) {
			subject := newSubject()
			var want []store.Record
			for range 5 {
				x.advance(time.Millisecond)
				r := x.signIn(subject)
				x.save(r)
				want = append(want, r)
			}
			x.advance(time.Second)
			late := x.signIn(subject) // stored last, begun first
			late.Created = want[0].Created.Add(-time.Minute)
			x.save(late)
			x.wantDevices(subject, append([]store.Record{late}, want...)...)
		}},
		{"lists nothing for a subject without sessions", func(x *trial) { x.wantDevices(newSubject()) }},
		{"lists nobody else's sessions, however alike the subjects are", func(x *trial) {
			subject := newSubject()
			var records []store.Record
			for _, s := range []string{
				subject, subject + "1", subject + "#", subject + " ", "s#" + subject, "u#" + subject, subject + "é",
				subject + "e\u0301", longest("ü", store.MaxSubject-len(subject)) + subject,
			} {
				r := x.signIn(s)
				x.save(r)
				records = append(records, r)
			}
			for _, r := range records {
				x.wantDevices(r.Subject, r)
			}
		}},
		{"lists the label that a sign-in was given, whatever it is", func(x *trial) {
			for _, label := range []string{"", "Firefox on Linux", "Ä🍏\n\x00", longest("ü", store.MaxLabel)} {
				r := x.signIn(newSubject())
				r.Label = label
				x.save(r)
				x.wantDevices(r.Subject, r)
			}
		}},
		{"lists a renewed session once, as the same device with the same label", func(x *trial) {
			r := x.signIn(newSubject())
			key := x.save(r)
			for _, label := range []string{"", "another", "yet another"} {
				x.advance(time.Minute)
				from := x.load(key)
				to := x.renewal(from)
				to.Label = label
				key = x.rotate(key, from, to)
				r.Expires = to.Expires
				x.wantDevices(r.Subject, r)
			}
		}},
		{"lists a new sign-in of the same subject in place of the old, with its own label", func(x *trial) {
			r := x.signIn(newSubject())
			key := x.save(r)
			x.advance(time.Minute)
			again := x.signIn(r.Subject)
			again.Label = "another browser"
			x.rotate(key, x.load(key), again)
			x.wantDevices(r.Subject, again)
		}},
		{"lists a session that passed to another subject there and no longer here", func(x *trial) {
			r := x.signIn(newSubject())
			key := x.save(r)
			x.advance(time.Minute)
			next := x.signIn(newSubject())
			next.Label = "another browser"
			key = x.rotate(key, x.load(key), next)
			x.wantDevices(r.Subject)
			x.wantDevices(next.Subject, next)

			x.advance(time.Minute)
			last := x.signIn(newSubject())
			last.Device, last.Label = next.Device, "a third browser"
			x.rotate(key, x.load(key), last)
			x.wantDevices(next.Subject)
			x.wantDevices(last.Subject, last)
		}},
		{"lists a session that became anonymous no longer", func(x *trial) {
			r := x.signIn(newSubject())
			key := x.save(r)
			x.rotate(key, x.load(key), x.record(nil))
			x.wantDevices(r.Subject)
		}},
		{"lists the expiry that the session has now", func(x *trial) {
			r := x.signIn(newSubject())
			key := x.save(r)
			x.advance(time.Minute)
			key = x.updateTTL(key, x.now().Add(idle))
			r.Expires = x.now().Add(idle)
			x.wantDevices(r.Subject, r)
			x.advance(time.Minute)
			x.update(key, x.set(text("theme", "dark")))
			r.Expires = x.now().Add(idle)
			x.wantDevices(r.Subject, r)
		}},
		{"lists no session that has ended or expired", func(x *trial) {
			subject := newSubject()
			key := x.save(x.signIn(subject))
			old := x.save(x.signIn(subject))
			x.renew(old)
			x.save(x.signIn(subject))
			x.delete(key)
			x.delete(old)
			if n := len(x.devices(subject)); n != 1 {
				x.Errorf("%d devices after two of three logged out, want 1", n)
			}
			x.advanceTo(x.devices(subject)[0].Expires)
			x.wantDevices(subject)
		}},
		{"lists no session whose sign-in or renewal failed", func(x *trial) {
			r := x.signIn(newSubject())
			key := x.save(r)
			stale := x.load(key)
			key = x.updateTTL(key, x.now().Add(idle))
			next := x.signIn(newSubject())
			_, err := x.store.Rotate(x.Context(), key, stale, next)
			x.wantConflict("Rotate", err, key)
			x.wantDevices(r.Subject, r)
			x.wantDevices(next.Subject)
		}},
		{"lists hundreds of devices, and RevokeAll ends them", func(x *trial) {
			subject := newSubject()
			var want []store.Record
			var last store.Key
			for i := range 220 { // a BatchGetItem of DynamoDB takes 100
				x.advance(time.Millisecond)
				r := x.signIn(subject)
				r.Label = fmt.Sprintf("device %d", i)
				last = x.save(r)
				want = append(want, r)
			}
			x.wantDevices(subject, want...)
			x.revokeAll(subject, want[0].Device)
			x.wantDevices(subject, want[0])
			_, err := x.store.Load(x.Context(), last)
			x.wantEnded("Load of the last session", err, x.now())
		}},
	}
}

// wantDevices fails the trial unless the subject's devices are the sessions
// of these sign-ins, in this order.
func (x *trial) wantDevices(subject string, want ...store.Record) {
	x.Helper()
	var devices []store.Device
	for _, r := range want {
		label := r.Label
		r = asLoaded(r)
		devices = append(devices, store.Device{
			ID: r.Device, Label: label, Created: r.Created, Expires: r.Expires, Ends: r.Ends,
		})
	}
	if diff := cmp.Diff(devices, x.devices(subject), cmpopts.EquateEmpty()); diff != "" {
		x.Errorf("Devices (-want +got):\n%s", diff)
	}
}
