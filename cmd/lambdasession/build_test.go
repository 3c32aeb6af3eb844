package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/console"
	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/template"
	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/watch"
)

func TestBuild(t *testing.T) {
	goCache, err := exec.CommandContext(t.Context(), "go", "env", "GOCACHE").Output()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("GOCACHE", strings.TrimSpace(string(goCache))) // it would move along
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	t.Setenv("GOOS", "plan9") // what somebody who deploys from this shell may have set
	aBuilder := &builder{tags: buildTags("dynamodb")}
	folder := func(name string) string {
		dir, err := filepath.Abs(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		return dir
	}

	t.Run("a function is built as for Lambda, for this machine, beside no source", func(t *testing.T) {
		bootstrap, err := aBuilder.compile(t.Context(), template.Function{ID: "Static", CodeDir: folder("static")})
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
		one, err := aBuilder.compile(t.Context(), template.Function{ID: "One", CodeDir: folder("static")})
		if err != nil {
			t.Fatal(err)
		}
		two, err := aBuilder.compile(t.Context(), template.Function{ID: "Two", CodeDir: folder("static")})
		if err != nil {
			t.Fatal(err)
		}
		if one == two {
			t.Errorf("both are %s", one)
		}
	})

	t.Run("a compile error is shown with its place", func(t *testing.T) {
		_, err := aBuilder.compile(t.Context(), template.Function{ID: "Broken", CodeDir: folder("broken")})
		if err == nil {
			t.Fatal("it was built")
		}
		for _, want := range []string{"building Broken in " + folder("broken"), "main.go:4:15: undefined: undefined"} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("the error is\n%v\nwant in it\n%s", err, want)
			}
		}
	})

	t.Run("what keeps it from being built, and its sources from being listed, is said once", func(t *testing.T) {
		source := t.TempDir() // without a go.mod
		if err := os.WriteFile(filepath.Join(source, "main.go"), []byte("package main\n\nfunc main() {}\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		watcher, err := watch.New()
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = watcher.Close() }()
		var said strings.Builder
		b := &builder{out: &terminal{w: &said}, journal: console.NewJournal(), watcher: watcher, folder: t.TempDir()}
		if _, err := b.build(t.Context(), template.Function{ID: "Lost", CodeDir: source}); err == nil || !strings.Contains(err.Error(), "go.mod") {
			t.Errorf("got %v", err)
		}
		if said.String() != "" {
			t.Errorf("it says before that\n%s", &said)
		}
	})

	t.Run("without a go command the error says so", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		_, err := aBuilder.compile(t.Context(), template.Function{ID: "Static", CodeDir: folder("static")})
		if err == nil || !strings.Contains(err.Error(), "install Go") {
			t.Errorf("got %v", err)
		}
	})
}
