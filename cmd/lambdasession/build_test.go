package main

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/template"
)

func TestBuild(t *testing.T) {
	goCache, err := exec.CommandContext(t.Context(), "go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOCACHE", strings.TrimSpace(string(goCache))) // it would move along
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("GOOS", "plan9") // what somebody who deploys from this shell may have set
	folder := func(name string) string {
		dir, err := filepath.Abs(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		return dir
	}

	t.Run("a function is built as for Lambda, for this machine, beside no source", func(t *testing.T) {
		bootstrap, err := build(t.Context(), template.Function{ID: "Static", CodeDir: folder("static")})
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(bootstrap, folder(".")) {
			t.Errorf("it was built into the source: %s", bootstrap)
		}
		output, err := exec.CommandContext(t.Context(), bootstrap).Output()
		if err != nil || string(output) != "built: Lambda\n" {
			t.Errorf("it says %q, error %v", output, err)
		}
	})

	t.Run("functions of one folder do not overwrite each other", func(t *testing.T) {
		one, err := build(t.Context(), template.Function{ID: "One", CodeDir: folder("static")})
		if err != nil {
			t.Fatal(err)
		}
		two, err := build(t.Context(), template.Function{ID: "Two", CodeDir: folder("static")})
		if err != nil {
			t.Fatal(err)
		}
		if one == two {
			t.Errorf("both are %s", one)
		}
	})

	t.Run("a compile error is shown with its place", func(t *testing.T) {
		_, err := build(t.Context(), template.Function{ID: "Broken", CodeDir: folder("broken")})
		if err == nil {
			t.Fatal("it was built")
		}
		for _, want := range []string{"building Broken in " + folder("broken"), "main.go:4:15: undefined: undefined"} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("the error is\n%v\nwant in it\n%s", err, want)
			}
		}
	})

	t.Run("without a go command the error says so", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		_, err := build(t.Context(), template.Function{ID: "Static", CodeDir: folder("static")})
		if err == nil || !strings.Contains(err.Error(), "install Go") {
			t.Errorf("got %v", err)
		}
	})
}
