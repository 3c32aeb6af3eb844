package redisstore_test

import (
	"context"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/lambdasession/lambdasession-go/redisstore"
	"github.com/lambdasession/lambdasession-go/redisstore/internal/redistest"
)

func TestCheck(t *testing.T) {
	t.Parallel()
	wantSaid := func(t *testing.T, err error, want ...string) {
		t.Helper()
		for _, w := range want {
			if err == nil || !strings.Contains(err.Error(), w) {
				t.Errorf("got %v, want it to say %q", err, w)
			}
		}
	}
	t.Run("finds nothing wrong with a server or a cluster as it should be", func(t *testing.T) {
		t.Parallel()
		for name, client := range homes(t) {
			if err := newStore(t, client, redisstore.Config{}).Check(t.Context()); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
	t.Run("says what to change about a server that evicts", func(t *testing.T) {
		t.Parallel()
		st := newStore(t, redistest.Start(t, "maxmemory-policy allkeys-lru").Client(t), redisstore.Config{})
		wantSaid(t, st.Check(t.Context()), "allkeys-lru", "set it to noeviction")
	})
	t.Run("says what to change about one of three servers", func(t *testing.T) {
		t.Parallel()
		cluster := redistest.StartCluster(t)
		if err := cluster.Servers[2].Admin().ConfigSet(t.Context(), "maxmemory-policy", "volatile-ttl").Err(); err != nil {
			t.Fatal(err)
		}
		wantSaid(t, newStore(t, cluster.Client(t), redisstore.Config{}).Check(t.Context()), "volatile-ttl")
	})
	t.Run("says that a replica is one", func(t *testing.T) {
		t.Parallel()
		server := redistest.Start(t)
		if err := server.Admin().ReplicaOf(t.Context(), "127.0.0.1", "1").Err(); err != nil {
			t.Fatal(err)
		}
		wantSaid(t, newStore(t, server.Client(t), redisstore.Config{}).Check(t.Context()), "is a replica")
	})
	t.Run("says that a cluster wants another client", func(t *testing.T) {
		t.Parallel()
		client := redistest.StartCluster(t).Servers[0].Client(t)
		wantSaid(t, newStore(t, client, redisstore.Config{}).Check(t.Context()), "redis.NewClusterClient")
	})
	t.Run("says that a server is too old", func(t *testing.T) {
		t.Parallel()
		st := newStore(t, oldServer{redistest.Start(t).Client(t)}, redisstore.Config{})
		wantSaid(t, st.Check(t.Context()), `version "6.2.14"`, "Redis 7.0 or later")
	})
	t.Run("of what cannot be reached says so", func(t *testing.T) {
		t.Parallel()
		server := redistest.Start(t)
		st := impatient(t, server.Client(t))
		server.Kill()
		wantNoAnswer(t, st.Check(t.Context()))
	})
}

// An oldServer says that it is one.
type oldServer struct{ *redis.Client }

func (c oldServer) Pipelined(ctx context.Context, f func(redis.Pipeliner) error) ([]redis.Cmder, error) {
	cmds, err := c.Client.Pipelined(ctx, f)
	for _, cmd := range cmds {
		if info, ok := cmd.(*redis.StringCmd); ok {
			info.SetVal("# Server\r\nredis_version:6.2.14\r\nrole:master\r\nmaxmemory_policy:noeviction\r\n")
		}
	}
	return cmds, err
}

func TestWarm(t *testing.T) {
	t.Parallel()
	t.Run("leaves the scripts with every server", func(t *testing.T) {
		t.Parallel()
		for name, client := range homes(t) {
			if err := newStore(t, client, redisstore.Config{}).Warm(t.Context()); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			st := newStore(t, intercept(client, func(_ context.Context, cmd redis.Cmder, forward func() error) error {
				if cmd.Name() == "eval" {
					t.Errorf("%s: a script was sent after Warm", name)
				}
				return forward()
			}), redisstore.Config{})
			for range 10 { // in some slot each
				key := save(t, st, record(nil))
				if _, err := st.Rotate(t.Context(), key, load(t, st, key), signedIn("ada "+key.Reveal()[:4], "d1")); err != nil {
					t.Error(err)
				}
			}
		}
	})
	t.Run("fails like any operation", func(t *testing.T) {
		t.Parallel()
		server := redistest.Start(t)
		st := impatient(t, server.Client(t))
		server.Kill()
		wantNoAnswer(t, st.Warm(t.Context()))
	})
	t.Run("of a client that only runs commands opens a connection", func(t *testing.T) {
		t.Parallel()
		client, trips := counted(onlyProcess{redistest.Start(t).Client(t)})
		if err := newStore(t, client, redisstore.Config{}).Warm(t.Context()); err != nil || trips.Load() == 0 {
			t.Errorf("%d round trips, error %v", trips.Load(), err)
		}
	})
}

// An onlyProcess can do no more than it must.
type onlyProcess struct{ client *redis.Client }

func (c onlyProcess) Process(ctx context.Context, cmd redis.Cmder) error {
	return c.client.Process(ctx, cmd)
}
