package redisstore_test

import (
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/lambdasession/lambdasession-go/redisstore"
)

func TestNew(t *testing.T) {
	t.Parallel()
	t.Run("takes the clients of go-redis that it can rely on, and what is made around them", func(t *testing.T) {
		t.Parallel()
		one := redis.NewClient(&redis.Options{ContextTimeoutEnabled: true})
		many := redis.NewClusterClient(&redis.ClusterOptions{Addrs: []string{"localhost:1"}, ContextTimeoutEnabled: true})
		sentinel := redis.NewFailoverClient(&redis.FailoverOptions{MasterName: "m", ContextTimeoutEnabled: true})
		universal := redis.NewUniversalClient(&redis.UniversalOptions{Addrs: []string{"localhost:1"}, ContextTimeoutEnabled: true})
		for _, c := range []redis.UniversalClient{one, many, sentinel, universal} {
			if _, err := redisstore.New(c, redisstore.Config{}); err != nil {
				t.Errorf("%T: %v", c, err)
			}
			if _, err := redisstore.New(intercept(c, nil), redisstore.Config{}); err != nil {
				t.Errorf("around %T: %v", c, err)
			}
			if err := c.Close(); err != nil {
				t.Error(err)
			}
		}
	})
	t.Run("refuses a client that breaks a promise, and says what to set", func(t *testing.T) {
		t.Parallel()
		ring := redis.NewRing(&redis.RingOptions{ContextTimeoutEnabled: true})
		t.Cleanup(func() { _ = ring.Close() })
		unbounded := redis.NewClient(&redis.Options{})
		t.Cleanup(func() { _ = unbounded.Close() })
		replicas := redis.NewClusterClient(&redis.ClusterOptions{Addrs: []string{"localhost:1"}, RouteByLatency: true})
		t.Cleanup(func() { _ = replicas.Close() })
		for _, c := range []struct {
			client redisstore.Client
			want   []string
		}{
			{nil, []string{"client is nil"}},
			{(*redis.Client)(nil), []string{"client is nil"}},
			{unbounded, []string{"ContextTimeoutEnabled"}},
			{replicas, []string{"ContextTimeoutEnabled", "RouteByLatency"}},
			{ring, []string{"ring"}},
		} {
			_, err := redisstore.New(c.client, redisstore.Config{})
			for _, want := range c.want {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("%T: got %v, want it to name %s", c.client, err, want)
				}
			}
		}
	})
	t.Run("reports everything that is wrong at once", func(t *testing.T) {
		t.Parallel()
		_, err := redisstore.New(nil, redisstore.Config{Prefix: strings.Repeat("{", 513), Timeout: -time.Second})
		for _, want := range []string{"client is nil", "at most 512", "has a brace", "Timeout is -1s"} {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v, want it to say %q", err, want)
			}
		}
	})
}
