package watch_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/watch"
)

// patience is for what takes as long as it takes on a busy machine.
const patience = time.Minute

// start watches the program of a project, by the name Shop.
func start(t *testing.T, dir string) *watch.Watcher {
	t.Helper()
	w, err := watch.New()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
		if _, more := <-w.Changes(); more {
			t.Error("after Close there is a change")
		}
	})
	if err := w.Set("Shop", list(t, filepath.Join(dir, "app", "cmd"))); err != nil {
		t.Fatal(err)
	}
	return w
}

// want waits for a change of those programs. What does not belong to any of them
// is not to be seen; so each test that expects silence ends it with a change.
func want(t *testing.T, w *watch.Watcher, names ...string) {
	t.Helper()
	select {
	case got := <-w.Changes():
		if diff := cmp.Diff(names, got); diff != "" {
			t.Fatal(diff)
		}
	case <-time.After(patience):
		t.Fatalf("no change of %v", names)
	}
}

func TestWatcher(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(t *testing.T, at func(string) string)
	}{
		{"a source that is written", func(t *testing.T, at func(string) string) {
			write(t, at("app/cmd"), map[string]string{"main.go": "package main\n\nfunc main() {}\n"})
		}},
		{"a source that an editor moves over the old one", func(t *testing.T, at func(string) string) {
			write(t, at("app/cmd"), map[string]string{".main.go.new": "package main\n\nfunc main() {}\n"})
			move(t, at("app/cmd/.main.go.new"), at("app/cmd/main.go"))
		}},
		{"a source that is new", func(t *testing.T, at func(string) string) {
			write(t, at("app/page"), map[string]string{"title.go": "package page\n"})
		}},
		{"a source that is gone", func(t *testing.T, at func(string) string) {
			remove(t, at("lib/money/money.go"))
		}},
		{"an embedded file", func(t *testing.T, at func(string) string) {
			write(t, at("app/page/assets"), map[string]string{"style.css": "body {}"})
		}},
		{"a file that becomes embedded in a folder where none was", func(t *testing.T, at func(string) string) {
			write(t, at("app/page/assets/empty"), map[string]string{"new.svg": ""})
		}},
		{"the choice of versions", func(t *testing.T, at func(string) string) {
			write(t, at("app"), map[string]string{"go.sum": "\n"})
		}},
		{"a package that was missing", func(t *testing.T, at func(string) string) {
			write(t, at("app/missing/deep"), map[string]string{"deep.go": "package deep\n"})
		}},
		{"a package whose folder goes", func(t *testing.T, at func(string) string) {
			remove(t, at("lib"))
		}},
		{"a package whose folder is moved away", func(t *testing.T, at func(string) string) {
			move(t, at("app/page"), at("app/pages"))
		}},
	} {
		t.Run(c.name+" is a change", func(t *testing.T) {
			t.Parallel()
			dir := project(t)
			w := start(t, dir)
			c.change(t, func(name string) string { return filepath.Join(dir, filepath.FromSlash(name)) })
			want(t, w, "Shop")
		})
	}

	t.Run("a change belongs to the programs that use the file, and to no other", func(t *testing.T) {
		t.Parallel()
		dir := project(t)
		w := start(t, dir)
		write(t, dir, map[string]string{
			"app/admin/main.go": "package main\n\nimport _ \"lib/money\"\n\nfunc main() {}\n",
			"template.yaml":     "",
		})
		if err := w.Set("Admin", list(t, filepath.Join(dir, "app", "admin"))); err != nil {
			t.Fatal(err)
		}
		if err := w.Set("template.yaml", watch.Files(filepath.Join(dir, "template.yaml"))); err != nil {
			t.Fatal(err)
		}
		write(t, dir, map[string]string{"app/admin/main.go": "package main\n"})
		want(t, w, "Admin")
		write(t, dir, map[string]string{"app/page/page.go": "package page\n"})
		want(t, w, "Shop")
		write(t, dir, map[string]string{"lib/money/money.go": "package money // too\n"})
		want(t, w, "Admin", "Shop")
		write(t, dir, map[string]string{"template.yaml": "Resources: {}\n"})
		want(t, w, "template.yaml")
	})

	t.Run("what belongs to no program is no change", func(t *testing.T) {
		t.Parallel()
		dir := project(t)
		w := start(t, dir)
		if err := w.Set("last", watch.Files(filepath.Join(dir, "last"))); err != nil {
			t.Fatal(err)
		}
		write(t, dir, map[string]string{
			"app/cmd/main_test.go": "package main // too\n",
			"app/cmd/README.md":    "",
			"app/other/other.go":   "package other // too\n",
			"app/page/notes.txt":   "",
		})
		if err := os.Chmod(filepath.Join(dir, "app", "cmd", "main.go"), 0o644); err != nil {
			t.Fatal(err)
		}
		write(t, dir, map[string]string{"last": ""})
		want(t, w, "last")
	})

	t.Run("a folder that goes and comes back is watched again", func(t *testing.T) {
		t.Parallel()
		dir := project(t)
		w := start(t, dir)
		remove(t, filepath.Join(dir, "lib"))
		want(t, w, "Shop")
		write(t, dir, map[string]string{"lib/money/money.go": "package money\n"})
		want(t, w, "Shop")
		write(t, dir, map[string]string{"lib/money/money.go": "package money // again\n"})
		want(t, w, "Shop")
	})

	t.Run("a folder that comes in place of another is watched", func(t *testing.T) {
		t.Parallel()
		dir := project(t)
		w := start(t, dir)
		write(t, dir, map[string]string{"next/money/money.go": "package money\n"})
		move(t, filepath.Join(dir, "lib"), filepath.Join(dir, "before"))
		want(t, w, "Shop")
		move(t, filepath.Join(dir, "next"), filepath.Join(dir, "lib"))
		want(t, w, "Shop")
		write(t, dir, map[string]string{"before/money/money.go": "package money // before\n"})
		write(t, dir, map[string]string{"lib/money/money.go": "package money // after\n"})
		want(t, w, "Shop")
	})

	t.Run("a folder that is replaced at once is watched in its place", func(t *testing.T) {
		t.Parallel()
		dir := project(t)
		w := start(t, dir)
		write(t, dir, map[string]string{"next/money/money.go": "package money\n"})
		resume := w.Delay()
		move(t, filepath.Join(dir, "lib"), filepath.Join(dir, "before"))
		move(t, filepath.Join(dir, "next"), filepath.Join(dir, "lib"))
		resume()
		want(t, w, "Shop")
		write(t, dir, map[string]string{"lib/money/money.go": "package money // after\n"})
		want(t, w, "Shop")
	})

	t.Run("many files at once are one change", func(t *testing.T) {
		t.Parallel()
		dir := project(t)
		w := start(t, dir)
		if err := w.Set("last", watch.Files(filepath.Join(dir, "last"))); err != nil {
			t.Fatal(err)
		}
		files := map[string]string{"last": ""}
		for i := range 20 {
			files[fmt.Sprintf("app/cmd/file%d.go", i)] = "package main\n"
		}
		write(t, dir, files)
		want(t, w, "Shop", "last")
	})

	t.Run("sources that are set anew are watched in place of the old ones", func(t *testing.T) {
		t.Parallel()
		dir := project(t)
		w := start(t, dir)
		write(t, dir, map[string]string{"app/cmd/main.go": "package main\n\nimport _ \"app/other\"\n\nfunc main() {}\n"})
		want(t, w, "Shop")
		if err := w.Set("Shop", list(t, filepath.Join(dir, "app", "cmd"))); err != nil {
			t.Fatal(err)
		}
		write(t, dir, map[string]string{"lib/money/money.go": "package money // not used any more\n"})
		write(t, dir, map[string]string{"app/other/other.go": "package other // used now\n"})
		want(t, w, "Shop")
	})
}

func move(t *testing.T, from, to string) {
	t.Helper()
	if err := os.Rename(from, to); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, name string) {
	t.Helper()
	if err := os.RemoveAll(name); err != nil {
		t.Fatal(err)
	}
}
