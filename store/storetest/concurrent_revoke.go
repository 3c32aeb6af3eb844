package storetest

import (
	"github.com/lambdasession/lambdasession-go/store"
)

// concurrentRevokeClauses: revocations against what is in flight.
func concurrentRevokeClauses() []clause {
	return []clause{
		{"after Revoke nothing lives, whatever renewal was in flight", func(x *trial) {
			for range 5 {
				r := x.signIn(newSubject())
				keys := []store.Key{x.save(r)}
				x.renewUntil(&keys, func() error { return x.subjects.Revoke(x.Context(), r.Subject, r.Device) })
				x.wantAllEnded(r.Subject, keys)
			}
		}},
		{"after RevokeAll nothing lives, whatever renewal was in flight", func(x *trial) {
			for range 5 {
				r := x.signIn(newSubject())
				keys := []store.Key{x.save(r)}
				x.renewUntil(&keys, func() error { _, err := x.subjects.RevokeAll(x.Context(), r.Subject, ""); return err })
				x.wantAllEnded(r.Subject, keys)
			}
		}},
		{"after RevokeAll nothing lives, whatever sign-ins were in flight", func(x *trial) {
			subject := newSubject()
			keys := make([]store.Key, writers)
			x.wantNoErrors(atOnce(writers, func(i int) (err error) {
				if i == 0 {
					_, err = x.subjects.RevokeAll(x.Context(), subject, "")
					return err
				}
				keys[i], err = x.store.Save(x.Context(), x.signIn(subject))
				if err != nil {
					x.wantEnded("a sign-in after the revocation", err, x.now())
				}
				return nil
			}))
			x.wantAllEnded(subject, keys)
		}},
	}
}

// renewUntil renews the session under the last of keys a few times, adding
// the new keys, while end runs. A renewal may fail only because of end.
func (x *trial) renewUntil(keys *[]store.Key, end func() error) {
	x.wantNoErrors(atOnce(2, func(i int) error {
		if i == 0 {
			return end()
		}
		for range 5 {
			key := (*keys)[len(*keys)-1]
			from, err := x.store.Load(x.Context(), key)
			if err == nil {
				key, err = x.store.Rotate(x.Context(), key, from, x.renewal(from))
			}
			if err != nil {
				x.wantEnded("a renewal after the revocation", err, x.now())
				return nil
			}
			*keys = append(*keys, key)
		}
		return nil
	}))
}

// wantAllEnded fails the trial if a session lives under any of the keys, or
// on any device of the subject.
func (x *trial) wantAllEnded(subject string, keys []store.Key) {
	x.Helper()
	for _, key := range keys {
		if r, err := x.store.Load(x.Context(), key); err == nil {
			x.Errorf("a session lives on: %v", r.Device)
		}
	}
	x.wantDevices(subject)
}
