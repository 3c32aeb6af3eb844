package e2e

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"
)

// The guide to localtest, followed from an empty folder, ends in tests that pass.
func TestGuideToLocaltest(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile(filepath.Join(root, "docs", "localtest.md"))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, block := range regexp.MustCompile("(?s)```go\n(// ([a-z_]+\\.go)\n.*?)```\n").FindAllStringSubmatch(string(guide), -1) {
		files[block[2]] = block[1]
	}
	if len(files) != 5 {
		t.Fatalf("the guide has %d files, want 5", len(files))
	}
	inEmptyModule(t, files,
		[]string{"vet", "./..."},
		[]string{"test", "-count=1", "./..."},
	)
}
