package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The guide to stores, followed from an empty folder, ends in a store that keeps
// the contract; and the suite says what the guide shows where a clause is broken.
func TestGuideToStores(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile(filepath.Join(root, "docs", "store.md"))
	if err != nil {
		t.Fatal(err)
	}
	guide := string(b)
	files := map[string]string{}
	for _, block := range regexp.MustCompile("(?s)```go\n(// ([a-z_]+\\.go)\n.*?)```\n").FindAllStringSubmatch(guide, -1) {
		files[block[2]] = block[1]
	}
	if len(files) != 10 {
		t.Fatalf("the guide has %d files, want 10", len(files))
	}
	driver := match(t, guide, `go get (\S+)@(\S+)\n`)
	files["go.mod"] = "module example.com/sqlstore\n\ngo 1.26.0\n\nrequire " + driver[1] + " " + driver[2] + "\n"
	dir := inEmptyModule(t, files,
		[]string{"vet", "./..."},
		[]string{"test", "-count=1", "./..."},
	)

	change := match(t, guide, "(?s)```diff\n-(.*?\n)\\+(.*?\n)```")
	source := files["end.go"]
	if strings.Count(source, change[1]) != 1 {
		t.Fatalf("end.go has not one line %q", change[1])
	}
	if err := os.WriteFile(filepath.Join(dir, "end.go"), []byte(strings.Replace(source, change[1], change[2], 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), "go", append([]string{"test"}, strings.Fields(match(t, guide, "`go test (-run \\S+)`")[1])...)...)
	command.Dir = dir
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
	output, err := command.CombinedOutput()
	if err == nil {
		t.Fatal("with the clause broken the suite still passes")
	}
	duration := regexp.MustCompile(`\([0-9.]+s\)`)
	want := duration.ReplaceAllString(match(t, guide, "(?s)```\n(--- FAIL.*?)```")[1], "")
	if got := duration.ReplaceAllString(string(output), ""); !strings.HasPrefix(got, want) {
		t.Errorf("with the clause broken the suite says\n%s\nand the guide\n%s", got, want)
	}
}

// match returns the pattern's match and its groups.
func match(t *testing.T, text, pattern string) []string {
	t.Helper()
	found := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if found == nil {
		t.Fatalf("there is no %s in the guide", pattern)
	}
	return found
}
