package e2e

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/lambdasession/lambdasession-go/localtest"
)

// The handler of the README, pasted into an empty module, compiles, and under
// a Lambda runtime it remembers its visitor.
func TestHandlerOfTheREADME(t *testing.T) {
	t.Parallel()
	db := localtest.DynamoDB(t)
	function, err := localtest.StartFunction(t.Context(), localtest.FunctionConfig{
		Name:      "readme",
		Bootstrap: buildInEmptyModule(t, handlerOfTheREADME(t)),
		Env: map[string]string{
			"SESSION_TABLE":             db.Table(),
			"AWS_ENDPOINT_URL_DYNAMODB": db.Endpoint(),
		},
		Log: func(_, line string) { fmt.Fprintln(t.Output(), line) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = function.Close() })
	server := httptest.NewServer(localtest.Gateway(localtest.HTTPAPI, function))
	t.Cleanup(server.Close)

	var cookies []*http.Cookie
	for visit := 1; visit <= 3; visit++ {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		for _, cookie := range cookies {
			req.AddCookie(cookie)
		}
		res, err := server.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if want := fmt.Sprintf("visit %d\n", visit); err != nil || string(body) != want {
			t.Fatalf("got %d %q, %v, want %q", res.StatusCode, body, err, want)
		}
		if visit == 1 {
			cookies = res.Cookies()
		}
	}
}

// handlerOfTheREADME returns the first Go block of the README.
func handlerOfTheREADME(t *testing.T) string {
	t.Helper()
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, after, found := strings.Cut(string(readme), "```go\n")
	source, _, closed := strings.Cut(after, "```\n")
	if !found || !closed {
		t.Fatal("the README has no block of Go")
	}
	return source
}

// buildInEmptyModule does what a new user does and returns the program's path.
func buildInEmptyModule(t *testing.T, source string) string {
	t.Helper()
	dir := inEmptyModule(t, map[string]string{"main.go": source},
		[]string{"build", "-tags", "lambda.norpc", "-o", "bootstrap", "."})
	return filepath.Join(dir, "bootstrap")
}

// inEmptyModule puts the files into a new module and runs the go command there.
// It returns the module's folder. A go.mod among the files is completed.
func inEmptyModule(t *testing.T, files map[string]string, commands ...[]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, source := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(source), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	here, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	const library = "github.com/lambdasession/lambdasession-go"
	var begin [][]string
	if _, begun := files["go.mod"]; !begun {
		begin = [][]string{{"mod", "init", "example.com/visits"}}
	}
	for _, args := range slices.Concat(begin, [][]string{
		{"mod", "edit", "-require=" + library + "@v0.0.0", "-replace=" + library + "=" + here},
		{"mod", "tidy"},
	}, commands) {
		command := exec.CommandContext(t.Context(), "go", args...)
		command.Dir = dir
		command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOWORK=off")
		if output, err := command.CombinedOutput(); err != nil {
			t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, output)
		}
	}
	return dir
}
