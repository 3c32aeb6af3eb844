package storetest

import (
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

// revokeClauses: Revoke ends the one session it names.
func revokeClauses() []clause {
	return []clause{
		{"ends the device's session and leaves the others", func(x *trial) {
			one := x.signIn(newSubject())
			key := x.save(one)
			x.advance(time.Minute)
			two := x.signIn(one.Subject)
			other := x.save(two)
			x.revoke(one.Subject, one.Device)
			at := x.now()
			x.advance(time.Second)
			_, err := x.store.Load(x.Context(), key)
			x.wantEnded("Load of the revoked session", err, at)
			x.wantRecord(other, two)
			x.wantDevices(one.Subject, two)
		}},
		{"ends a session wherever its renewals have brought it", func(x *trial) {
			r := x.signIn(newSubject())
			key := x.renew(x.renew(x.save(r)))
			x.revoke(r.Subject, r.Device)
			_, err := x.store.Load(x.Context(), key)
			x.wantEnded("Load", err, x.now())
			x.wantDevices(r.Subject)
		}},
		{"leaves a mark as Delete does", func(x *trial) {
			x.checkMark(func(key store.Key) {
				r := x.load(key)
				x.revoke(r.Subject, r.Device)
			})
		}},
		{"leaves nothing that a renewal or another write could revive", func(x *trial) {
			r := x.signIn(newSubject())
			key := x.save(r)
			from := x.load(key)
			x.revoke(r.Subject, r.Device)
			for _, op := range append(x.all(key, from), x.all(key, from)...) {
				x.wantEnded(op.name, op.run(x.Context()), x.now())
			}
			x.wantDevices(r.Subject)
		}},
		{"leaves nothing that a Delete by an older key would have to end", func(x *trial) {
			r := x.signIn(newSubject())
			old := x.save(r)
			x.renew(old)
			rotated := x.now()
			x.advance(time.Second)
			x.revoke(r.Subject, r.Device)
			x.wantEnded("Delete", x.store.Delete(x.Context(), old), rotated)
		}},
		{"of a device that is not there is ErrNotFound", func(x *trial) {
			subject := newSubject()
			x.wantNotFound("Revoke of an unknown subject", x.subjects.Revoke(x.Context(), subject, store.NewDeviceID()))
			r := x.signIn(subject)
			key := x.save(r)
			x.wantNotFound("Revoke of an unknown device", x.subjects.Revoke(x.Context(), subject, store.NewDeviceID()))
			x.wantRecord(key, r)
		}},
		{"of a device that has ended or expired is ErrNotFound", func(x *trial) {
			for what, end := range map[string]func(store.Key, store.Record){
				"a revoked":  func(_ store.Key, r store.Record) { x.revoke(r.Subject, r.Device) },
				"a deleted":  func(k store.Key, _ store.Record) { x.delete(k) },
				"an expired": func(store.Key, store.Record) { x.advance(idle) },
			} {
				r := x.signIn(newSubject())
				end(x.save(r), r)
				x.wantNotFound("Revoke of "+what+" device", x.subjects.Revoke(x.Context(), r.Subject, r.Device))
			}
		}},
		{"of somebody else's device is ErrNotFound and ends nothing", func(x *trial) {
			r := x.signIn(newSubject())
			key := x.save(r)
			stranger := x.signIn(newSubject())
			x.save(stranger)
			x.wantNotFound("Revoke", x.subjects.Revoke(x.Context(), stranger.Subject, r.Device))
			x.wantRecord(key, r)
		}},
	}
}
