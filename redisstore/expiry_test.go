package redisstore_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/lambdasession/lambdasession-go/redisstore"
	"github.com/lambdasession/lambdasession-go/redisstore/internal/redistest"
	"github.com/lambdasession/lambdasession-go/store"
)

// Redis removes what has expired, by its own clock, counting from each write:
// the store's clock may stand where it likes.
func TestHowLongRedisKeepsWhatIsStored(t *testing.T) {
	t.Parallel()
	client := redistest.Start(t).Client(t)
	var now time.Time
	st := newStore(t, client, redisstore.Config{Now: func() time.Time { return now }})
	left := func(t *testing.T, key string) time.Duration {
		t.Helper()
		d, err := client.PTTL(t.Context(), key).Result()
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	want := func(t *testing.T, what, key string, want time.Duration) {
		t.Helper()
		if got := left(t, key); got > want+2*time.Second || got < want-time.Minute {
			t.Errorf("%s is kept for %v, want %v", what, got, want)
		}
	}
	for name, clock := range map[string]time.Time{
		"by a clock that is right":       time.Now(),
		"by a clock of another century":  beginning,
		"by a clock of the last century": time.Date(1990, time.May, 4, 3, 2, 1, 0, time.UTC),
	} {
		t.Run(name, func(t *testing.T) {
			now = clock
			r := store.Record{Created: now, Expires: now.Add(time.Hour), Ends: now.Add(12 * time.Hour)}
			key := save(t, st, r)
			session := keyOf(t, client, "s:*")
			want(t, "a session of an hour", session, time.Hour)
			if _, err := st.UpdateTTL(t.Context(), key, now.Add(3*time.Hour)); err != nil {
				t.Fatal(err)
			}
			want(t, "a session of three hours", session, 3*time.Hour)
			if _, err := st.UpdateTTL(t.Context(), key, now.Add(100*time.Hour)); err != nil {
				t.Fatal(err)
			}
			want(t, "a session at its end", session, 12*time.Hour)
			if _, err := st.UpdateTTL(t.Context(), key, now.Add(time.Minute)); err != nil {
				t.Fatal(err)
			}
			want(t, "a session of a minute", session, store.MarkLifetime)
			if err := st.Delete(t.Context(), key); err != nil {
				t.Fatal(err)
			}
			want(t, "a mark", session, store.MarkLifetime)

			signIn := r
			signIn.Subject, signIn.Device = "ada", "d1"
			save(t, st, signIn)
			subject := keyOf(t, client, "u:*")
			want(t, "a list with a device", subject, 12*time.Hour+store.MarkLifetime)
			if _, err := st.RevokeAll(t.Context(), "ada", ""); err != nil {
				t.Fatal(err)
			}
			want(t, "a list, after a revocation, as before", subject, 12*time.Hour+store.MarkLifetime)
			if err := client.Del(t.Context(), subject).Err(); err != nil {
				t.Fatal(err)
			}
			if _, err := st.RevokeAll(t.Context(), "ada", ""); err != nil {
				t.Fatal(err)
			}
			want(t, "a revocation", subject, time.Hour)

			forever := store.Record{Created: now, Expires: now.AddDate(8000, 0, 0), Ends: now.AddDate(8000, 0, 0)}
			if err := client.FlushAll(t.Context()).Err(); err != nil {
				t.Fatal(err)
			}
			load(t, st, save(t, st, forever))
			if got := left(t, keyOf(t, client, "s:*")); got < 50*365*24*time.Hour {
				t.Errorf("a session of 8,000 years is kept for %v", got)
			}
			if err := client.FlushAll(t.Context()).Err(); err != nil {
				t.Fatal(err)
			}
		})
	}
	t.Run("everything that is stored is to be removed some time", func(t *testing.T) {
		now = beginning
		for _, d := range deeds() {
			key := save(t, st, d.prepare)
			if _, err := d.run(t.Context(), st, key, load(t, st, key)); err != nil {
				t.Fatal(err)
			}
		}
		for _, key := range client.Keys(t.Context(), "*").Val() {
			if left(t, key) <= 0 {
				t.Errorf("%s stays forever", key)
			}
		}
	})
}

func TestAListLosesWhatHasEnded(t *testing.T) {
	t.Parallel()
	client := redistest.Start(t).Client(t)
	now := beginning
	st := newStore(t, client, redisstore.Config{Now: func() time.Time { return now }})
	for range 200 {
		r := signedIn("ada", store.NewDeviceID())
		r.Created, r.Expires, r.Ends = now, now.Add(time.Hour), now.Add(time.Hour)
		save(t, st, r)
		now = now.Add(10 * time.Minute)
	}
	if n := client.HLen(t.Context(), keyOf(t, client, "u:*")).Val(); n > 20 {
		t.Errorf("the list has %d devices, of which 5 live", n)
	}
	if d, err := st.Devices(t.Context(), "ada"); err != nil || len(d) != 5 {
		t.Errorf("%d devices, error %v; want 5", len(d), err)
	}
}

// While a slot moves from one server to another, an operation may find that the
// store cannot answer, but never that a session is not there.
func TestASlotThatMoves(t *testing.T) {
	t.Parallel()
	cluster := redistest.StartCluster(t)
	client := cluster.Client(t)
	st := newStore(t, client, redisstore.Config{Timeout: 3 * time.Second})
	var keys []store.Key
	for range 9 {
		keys = append(keys, save(t, st, signedIn("ada", store.NewDeviceID())))
	}
	slot := cluster.Slot(t, "u:{"+keys[0].Reveal()[:2]+"}:ada")
	answered := 0
	cluster.Move(t, slot, func() {
		for _, key := range keys {
			r, err := st.Load(t.Context(), key)
			if err != nil {
				t.Errorf("Load gives %v", err)
				continue
			}
			answered++
			if _, err := st.Update(t.Context(), key, set("n", "1")); err != nil {
				t.Errorf("Update gives %v", err)
			}
			if _, err := st.Rotate(t.Context(), key, r, r); err == nil {
				t.Error("Rotate of what Update has changed succeeds")
			} else if isOutcome(err) && !strings.Contains(err.Error(), "changed by another") {
				t.Errorf("Rotate gives %v", err)
			}
		}
		_, err := st.RevokeAll(t.Context(), "ada", "")
		wantNoAnswer(t, err)
		if err != nil && !strings.Contains(err.Error(), "moving") {
			t.Errorf("RevokeAll gives %q, which does not say what is going on", err)
		}
	})
	if answered != len(keys) {
		t.Errorf("%d of %d sessions could be read in between", answered, len(keys))
	}
	if d, err := st.Devices(t.Context(), "ada"); err != nil || len(d) != len(keys) {
		t.Errorf("%d devices, error %v; want %d", len(d), err, len(keys))
	}
	if _, err := st.RevokeAll(t.Context(), "ada", ""); err != nil {
		t.Error("RevokeAll:", err)
	}
	if d, err := st.Devices(t.Context(), "ada"); err != nil || len(d) != 0 {
		t.Errorf("%d devices, error %v; want none", len(d), err)
	}
}

// S16: neither in what is sent, but for the two letters that are no secret, nor
// in what is said.
func TestNoSecretGoesOut(t *testing.T) {
	t.Parallel()
	client := redistest.Start(t).Client(t)
	const subject, value = "a sentinel subject", "a sentinel value"
	var sent, said strings.Builder
	for _, fail := range []error{nil, errLost, answer("OOM"), answer("ERR what")} {
		patience := time.Minute
		if fail != nil {
			patience = 100 * time.Millisecond
		}
		st := newStore(t, intercept(client, func(_ context.Context, cmd redis.Cmder, forward func() error) error {
			for _, arg := range cmd.Args() {
				switch v := arg.(type) {
				case string:
					sent.WriteString(v)
				case []byte:
					sent.Write(v)
				}
			}
			if err := forward(); fail == nil || err != nil {
				return err
			}
			return fail
		}), redisstore.Config{Logger: logger(&said), Timeout: patience})
		healthy := newStore(t, client, redisstore.Config{})
		r := signedIn(subject, "d1")
		r.Values["f"] = []byte(value)
		for _, d := range deeds() {
			key := save(t, healthy, r)
			_, err := d.run(t.Context(), st, key, r)
			say(&said, err)
			_, err = st.Save(t.Context(), r)
			say(&said, err)
			c := set("f", value)
			c.Expect = map[string][]byte{"f": []byte("x" + value)}
			_, err = st.Update(t.Context(), key, c)
			say(&said, err)
			for _, secret := range []string{key.Reveal(), key.Reveal()[2:]} {
				if strings.Contains(sent.String(), secret) {
					t.Fatalf("%s: the key's secret is sent", d.name)
				}
				if strings.Contains(said.String(), secret) {
					t.Fatalf("%s: the key's secret is in an error or the log", d.name)
				}
			}
		}
	}
	for _, secret := range []string{subject, value} {
		if strings.Contains(said.String(), secret) {
			t.Errorf("%q is in an error or the log:\n%s", secret, &said)
		}
	}
}
