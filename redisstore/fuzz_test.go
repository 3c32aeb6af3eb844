package redisstore_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/lambdasession/lambdasession-go/redisstore"
	"github.com/lambdasession/lambdasession-go/redisstore/internal/redistest"
	"github.com/lambdasession/lambdasession-go/store"
)

// FuzzHash puts any hash where a session should be. Go and Lua must agree on
// what it is, and neither may stumble.
func FuzzHash(f *testing.F) {
	client := redistest.Start(f).Client(f)
	st := newStore(f, client, redisstore.Config{})
	const absent = "-"
	to := "AA:" + strings.Repeat("x", 43)
	f.Add("1", "r", "3797550121987654", "3797593321", "3797551921", absent, absent, absent, absent, absent)
	f.Add("1", "r", "1", "3797593321", "3797551921", "ada", "d1", absent, absent, absent)
	f.Add("1", "r", "1", "3797593321", "3797551921", "ada", "d1", absent, to, "1")
	f.Add(absent, "r", absent, absent, absent, "ada", "d1", "3797550121987654", absent, absent)
	f.Add("2", "", "x", "9007199254740993", "99999999999999999999", "", "d1", "1e3", "x", " ")
	f.Add("1", "r", "1", "+3797593321", "0x7fffffff", absent, absent, "nan", absent, "-1")
	f.Fuzz(func(t *testing.T, v, rev, created, ends, expires, subject, device, ended, to, toAt string) {
		key := store.NewKey()
		h := map[string]string{"f:n": "1"}
		for name, value := range map[string]string{
			"v": v, "rev": rev, "created": created, "ends": ends, "expires": expires,
			"subject": subject, "device": device, "ended": ended, "to": to, "toAt": toAt,
		} {
			if value != absent {
				h[name] = value
			}
		}
		name := "s:{" + key.Reveal()[:2] + "}:" + key.Digest()
		put(t, client, name, h)

		r, loaded := st.Load(t.Context(), key)
		if loaded != nil && !isOutcome(loaded) {
			t.Fatalf("Load gives %v", loaded)
		}
		c := set("n", "2")
		c.Expires = beginning.Add(1 << 62)
		_, updated := st.Update(t.Context(), key, c)
		if (updated == nil) != (loaded == nil) || updated != nil && !isOutcome(updated) {
			t.Fatalf("Load gives %v, Update %v", loaded, updated)
		}
		if loaded == nil {
			again := load(t, st, key)
			if again.Expires.After(r.Ends) || again.Expires.Before(r.Ends) && again.Expires.Unix() != c.Expires.Unix() || string(again.Values["n"]) != "2" {
				t.Fatalf("Update past the end: it expires at %v, ends at %v", again.Expires, r.Ends)
			}
			if _, err := st.Rotate(t.Context(), key, again, again); err != nil && !isOutcome(err) {
				t.Fatalf("Rotate gives %v", err)
			}
		}
		err := st.Delete(t.Context(), key)
		if err != nil && !isOutcome(err) {
			t.Fatalf("Delete gives %v", err)
		}
		if _, decode := errors.AsType[*store.DecodeError](loaded); loaded != nil && !decode && err == nil && to == absent {
			t.Fatalf("Load gives %v, and Delete ended something", loaded)
		}
		if err := client.Del(t.Context(), name).Err(); err != nil {
			t.Fatal(err)
		}
	})
}
