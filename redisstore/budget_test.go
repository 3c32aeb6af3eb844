package redisstore_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/lambdasession/lambdasession-go/redisstore"
	"github.com/lambdasession/lambdasession-go/redisstore/internal/redistest"
	"github.com/lambdasession/lambdasession-go/store"
)

// counted is a client that counts its commands, of which each is a round trip.
func counted(behind redisstore.Client) (redisstore.Client, *atomic.Int64) {
	n := new(atomic.Int64)
	return intercept(behind, func(_ context.Context, _ redis.Cmder, forward func() error) error {
		n.Add(1)
		return forward()
	}), n
}

// A deed is one operation, on the session under key, of which r is what Load
// gives. It returns the key under which the session then is.
type deed struct {
	name    string
	prepare store.Record
	run     func(ctx context.Context, st *redisstore.Store, key store.Key, r store.Record) (store.Key, error)
}

// deeds is every operation in every kind.
func deeds() []deed {
	anonymous := record(map[string][]byte{"n": []byte("1"), "old": []byte("x")})
	ada := signedIn("ada", "d1")
	increment := set("n", "2")
	increment.Expect = map[string][]byte{"n": []byte("1")}
	replace := set("n", "2")
	replace.Replace = true
	save := func(r store.Record) func(context.Context, *redisstore.Store, store.Key, store.Record) (store.Key, error) {
		return func(ctx context.Context, st *redisstore.Store, _ store.Key, _ store.Record) (store.Key, error) {
			return st.Save(ctx, r)
		}
	}
	update := func(c store.Changes) func(context.Context, *redisstore.Store, store.Key, store.Record) (store.Key, error) {
		return func(ctx context.Context, st *redisstore.Store, key store.Key, _ store.Record) (store.Key, error) {
			return st.Update(ctx, key, c)
		}
	}
	touch := func(to time.Time) func(context.Context, *redisstore.Store, store.Key, store.Record) (store.Key, error) {
		return func(ctx context.Context, st *redisstore.Store, key store.Key, _ store.Record) (store.Key, error) {
			return st.UpdateTTL(ctx, key, to)
		}
	}
	rotate := func(to func(from store.Record) store.Record) func(context.Context, *redisstore.Store, store.Key, store.Record) (store.Key, error) {
		return func(ctx context.Context, st *redisstore.Store, key store.Key, from store.Record) (store.Key, error) {
			return st.Rotate(ctx, key, from, to(from))
		}
	}
	same := func(from store.Record) store.Record { return from }
	to := func(r store.Record) func(store.Record) store.Record {
		return func(store.Record) store.Record { return r }
	}
	del := func(ctx context.Context, st *redisstore.Store, key store.Key, _ store.Record) (store.Key, error) {
		return key, st.Delete(ctx, key)
	}
	return []deed{
		{"Load", anonymous, func(ctx context.Context, st *redisstore.Store, key store.Key, _ store.Record) (store.Key, error) {
			_, err := st.Load(ctx, key)
			return key, err
		}},
		{"Save", anonymous, save(anonymous)},
		{"Save with a subject", anonymous, save(ada)},
		{"Update that sets", anonymous, update(set("n", "2"))},
		{"Update that expects", anonymous, update(increment)},
		{"Update that replaces", anonymous, update(replace)},
		{"UpdateTTL", anonymous, touch(beginning.Add(time.Hour))},
		{"UpdateTTL in the last idle period", anonymous, touch(anonymous.Ends.Add(time.Second))},
		{"Rotate", anonymous, rotate(same)},
		{"Rotate with a subject", ada, rotate(same)},
		{"Rotate to nobody", ada, rotate(to(anonymous))},
		{"Rotate to another device", ada, rotate(to(signedIn("ada", "d2")))},
		{"Rotate to a subject", anonymous, rotate(to(ada))},
		{"Rotate to another subject", ada, rotate(to(signedIn("grace", "d1")))},
		{"Delete", anonymous, del},
		{"Delete with a subject", ada, del},
		{"Devices", ada, func(ctx context.Context, st *redisstore.Store, key store.Key, _ store.Record) (store.Key, error) {
			_, err := st.Devices(ctx, "ada")
			return key, err
		}},
		{"Revoke", ada, func(ctx context.Context, st *redisstore.Store, key store.Key, _ store.Record) (store.Key, error) {
			return key, st.Revoke(ctx, "ada", "d1")
		}},
		{"RevokeAll", ada, func(ctx context.Context, st *redisstore.Store, key store.Key, _ store.Record) (store.Key, error) {
			_, err := st.RevokeAll(ctx, "ada", "")
			return key, err
		}},
	}
}

