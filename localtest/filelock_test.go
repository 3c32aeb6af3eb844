//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package localtest

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
)

func TestLockFile(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "lock")
	unlock, err := lockFile(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := lockFile(ctx, name); !errors.Is(err, context.Canceled) {
		t.Errorf("a lock that is held: %v; want to wait until the context ends", err)
	}

	unlock()
	unlock, err = lockFile(t.Context(), name)
	if err != nil {
		t.Fatalf("a lock that was given back: %v", err)
	}
	unlock()
}
