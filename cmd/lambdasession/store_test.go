package main

import (
	"encoding/base64"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// startStoreOf is what --store starts. It is closed when the test ends.
func startStoreOf(t *testing.T, c localCommand) (home, error) {
	t.Helper()
	kept, err := c.startStore(t.Context(), &terminal{w: io.Discard}, nil, nil)
	t.Cleanup(func() {
		if err := kept.Close(); err != nil {
			t.Error(err)
		}
	})
	return kept, err
}

func TestStoreInTheCookie(t *testing.T) {
	t.Parallel()
	kept, err := startStoreOf(t, localCommand{Store: "cookie"})
	if err != nil {
		t.Fatal(err)
	}
	key, err := base64.StdEncoding.DecodeString(kept.env["SESSION_STORE_KEYS"])
	if err != nil || len(key) != 32 {
		t.Errorf("the key has %d bytes, %v, want 32", len(key), err)
	}
	if kept.env["SESSION_STORE"] != "cookie" || !strings.Contains(kept.none, "--store cookie") {
		t.Errorf("got %+v", kept)
	}
	other, err := startStoreOf(t, localCommand{Store: "cookie"})
	if err != nil || other.env["SESSION_STORE_KEYS"] == kept.env["SESSION_STORE_KEYS"] {
		t.Errorf("the next run has the same key, %v", err)
	}
}

func TestStoreInMemory(t *testing.T) {
	t.Parallel()
	kept, err := startStoreOf(t, localCommand{Store: "memory"})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"SESSION_STORE": "memory"}, kept.env); diff != "" || !strings.Contains(kept.none, "--store memory") {
		t.Errorf("%s\n%s", diff, kept.none)
	}
}

func TestStoreInRedis(t *testing.T) {
	const elsewhere = "redis://:secret@example.com:6379"

	t.Run("starts one, and ends it", func(t *testing.T) {
		t.Setenv("REDIS_URL", "")
		kept, err := startStoreOf(t, localCommand{Store: "redis"})
		if err != nil {
			t.Fatal(err)
		}
		if kept.env["SESSION_STORE"] != "redis" || !strings.Contains(kept.none, "--store redis") {
			t.Errorf("got %+v", kept)
		}
		address := strings.TrimPrefix(kept.env["REDIS_URL"], "redis://")
		connection, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		_ = connection.Close()
		if err := kept.Close(); err != nil {
			t.Fatal(err)
		}
		if connection, err = net.Dial("tcp", address); err == nil {
			_ = connection.Close()
			t.Error("closed, it still listens")
		}
	})

	t.Run("takes the one that REDIS_URL names", func(t *testing.T) {
		t.Setenv("REDIS_URL", elsewhere)
		kept, err := startStoreOf(t, localCommand{Store: "redis"})
		if err != nil || kept.redis != nil || kept.env["REDIS_URL"] != elsewhere {
			t.Errorf("got %v, %v", kept.env, err)
		}
	})

	t.Run("takes the one that --env names", func(t *testing.T) {
		t.Setenv("REDIS_URL", "redis://other.example.com")
		kept, err := startStoreOf(t, localCommand{Store: "redis", Env: map[string]string{"REDIS_URL": elsewhere}})
		if err != nil || kept.redis != nil || kept.env["REDIS_URL"] != elsewhere {
			t.Errorf("got %v, %v", kept.env, err)
		}
	})

	t.Run("without a redis-server says what to install, and what else will do", func(t *testing.T) {
		t.Setenv("REDIS_URL", "")
		t.Setenv("REDIS_SERVER", "")
		t.Setenv("PATH", t.TempDir())
		_, err := startStoreOf(t, localCommand{Store: "redis"})
		for _, want := range []string{"Debian's package redis-server", "REDIS_URL", "--store cookie"} {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v, want %q in it", err, want)
			}
		}
	})
}
