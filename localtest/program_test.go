//go:build unix

package localtest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestProgram(t *testing.T) {
	t.Parallel()
	shell := func(script string) func(string) []string {
		return func(dir string) []string { return []string{"/bin/sh", "-c", script, "sh", dir} }
	}

	t.Run("one that runs has not ended", func(t *testing.T) {
		t.Parallel()
		p, err := startProgram(`kill -s KILL "$child"`, shell("exec sleep 600"))
		if err != nil {
			t.Fatal(err)
		}
		if err := newServer("http://127.0.0.1:1", p).crashed(); err != nil {
			t.Error(err)
		}
		if err := p.stop(); err != nil {
			t.Error(err)
		}
	})

	t.Run("one that has ended by itself says what it printed last", func(t *testing.T) {
		t.Parallel()
		p, err := startProgram("", shell("i=0; while [ $i -lt 30 ]; do echo line $i; i=$((i+1)); done; echo out of memory >&2; exit 3"))
		if err != nil {
			t.Fatal(err)
		}
		if err := p.ended(time.Minute); err == nil {
			t.Error("it has not ended")
		}
		err = newServer("http://127.0.0.1:1", p).crashed()
		if err == nil || !strings.HasSuffix(err.Error(), "line 28\n\tline 29\n\tout of memory") || strings.Contains(err.Error(), "line 10\n") {
			t.Errorf("error is %v", err)
		}
		if err := p.stop(); err != nil {
			t.Error(err)
		}
	})

	t.Run("its temporary files go with it", func(t *testing.T) {
		t.Parallel()
		var dir string
		p, err := startProgram(`kill -s KILL "$child"`, func(d string) []string {
			dir = d
			return shell(`mkdir -p "$1/deep" && touch "$1/deep/file" && echo done; exec sleep 600`)(d)
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := p.waitUntil(t.Context(), func() bool { return p.printed() == "done\n" }); err != nil {
			t.Error(err)
		}
		if err := p.stop(); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(dir); !os.IsNotExist(err) {
			t.Errorf("its folder: %v", err)
		}
	})

	t.Run("one that cannot be started says so", func(t *testing.T) {
		t.Parallel()
		p, err := startProgram("", func(string) []string { return []string{filepath.Join(t.TempDir(), "nothing")} })
		if err != nil {
			t.Fatal(err)
		}
		if err := p.waitUntil(t.Context(), func() bool { return false }); err == nil || !strings.Contains(err.Error(), "not found") {
			t.Errorf("error is %v", err)
		}
		if err := p.stop(); err != nil {
			t.Error(err)
		}
	})
}
