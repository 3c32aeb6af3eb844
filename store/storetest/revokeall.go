package storetest

import (
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

// revokeAllClauses: RevokeAll ends what is there and what is under way.
func revokeAllClauses() []clause {
	return []clause{
		{"ends every session of the subject and nobody else's", func(x *trial) {
			subject := newSubject()
			var keys []store.Key
			for range 3 {
				keys = append(keys, x.save(x.signIn(subject)))
			}
			keys[0] = x.renew(keys[0])
			stranger := x.signIn(newSubject())
			other := x.save(stranger)
			x.advance(time.Minute)
			at := x.revokeAll(subject, "")
			for _, key := range keys {
				_, err := x.store.Load(x.Context(), key)
				x.wantEnded("Load", err, x.now())
			}
			if !at.Equal(x.now()) {
				x.Errorf("the moment of revocation is %v, want %v", at, x.now())
			}
			x.wantDevices(subject)
			x.wantRecord(other, stranger)
		}},
		{"leaves marks as Delete does", func(x *trial) {
			x.checkMark(func(key store.Key) { x.revokeAll(x.load(key).Subject, "") })
		}},
		{"keeps the device it is told to keep, which goes on and renews", func(x *trial) {
			r := x.signIn(newSubject())
			key := x.save(r)
			gone := x.save(x.signIn(r.Subject))
			x.advance(time.Minute)
			x.revokeAll(r.Subject, r.Device)
			_, err := x.store.Load(x.Context(), gone)
			x.wantEnded("Load of the other session", err, x.now())
			x.wantRecord(key, r)
			key = x.renew(key)
			r.Expires = x.now().Add(idle)
			x.wantRecord(key, r)
			x.wantDevices(r.Subject, r)
		}},
		{"keeps nothing if the device to keep is somebody else's", func(x *trial) {
			stranger := x.signIn(newSubject())
			other := x.save(stranger)
			r := x.signIn(newSubject())
			key := x.save(r)
			x.revokeAll(r.Subject, stranger.Device)
			_, err := x.store.Load(x.Context(), key)
			x.wantEnded("Load", err, x.now())
			x.wantRecord(other, stranger)
		}},
		{"refuses a Save of a sign-in that began at that moment or before", func(x *trial) {
			subject := newSubject()
			at := x.revokeAll(subject, "")
			x.advance(time.Minute)
			for _, before := range []time.Duration{0, time.Microsecond, 10 * time.Minute} {
				r := x.signIn(subject)
				r.Created = at.Add(-before)
				_, err := x.store.Save(x.Context(), r)
				x.wantEnded("Save of a sign-in that began "+before.String()+" before", err, at)
			}
			x.wantDevices(subject)
		}},
		{"refuses a Rotate to a sign-in that began at that moment or before, which changes nothing", func(x *trial) {
			subject := newSubject()
			key := x.save(x.record(text("cart", "2 apples")))
			from := x.load(key)
			at := x.revokeAll(subject, "")
			x.advance(time.Minute)
			for _, before := range []time.Duration{0, time.Microsecond, 10 * time.Minute} {
				r := x.signIn(subject)
				r.Created = at.Add(-before)
				_, err := x.store.Rotate(x.Context(), key, from, r)
				x.wantEnded("Rotate to a sign-in that began "+before.String()+" before", err, at)
			}
			x.wantUnchanged(key, from)
			x.wantDevices(subject)
		}},
		{"refuses a new sign-in of the kept session, too, if that began before", func(x *trial) {
			r := x.signIn(newSubject())
			key := x.save(r)
			from := x.load(key)
			at := x.revokeAll(r.Subject, r.Device)
			again := x.signIn(r.Subject)
			again.Created = at
			_, err := x.store.Rotate(x.Context(), key, from, again)
			x.wantEnded("Rotate", err, at)
			x.wantUnchanged(key, from)
			x.wantDevices(r.Subject, r)
		}},
		{"refuses to pass a session on to another subject, even with the device id, if that began before", func(x *trial) {
			r := x.signIn(newSubject())
			key := x.save(r)
			from := x.load(key)
			next := x.signIn(newSubject())
			next.Device = r.Device
			at := x.revokeAll(next.Subject, "")
			_, err := x.store.Rotate(x.Context(), key, from, next)
			x.wantEnded("Rotate", err, at)
			x.wantUnchanged(key, from)
			x.wantDevices(r.Subject, r)
			x.wantDevices(next.Subject)
		}},
		{"admits a sign-in that began a microsecond later", func(x *trial) {
			subject := newSubject()
			at := x.revokeAll(subject, "")
			key := x.save(x.record(nil))
			from := x.load(key)
			x.advanceTo(at.Add(time.Microsecond))
			one := x.signIn(subject)
			x.save(one)
			x.advanceTo(at.Add(2 * time.Microsecond))
			two := x.signIn(subject)
			x.rotate(key, from, two)
			x.wantDevices(subject, one, two)
		}},
		{"holds for as long as an invocation can be under way", func(x *trial) {
			r := x.signIn(newSubject())
			at := x.revokeAll(r.Subject, "")
			r.Expires, r.Ends = r.Ends, r.Ends.Add(absolute)
			x.advance(store.MarkLifetime)
			_, err := x.store.Save(x.Context(), r)
			x.wantEnded("Save", err, at)
		}},
		{"a second time holds from then on", func(x *trial) {
			subject := newSubject()
			x.revokeAll(subject, "")
			x.advance(time.Minute)
			r := x.signIn(subject)
			key := x.save(r)
			x.advance(time.Minute)
			at := x.revokeAll(subject, "")
			_, err := x.store.Load(x.Context(), key)
			x.wantEnded("Load", err, at)
			_, err = x.store.Save(x.Context(), r)
			x.wantEnded("Save", err, at)
		}},
		{"does not hold for anybody else, nor for the anonymous", func(x *trial) {
			r, anonymous := x.signIn(newSubject()), x.record(nil)
			x.revokeAll(newSubject(), "")
			x.wantRecord(x.save(r), r)
			x.wantRecord(x.save(anonymous), anonymous)
		}},
		{"like Devices and Revoke never takes the empty subject for all anonymous sessions", func(x *trial) {
			r := x.record(text("cart", "2 apples"))
			key := x.save(r)
			if d, _ := x.subjects.Devices(x.Context(), ""); len(d) > 0 {
				x.Errorf("%d devices of nobody", len(d))
			}
			if err := x.subjects.Revoke(x.Context(), "", ""); err == nil {
				x.Error("Revoke succeeded")
			}
			_, _ = x.subjects.RevokeAll(x.Context(), "", "") // an error or nothing to do: both will do
			x.wantRecord(key, r)
			x.save(x.record(nil))
		}},
	}
}
