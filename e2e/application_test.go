package e2e

import (
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// application is a copy of testdata/app that a test may change: a module of its
// own, as its users have one, with this repository's library.
type application struct {
	t      *testing.T
	folder string
	local  *local
	cookie string // the visitor's
}

// startApplication makes a copy and runs it until the test ends.
func startApplication(t *testing.T, args ...string) *application {
	t.Helper()
	a := &application{t: t, folder: t.TempDir()}
	if err := os.CopyFS(a.folder, os.DirFS(filepath.Join("testdata", "app"))); err != nil {
		t.Fatal(err)
	}
	repository, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	const module = "github.com/lambdasession/lambdasession-go"
	mod := strings.Replace(a.read(filepath.Join(repository, "go.mod")), "module "+module, "module app", 1)
	a.write("go.mod", mod+"\nrequire "+module+" v0.0.0\n\nreplace "+module+" => "+repository+"\n")
	a.write("go.sum", a.read(filepath.Join(repository, "go.sum")))
	if a.local, err = startLocal(a.folder, args...); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("lambdasession local printed\n%s", a.local.output)
		}
	})
	return a
}

func (a *application) read(name string) string {
	a.t.Helper()
	content, err := os.ReadFile(name)
	if err != nil {
		a.t.Fatal(err)
	}
	return string(content)
}

func (a *application) write(name, content string) {
	a.t.Helper()
	if err := os.WriteFile(filepath.Join(a.folder, name), []byte(content), 0o600); err != nil {
		a.t.Fatal(err)
	}
}

// edit replaces a text in a file.
func (a *application) edit(name, old, by string) {
	a.t.Helper()
	content := a.read(filepath.Join(a.folder, name))
	if !strings.Contains(content, old) {
		a.t.Fatalf("there is no %q in %s", old, name)
	}
	a.write(name, strings.Replace(content, old, by, 1))
}

// says waits for a line after those that it has waited for before.
func (a *application) says(pattern string) string {
	a.t.Helper()
	line, err := a.local.output.next(regexp.MustCompile(pattern))
	if err != nil {
		a.t.Fatal(err)
	}
	return line
}

// visit returns the page, which the visitor asks for with the cookie.
func (a *application) visit() string {
	a.t.Helper()
	request, err := http.NewRequestWithContext(a.t.Context(), http.MethodGet, a.local.url, nil)
	if err != nil {
		a.t.Fatal(err)
	}
	if a.cookie != "" {
		request.AddCookie(&http.Cookie{Name: sessionCookie, Value: a.cookie})
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		a.t.Fatal(err)
	}
	defer response.Body.Close()
	for _, cookie := range response.Cookies() {
		if cookie.Name == sessionCookie {
			a.cookie = cookie.Value
		}
	}
	page, err := io.ReadAll(response.Body)
	if err != nil {
		a.t.Fatal(err)
	}
	return string(page)
}

// wants checks the next visit's page.
func (a *application) wants(page string) {
	a.t.Helper()
	if got := a.visit(); got != page {
		a.t.Errorf("the page says %q, want %q", got, page)
	}
}
