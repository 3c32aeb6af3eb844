package template

import (
	"os"
	"path/filepath"
	"testing"
)

func TestAFolderWithABootstrapAndNoSourceIsBuilt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		files []string
		want  bool
	}{
		{"as sam build leaves it", []string{"bootstrap"}, true},
		{"not with the source beside it, which may be newer", []string{"bootstrap", "main.go"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := os.Mkdir(filepath.Join(dir, "shop"), 0o700); err != nil {
				t.Fatal(err)
			}
			for _, file := range c.files {
				if err := os.WriteFile(filepath.Join(dir, "shop", file), nil, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			read, err := parse("template.yaml", dir, []byte(shop), nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := read.Functions[0].Built; got != c.want {
				t.Errorf("with %v it is built: %t, want %t", c.files, got, c.want)
			}
		})
	}
}