func TestHowManyRoundTripsAnOperationTakes(t *testing.T) {
	t.Parallel()
	want := map[string]int64{ // all others take one
		"Delete with a subject": 2,
		"Devices":               2,
		"Revoke":                2,
		"RevokeAll":             2,
	}
	inACluster := map[string]int64{ // if these differ there
		"Rotate to a subject":       3,
		"Rotate to another subject": 3,
	}
	for _, server := range []struct {
		name    string
		client  redisstore.Client
		crosses bool
	}{
		{"on one server", redistest.Start(t).Client(t), false},
		{"on a cluster", redistest.StartCluster(t).Client(t), true},
	} {
		warm(t, server.client)
		for _, d := range deeds() {
			t.Run(d.name+" "+server.name, func(t *testing.T) {
				t.Parallel()
				client, trips := counted(server.client)
				st := newStore(t, client, redisstore.Config{Prefix: t.Name() + ":"})
				key := inAnotherSlot(t, st, d.prepare)
				r := load(t, st, key)
				trips.Store(0)
				if _, err := d.run(t.Context(), st, key, r); err != nil {
					t.Fatal(err)
				}
				n := max(1, want[d.name])
				if special, ok := inACluster[d.name]; ok && server.crosses {
					n = special
				}
				if trips.Load() != n {
					t.Errorf("%d round trips, want %d", trips.Load(), n)
				}
			})
		}
	}
}

// inAnotherSlot saves the record, an anonymous one so that its slot is not that
// of a subject: one session in 4,096 would be there by chance.
func inAnotherSlot(t *testing.T, st store.Store, r store.Record) store.Key {
	t.Helper()
	for {
		key := save(t, st, r)
		if r.Subject != "" || !redisstore.SharesSlot(key, "ada") {
			return key
		}
	}
}

// warm leaves the scripts with the servers behind client.
func warm(t *testing.T, client redisstore.Client) {
	t.Helper()
	if err := newStore(t, client, redisstore.Config{}).Warm(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestAnUpdateCarriesOnlyWhatChanges(t *testing.T) {
	t.Parallel()
	client := redistest.Start(t).Client(t)
	warm(t, client)
	var most int
	st := newStore(t, intercept(client, func(_ context.Context, cmd redis.Cmder, forward func() error) error {
		n := 0
		for _, arg := range cmd.Args() {
			switch v := arg.(type) {
			case string:
				n += len(v)
			case []byte:
				n += len(v)
			}
		}
		most = max(most, n)
		return forward()
	}), redisstore.Config{})
	r := signedIn("ada", "d1")
	r.Values["large"] = make([]byte, 50<<10)
	key := save(t, st, r)
	most = 0
	if _, err := st.Update(t.Context(), key, set("n", "1")); err != nil {
		t.Fatal(err)
	}
	if _, err := st.UpdateTTL(t.Context(), key, r.Expires); err != nil {
		t.Fatal(err)
	}
	if err := st.Delete(t.Context(), key); err != nil {
		t.Fatal(err)
	}
	if most > 512 {
		t.Errorf("a write of a session of 50 KB sent %d bytes, want at most 512", most)
	}
}
