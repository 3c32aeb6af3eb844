package redisstore_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/lambdasession/lambdasession-go/redisstore"
	"github.com/lambdasession/lambdasession-go/redisstore/internal/redistest"
	"github.com/lambdasession/lambdasession-go/store"
)

// impatient makes a store that gives up soon.
func impatient(t *testing.T, client redisstore.Client) *redisstore.Store {
	t.Helper()
	return newStore(t, client, redisstore.Config{Timeout: time.Second})
}

// wantNothingAnswered fails the test unless every operation says that the store
// could not answer, with the advice in its words.
func wantNothingAnswered(t *testing.T, st *redisstore.Store, key store.Key, from store.Record, advice string) {
	t.Helper()
	from.Expires, from.Ends, from.Created = beginning.Add(time.Hour), beginning.Add(time.Hour), beginning
	for _, d := range deeds() {
		_, err := d.run(t.Context(), st, key, from)
		if err == nil || isOutcome(err) {
			t.Errorf("%s gives %v, want an error that means no answer", d.name, err)
		} else if !strings.Contains(err.Error(), advice) {
			t.Errorf("%s gives %q, which does not say %q", d.name, err, advice)
		}
	}
}

func TestAServerThatCannotAnswer(t *testing.T) {
	t.Parallel()
	t.Run("because it is a replica", func(t *testing.T) {
		t.Parallel()
		primary, replica := redistest.Start(t), redistest.Start(t)
		st := newStore(t, primary.Client(t), redisstore.Config{})
		key := save(t, st, signedIn("ada", "d1"))
		from := load(t, st, key)
		host, port, _ := strings.Cut(primary.Addr, ":")
		if err := replica.Admin().ReplicaOf(t.Context(), host, port).Err(); err != nil {
			t.Fatal(err)
		}
		wantNothingAnswered(t, newStore(t, replica.Client(t), redisstore.Config{}), key, from, "a replica")
	})
	t.Run("because it lost its place while the client was connected", func(t *testing.T) {
		t.Parallel()
		primary, other := redistest.Start(t), redistest.Start(t)
		st := newStore(t, primary.Client(t), redisstore.Config{})
		key := save(t, st, signedIn("ada", "d1"))
		from := load(t, st, key)
		host, port, _ := strings.Cut(other.Addr, ":")
		if err := primary.Admin().ReplicaOf(t.Context(), host, port).Err(); err != nil {
			t.Fatal(err)
		}
		wantNothingAnswered(t, st, key, from, "a replica")
	})
	t.Run("because a replica has lost its primary and may not say what it has", func(t *testing.T) {
		t.Parallel()
		replica := redistest.Start(t, "replica-serve-stale-data no")
		client := replica.Client(t)
		warm(t, client)
		if err := replica.Admin().ReplicaOf(t.Context(), "127.0.0.1", "1").Err(); err != nil {
			t.Fatal(err)
		}
		wantNothingAnswered(t, newStore(t, client, redisstore.Config{}), store.NewKey(), record(nil), "replica")
	})
	t.Run("because it is loading its data", func(t *testing.T) {
		t.Parallel()
		folder := "dir " + t.TempDir()
		full := redistest.Start(t, folder)
		st := newStore(t, full.Client(t), redisstore.Config{})
		key := save(t, st, signedIn("ada", "d1"))
		for range 1000 {
			save(t, st, record(nil))
		}
		if err := full.Admin().Save(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
		const slowly = "key-load-delay 20000" // microseconds
		slow := redistest.Start(t, folder, slowly, "loading-process-events-interval-bytes 1024")
		st = newStore(t, slow.Client(t), redisstore.Config{})
		_, loaded := st.Load(t.Context(), key)
		_, updated := st.Update(t.Context(), key, set("n", "1"))
		for _, err := range []error{loaded, updated} {
			if wantNoAnswer(t, err); err != nil && !strings.Contains(err.Error(), "it is loading its data") {
				t.Errorf("got %q, which does not say why", err)
			}
		}
	})
	t.Run("because a cluster does not serve the slot", func(t *testing.T) {
		t.Parallel()
		alone := redistest.Start(t, "cluster-enabled yes", "cluster-config-file nodes.conf", "cluster-port "+redistest.FreePort(t))
		wantNothingAnswered(t, newStore(t, alone.Client(t), redisstore.Config{}), store.NewKey(), record(nil), "does not serve this slot")
	})
	t.Run("because nobody is there", func(t *testing.T) {
		t.Parallel()
		client := redistest.Dial(t, net.JoinHostPort("127.0.0.1", redistest.FreePort(t)))
		_, err := newStore(t, client, redisstore.Config{Timeout: 2 * time.Second}).Load(t.Context(), store.NewKey())
		if wantNoAnswer(t, err); err != nil && !strings.Contains(err.Error(), "cannot be reached") {
			t.Errorf("Load gives %q, which does not say what to do", err)
		}
	})
	t.Run("because it was killed", func(t *testing.T) {
		t.Parallel()
		server := redistest.Start(t)
		st := impatient(t, server.Client(t))
		key := save(t, st, record(nil))
		server.Kill()
		_, err := st.Load(t.Context(), key)
		wantNoAnswer(t, err)
		_, err = st.Update(t.Context(), key, set("n", "1"))
		wantNoAnswer(t, err)
	})
	t.Run("because it speaks TLS and the client does not know its authority", func(t *testing.T) {
		t.Parallel()
		server := redistest.StartSecure(t, nil)
		_, err := impatient(t, redistest.Dial(t, server.Addr)).Load(t.Context(), store.NewKey())
		wantNoAnswer(t, err)
	})
	t.Run("because each of its answers is cut off", func(t *testing.T) {
		t.Parallel()
		proxy := redistest.NewProxy(t, redistest.Start(t).Addr)
		proxy.Fail(redistest.Fault{Request: []byte("eval"), Applied: true, Always: true})
		_, err := impatient(t, redistest.Dial(t, proxy.Addr)).Load(t.Context(), store.NewKey())
		wantNoAnswer(t, err)
	})
}

func TestABlackHoleEndsInTime(t *testing.T) {
	t.Parallel()
	proxy := redistest.NewProxy(t, redistest.Start(t).Addr)
	proxy.Fail(redistest.Fault{Request: []byte("eval"), Hang: true, Always: true})
	st := newStore(t, redistest.Dial(t, proxy.Addr), redisstore.Config{Timeout: 300 * time.Millisecond})
	for _, d := range deeds()[:2] {
		_, err := d.run(t.Context(), st, store.NewKey(), record(nil))
		wantNoAnswer(t, err)
		if err != nil && !strings.Contains(err.Error(), "no answer within Config.Timeout, 300ms") {
			t.Errorf("%s gives %q, which does not say what to do", d.name, err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := newStore(t, redistest.Dial(t, proxy.Addr), redisstore.Config{Timeout: time.Hour}).Load(ctx, store.NewKey())
	if wantNoAnswer(t, err); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want it to say that the context has ended", err)
	}
}

func TestEveryCommandHasItsTime(t *testing.T) {
	t.Parallel()
	const timeout = 20 * time.Second
	client := redistest.Start(t).Client(t)
	for _, d := range deeds() {
		plain := newStore(t, client, redisstore.Config{Prefix: d.name})
		key := save(t, plain, d.prepare)
		r := load(t, plain, key)
		st := newStore(t, intercept(client, func(ctx context.Context, cmd redis.Cmder, forward func() error) error {
			// An attempt has half of the operation's, so that there may be another.
			if end, ok := ctx.Deadline(); !ok || time.Until(end) > timeout/2 {
				t.Errorf("%s: %s has until %v", d.name, scriptOf(cmd), end)
			}
			return forward()
		}), redisstore.Config{Prefix: d.name, Timeout: timeout})
		if _, err := d.run(t.Context(), st, key, r); err != nil {
			t.Errorf("%s: %v", d.name, err)
		}
	}
}

func TestAServerThatComesBack(t *testing.T) {
	t.Parallel()
	t.Run("without its scripts is sent them, whatever the operation", func(t *testing.T) {
		t.Parallel()
		server := redistest.Start(t)
		client := server.Client(t)
		for _, d := range deeds() {
			st := newStore(t, client, redisstore.Config{Prefix: d.name})
			key := save(t, st, d.prepare)
			r := load(t, st, key)
			if err := server.Admin().ScriptFlush(t.Context()).Err(); err != nil {
				t.Fatal(err)
			}
			if _, err := d.run(t.Context(), st, key, r); err != nil {
				t.Errorf("%s: %v", d.name, err)
			}
		}
	})
	t.Run("after it cut all connections goes on as if nothing had been", func(t *testing.T) {
		t.Parallel()
		server := redistest.Start(t)
		st := newStore(t, server.Client(t), redisstore.Config{})
		key := save(t, st, record(nil))
		for range 3 {
			if err := server.Admin().Do(t.Context(), "client", "kill", "type", "normal", "skipme", "yes").Err(); err != nil {
				t.Fatal(err)
			}
			if _, err := st.Update(t.Context(), key, set("n", "1")); err != nil {
				t.Error(err)
			}
		}
	})
	t.Run("after a restart knows no session, which is no error of its own", func(t *testing.T) {
		t.Parallel()
		server := redistest.Start(t)
		st := newStore(t, server.Client(t), redisstore.Config{})
		key := save(t, st, record(nil))
		server.Restart(t)
		if _, err := st.Load(t.Context(), key); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("Load gives %v", err)
		}
		load(t, st, save(t, st, record(nil)))
	})
	t.Run("from being a replica is asked again while the operation has time", func(t *testing.T) {
		t.Parallel()
		server := redistest.Start(t)
		st := newStore(t, server.Client(t), redisstore.Config{})
		key := save(t, st, record(nil))
		if err := server.Admin().ReplicaOf(t.Context(), "127.0.0.1", "1").Err(); err != nil {
			t.Fatal(err)
		}
		tries := 0
		st = newStore(t, intercept(server.Client(t), func(_ context.Context, _ redis.Cmder, forward func() error) error {
			err := forward()
			if tries++; tries == 2 {
				if err := server.Admin().ReplicaOf(t.Context(), "NO", "ONE").Err(); err != nil {
					t.Error(err)
				}
			}
			return err
		}), redisstore.Config{})
		load(t, st, key)
	})
}

func TestAServerWithoutMemory(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, "maxmemory-policy noeviction")
	st := newStore(t, server.Client(t), redisstore.Config{})
	a, b, c := save(t, st, signedIn("ada", "d1")), save(t, st, signedIn("ada", "d2")), save(t, st, signedIn("ada", "d3"))
	from := load(t, st, a)
	if err := server.Admin().ConfigSet(t.Context(), "maxmemory", "1").Err(); err != nil {
		t.Fatal(err)
	}

	t.Run("stores nothing, and says that it could not answer", func(t *testing.T) {
		for name, write := range map[string]func() error{
			"Save":   func() error { _, err := st.Save(t.Context(), record(nil)); return err },
			"Update": func() error { _, err := st.Update(t.Context(), a, set("n", "1")); return err },
			"Rotate": func() error { _, err := st.Rotate(t.Context(), a, from, from); return err },
		} {
			err := write()
			wantNoAnswer(t, err)
			if err != nil && !strings.Contains(err.Error(), "raise maxmemory") {
				t.Errorf("%s gives %q, which does not say what to do", name, err)
			}
		}
	})
	t.Run("still reads and lists", func(t *testing.T) {
		load(t, st, a)
		if d, err := st.Devices(t.Context(), "ada"); err != nil || len(d) != 3 {
			t.Errorf("%d devices, error %v", len(d), err)
		}
	})
	t.Run("still ends sessions", func(t *testing.T) {
		if err := st.Delete(t.Context(), a); err != nil {
			t.Error("Delete:", err)
		}
		if err := st.Revoke(t.Context(), "ada", "d2"); err != nil {
			t.Error("Revoke:", err)
		}
		if _, err := st.RevokeAll(t.Context(), "ada", ""); err != nil {
			t.Error("RevokeAll:", err)
		}
		for _, key := range []store.Key{a, b, c} {
			if _, err := st.Load(t.Context(), key); !errors.Is(err, store.ErrEnded) {
				t.Errorf("Load gives %v", err)
			}
		}
	})
}
