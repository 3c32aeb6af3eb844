package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestWhatSamBuiltServesTheShop visits the shop as it would be deployed, but for
// the machine it runs on: the programs are those that sam has built.
func TestWhatSamBuiltServesTheShop(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	architecture := runtime.GOARCH
	if architecture == "amd64" {
		architecture = "x86_64" // as Lambda calls it
	}
	script, err := filepath.Abs(filepath.Join(root, "scripts", "sam-build"))
	if err != nil {
		t.Fatal(err)
	}
	build := exec.CommandContext(t.Context(), script, "--build-dir", folder)
	build.Env = append(os.Environ(), "ARCHITECTURE="+architecture)
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("scripts/sam-build: %v\n%s", err, output)
	}
	template := filepath.Join(folder, "template.yaml")
	shop := startShop(t, "--template", template)
	for _, name := range []string{"ShopFunction", "ApiFunction", "ReportFunction", "LegacyFunction"} {
		if want := "taking " + name + " as it is built"; !strings.Contains(shop.output.String(), want) {
			t.Errorf("the command did not print %q", want)
		}
	}
	visitInBrowser(t, shop)
}
