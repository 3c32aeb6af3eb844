package storetest

import (
	"strings"
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

// loadClauses: what Load gives, and when a session is live.
func loadClauses() []clause {
	return []clause{
		{"returns what Save stored", func(x *trial) {
			r := x.record(text("cart", "2 apples", "theme", "dark"))
			x.wantRecord(x.save(r), r)
		}},
		{"returns the subject and the device id, and not the label", func(x *trial) {
			r := x.signIn(newSubject())
			key := x.save(r)
			x.wantRecord(key, r)
			if label := x.load(key).Label; label != "" {
				x.Errorf("the label %q was loaded", label)
			}
		}},
		{"finds the session by the secret that its key reveals", func(x *trial) {
			r := x.record(text("cart", "2 apples"))
			x.wantRecord(store.KeyOf(x.save(r).Reveal()), r)
		}},
		{"of a key that the store did not make is ErrNotFound", func(x *trial) {
			r := x.record(nil)
			secret := x.save(r).Reveal()
			for what, stranger := range map[string]string{
				"a well-formed key":            store.NewKey().Reveal(),
				"one character":                "x",
				"not UTF-8":                    "\xff\xfe",
				"5,000 characters":             strings.Repeat("k", 5000),
				"the beginning of another key": secret[:len(secret)-1],
				"another key and more":         secret + "A",
				"the digest of another key":    store.KeyOf(secret).Digest(),
			} {
				_, err := x.store.Load(x.Context(), store.KeyOf(stranger))
				x.wantNotFound(what, err)
			}
		}},
		{"changes nothing", func(x *trial) {
			key := x.save(x.record(text("cart", "2 apples")))
			before := x.load(key)
			x.advance(idle / 2)
			x.load(key)
			x.wantUnchanged(key, before)
		}},
		{"finds a session until just before its Expires, swept or not", func(x *trial) {
			key := x.save(x.record(text("cart", "2 apples")))
			r := x.load(key)
			x.advanceTo(r.Expires.Add(-time.Microsecond))
			x.wantRecord(key, r)
			x.advanceTo(r.Expires)
			for _, op := range x.all(key, r) {
				x.wantNotFound(op.name+" at Expires", op.run(x.Context()))
			}
			_, err := x.store.Load(x.Context(), key)
			x.wantNotFound("Load after all that", err)
		}},
		{"returns Ends and Expires without the fraction of a second", func(x *trial) {
			r := x.record(nil)
			r.Ends = time.Date(2091, time.July, 4, 0, 0, 1, 999_999_999, time.UTC)
			r.Expires = time.Date(2091, time.July, 4, 0, 0, 0, 999_999_999, time.UTC)
			got := x.load(x.save(r))
			if want := r.Ends.Truncate(time.Second); !got.Ends.Equal(want) {
				x.Errorf("Ends: stored %v, loaded %v, want %v", r.Ends, got.Ends, want)
			}
			if want := r.Expires.Truncate(time.Second); !got.Expires.Equal(want) {
				x.Errorf("Expires: stored %v, loaded %v, want %v", r.Expires, got.Expires, want)
			}
		}},
		{"returns Created to the microsecond", func(x *trial) {
			for _, nanoseconds := range []int{0, 1_000, 100_000, 123_456_000, 999_999_000} {
				r := x.record(nil)
				r.Created = time.Date(2091, time.July, 3, 9, 26, 53, nanoseconds, time.UTC)
				if got := x.load(x.save(r)).Created; !got.Equal(r.Created) {
					x.Errorf("stored %v, loaded %v", r.Created, got)
				}
			}
		}},
		{"returns the same instants, whatever time zone they were given in", func(x *trial) {
			r := x.record(nil)
			zone := time.FixedZone("five and a half hours ahead", 19_800)
			r.Created, r.Expires, r.Ends = r.Created.In(zone), r.Expires.In(zone), r.Ends.In(zone)
			x.wantRecord(x.save(r), r)
		}},
	}
}
