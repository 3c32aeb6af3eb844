package e2e

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"
)

// webTools returns the folder of axe-core and the Nu Html Checker, which npm
// fetches once for web/package-lock.json, into the user's cache.
var webTools = sync.OnceValues(func() (string, error) {
	lock, err := os.ReadFile("web/package-lock.json")
	if err != nil {
		return "", err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	modules := filepath.Join(cache, "lambdasession", fmt.Sprintf("web-%x", sha256.Sum256(lock))[:20])
	if _, err := os.Stat(modules); err == nil {
		return modules, nil
	}
	if err := os.MkdirAll(filepath.Dir(modules), 0o755); err != nil {
		return "", err
	}
	dir, err := os.MkdirTemp(filepath.Dir(modules), "download-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(dir)
	if err := os.CopyFS(dir, os.DirFS("web")); err != nil {
		return "", err
	}
	// No scripts: the checker's would fetch a Java of its own.
	install := exec.Command("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	install.Dir = dir
	if output, err := install.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm ci (Debian: apt-get install npm): %w\n%s", err, output)
	}
	if err := os.Rename(filepath.Join(dir, "node_modules"), modules); err != nil {
		if _, there := os.Stat(modules); there != nil { // nobody else was faster
			return "", err
		}
	}
	return modules, nil
})

func webTool(t *testing.T, path string) string {
	t.Helper()
	modules, err := webTools()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(modules, filepath.FromSlash(path))
}

// A finding is what axe holds against a page.
type finding struct {
	ID     string   `json:"id"`
	Impact string   `json:"impact"`
	Help   string   `json:"help"`
	Where  []string `json:"where"`
}

// wantAccessible checks the page that is open with axe-core. Nothing is let
// pass, however slight. It gets in by the debugger, where no policy holds it off.
func (b *browser) wantAccessible(what string) {
	b.t.Helper()
	axe, err := os.ReadFile(webTool(b.t, "axe-core/axe.min.js"))
	if err != nil {
		b.t.Fatal(err)
	}
	findings, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]finding](string(axe)+`;
		axe.run().then(r => r.violations.map(v =>
			({id: v.id, impact: v.impact, help: v.help, where: v.nodes.map(n => n.html + " " + n.failureSummary)})))`,
		chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatal(err)
	}
	for _, f := range findings {
		b.t.Errorf("%s: %s (%s): %s\n%s", what, f.Help, f.Impact, f.ID, strings.Join(f.Where, "\n"))
	}
}

// wantValid checks pages, by their names, with the Nu Html Checker.
func wantValid(t *testing.T, pages map[string]string) {
	t.Helper()
	dir := t.TempDir()
	names := map[string]string{} // of files
	checker := exec.Command("java", "-jar", webTool(t, "vnu-jar/build/dist/vnu.jar"), "--format", "json")
	for what, source := range pages {
		file := filepath.Join(dir, fmt.Sprintf("%d.html", len(names)))
		if err := os.WriteFile(file, []byte(source), 0o644); err != nil {
			t.Fatal(err)
		}
		names[filepath.Base(file)] = what
		checker.Args = append(checker.Args, file)
	}
	var output bytes.Buffer
	checker.Stderr = &output
	failed := checker.Run() // with status 1, if there is something to say
	var report struct {
		Messages []struct{ Type, URL, Message, Extract string }
	}
	if err := json.Unmarshal(output.Bytes(), &report); err != nil {
		t.Fatalf("the Nu Html Checker (it needs Java 11 or later): %v, %v\n%s", failed, err, &output)
	}
	for _, m := range report.Messages {
		t.Errorf("%s: %s: %s\n%s", names[filepath.Base(m.URL)], m.Type, m.Message, m.Extract)
	}
}
