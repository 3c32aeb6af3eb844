package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestConfirm(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, answer string
		want         error
	}{
		{"y is a yes", "y\n", nil},
		{"yes is one", "Yes\n", nil},
		{"no line's end is needed", "y", nil},
		{"n is a no", "n\n", errNotConfirmed},
		{"the enter key is a no", "\n", errNotConfirmed},
		{"the end of input is a no", "", errNotConfirmed},
		{"anything else is a no", "yesterday\n", errNotConfirmed},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var b strings.Builder
			if got := confirm(t.Context(), strings.NewReader(c.answer), &b, "Revoke?"); got != c.want {
				t.Errorf("got %v", got)
			}
			if !strings.HasPrefix(b.String(), "Revoke? [y/N] ") {
				t.Errorf("it asked %q", &b)
			}
		})
	}

	t.Run("Ctrl-C is a no, and leaves the line", func(t *testing.T) {
		t.Parallel()
		in, keyboard := io.Pipe()
		defer func() { _ = keyboard.Close() }()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		var b strings.Builder
		err := confirm(ctx, in, &b, "Revoke?")
		if !errors.Is(err, errNotConfirmed) || errorText(err) != "interrupted: nothing was revoked" {
			t.Errorf("got %v", err)
		}
		if b.String() != "Revoke? [y/N] \n" {
			t.Errorf("it printed %q", &b)
		}
	})
}

func TestIsTerminal(t *testing.T) {
	t.Parallel()
	for name, path := range map[string]string{
		"a file has nobody to answer":                                        filepath.Join(t.TempDir(), "answers"),
		"nor has what a program without input reads, which is a device, too": os.DevNull,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, err := os.OpenFile(path, os.O_RDONLY|os.O_CREATE, 0o600)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = f.Close() }()
			if isTerminal(f) {
				t.Error("it is a terminal")
			}
		})
	}
}
