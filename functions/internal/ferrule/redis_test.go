//go:build redis

package ferrule

import (
	"errors"
	"strings"
	"testing"

	"github.com/lambdasession/lambdasession-go/localtest"
	"github.com/lambdasession/lambdasession-go/store"
)

func TestSessionsInRedis(t *testing.T) {
	t.Parallel()
	server, err := localtest.StartRedis(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })

	sessions, _, err := openStore(t.Context(), env(map[string]string{"SESSION_STORE": "redis", "REDIS_URL": server.URL()}))
	if err != nil {
		t.Fatal(err)
	}
	wantItKeeps(t, sessions)
}

func TestARedisThatDoesNotAnswerYetIsNotTheEnd(t *testing.T) {
	t.Parallel()
	sessions, _, err := openStore(t.Context(), env(map[string]string{"SESSION_STORE": "redis", "REDIS_URL": "redis://127.0.0.1:1"}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sessions.Load(t.Context(), store.NewKey()); err == nil || errors.Is(err, store.ErrNotFound) {
		t.Errorf("loading without Redis: %v, want that it could not answer", err)
	}
}

func TestAnAddressOfRedisIsNeverQuoted(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "http://:hunter2@localhost", "redis://:hunter2@local host", "hunter2"} { // and none at all
		_, _, err := openStore(t.Context(), env(map[string]string{"SESSION_STORE": "redis", "REDIS_URL": address}))
		if err == nil || strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), "REDIS_URL") {
			t.Errorf("%s: got %v", address, err)
		}
	}
}
