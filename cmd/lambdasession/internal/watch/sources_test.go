package watch_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/watch"
)

// write writes files, given by their paths below dir, each with its content.
func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, content := range files {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// project is a program in app/cmd that uses two packages of its own module, one
// that is missing, and one of a module beside it.
func project(t *testing.T) (dir string) {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, map[string]string{
		"app/go.mod":                "module app\n\ngo 1.26\n\nrequire lib v0.0.0\n\nreplace lib => ../lib\n",
		"app/cmd/main.go":           "package main\n\nimport (\n\t_ \"app/page\"\n\t_ \"app/missing/deep\"\n\t_ \"fmt\"\n\t_ \"lib/money\"\n)\n\nfunc main() {}\n",
		"app/cmd/main_test.go":      "package main\n",
		"app/cmd/plan9.go":          "//go:build plan9\n\npackage main\n",
		"app/page/page.go":          "package page\n\nimport \"embed\"\n\n//go:embed assets *.html\nvar files embed.FS\n\n//go:embed all:raw/v1\nvar raw embed.FS\n",
		"app/page/index.html":       "",
		"app/page/assets/style.css": "",
		"app/page/assets/empty/_x":  "",
		"app/page/raw/v1/_headers":  "",
		"app/page/raw/v2/_headers":  "",
		"app/other/other.go":        "package other\n",
		"lib/go.mod":                "module lib\n\ngo 1.26\n",
		"lib/money/money.go":        "package money\n",
		"lib/rest/rest.go":          "package rest\n",
	})
	return dir
}

func list(t *testing.T, folder string) watch.Sources {
	t.Helper()
	s, err := watch.List(t.Context(), goCommand(folder))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// goCommand makes calls of the go command in a folder.
func goCommand(folder string) func(ctx context.Context, args ...string) *exec.Cmd {
	return func(ctx context.Context, args ...string) *exec.Cmd {
		command := exec.CommandContext(ctx, "go", args...)
		command.Dir = folder
		command.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off")
		return command
	}
}

func TestList(t *testing.T) {
	t.Parallel()
	dir := project(t)
	sources := list(t, filepath.Join(dir, "app", "cmd"))

	for _, c := range []struct {
		name, path string
		want       bool
	}{
		{"its own source", "app/cmd/main.go", true},
		{"a source that it does not have yet", "app/cmd/new.go", true},
		{"a source for another system, which could become one for this", "app/cmd/plan9.go", true},
		{"assembly", "app/cmd/fast_amd64.s", true},
		{"the source of a package of the module", "app/page/page.go", true},
		{"the folder of a package, which may go", "app/page", true},
		{"the source of a module that stands beside", "lib/money/money.go", true},
		{"the source of a package that is missing", "app/missing/deep/deep.go", true},
		{"an embedded file", "app/page/assets/style.css", true},
		{"a file that would be embedded", "app/page/assets/img/new.svg", true},
		{"a file that a pattern would take", "app/page/about.html", true},
		{"a hidden file embedded by all:", "app/page/raw/v1/_headers", true},
		{"the module's choice of versions", "app/go.mod", true},
		{"their sums", "app/go.sum", true},
		{"the choice of versions of the module beside", "lib/go.mod", true},

		{"a test", "app/cmd/main_test.go", false},
		{"what an editor keeps beside a source", "app/cmd/.#main.go", false},
		{"what another one keeps", "app/cmd/main.go~", false},
		{"something that is no source", "app/cmd/README.md", false},
		{"a package of the module that it does not use", "app/other/other.go", false},
		{"a package of the module beside that it does not use", "lib/rest/rest.go", false},
		{"a file beside the embedded ones", "app/page/notes.txt", false},
		{"a hidden file that is not embedded", "app/page/assets/_draft.css", false},
		{"a folder beside an embedded one", "app/page/raw/v2/_headers", false},
		{"a folder below a package", "app/cmd/testdata/x.go", false},
		{"a file of the folder above", "go.mod", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := sources.Holds(filepath.Join(dir, filepath.FromSlash(c.path))); got != c.want {
				t.Errorf("%s belongs to it: %t, want %t", c.path, got, c.want)
			}
		})
	}

	t.Run("a workspace is the program's choice of versions as well", func(t *testing.T) {
		t.Parallel()
		dir := project(t)
		write(t, dir, map[string]string{"go.work": "go 1.26\n\nuse ./app\n"})
		sources, err := watch.List(t.Context(), func(ctx context.Context, args ...string) *exec.Cmd {
			command := goCommand(filepath.Join(dir, "app", "cmd"))(ctx, args...)
			command.Env = append(command.Env, "GOWORK=", "GOFLAGS=")
			return command
		})
		if err != nil {
			t.Fatal(err)
		}
		if !sources.Holds(filepath.Join(dir, "go.work")) {
			t.Error("it is not")
		}
	})

	t.Run("where the go command finds no module the error is its own", func(t *testing.T) {
		t.Parallel()
		dir := t.TempDir()
		write(t, dir, map[string]string{"main.go": "package main\n", "go.mod": "modul app\n"})
		_, err := watch.List(t.Context(), goCommand(dir))
		if err == nil {
			t.Error("there is none")
		}
	})
}
