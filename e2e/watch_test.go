package e2e

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestWatch is a developer's round: look, change a line, look again.
func TestWatch(t *testing.T) {
	t.Parallel()
	app := startApplication(t, "--parameter", "Title=Guests")

	t.Run("a changed line is seen, and the session is kept", func(t *testing.T) {
		app.wants("Guests: number 1")
		app.edit("visits/main.go", `"%s: %s %d"`, `"%s, %s %d"`)
		app.says(`rebuilding Visits, process \d+ started \.+ +\d+ ms$`)
		app.wants("Guests, number 2")
	})

	t.Run("so is one in a package that the function uses", func(t *testing.T) {
		app.edit("visits/words/words.go", `"number"`, `"no."`)
		app.says(`rebuilding Visits, process \d+ started \.+ +\d+ ms$`)
		app.wants("Guests, no. 3")
	})

	t.Run("a compile error is shown, the program before goes on, and the next change mends it", func(t *testing.T) {
		app.edit("visits/main.go", `return n + 1, nil`, `return n + one, nil`)
		app.says(`rebuilding Visits \.+ failed$`)
		app.says(`main\.go:\d+:\d+: undefined: one$`)
		app.says(`^Visits goes on with the program from before$`)
		app.wants("Guests, no. 4")
		if page := get(t, app.local.console(t)); !strings.Contains(page, "undefined: one") {
			t.Errorf("the console does not show it:\n%s", page)
		}
		app.edit("visits/main.go", `n + one`, `n + 10`)
		app.says(`rebuilding Visits, process \d+ started \.+ +\d+ ms$`)
		app.wants("Guests, no. 14")
		if page := get(t, app.local.console(t)); strings.Contains(page, "undefined: one") {
			t.Errorf("the console still shows it:\n%s", page)
		}
	})

	t.Run("the console shows what the requests did to the table, and the session", func(t *testing.T) {
		page := get(t, app.local.console(t))
		for _, want := range []string{"UpdateItem", "GetItem", "$default"} {
			if !strings.Contains(page, want) {
				t.Errorf("there is no %s in\n%s", want, page)
			}
		}
		if page := get(t, app.local.console(t)+"/sessions"); !strings.Contains(page, "visits") || strings.Contains(page, app.cookie) {
			t.Errorf("it does not show the session, or its cookie:\n%s", page)
		}
	})

	t.Run("what it prints to list the sessions does so", func(t *testing.T) {
		line, err := app.local.output.wait(regexp.MustCompile(`^    AWS_ENDPOINT_URL_DYNAMODB=`))
		if err != nil {
			t.Fatal(err)
		}
		shell := exec.CommandContext(t.Context(), "sh", "-c", line)
		shell.Env = append(os.Environ(), "PATH="+filepath.Dir(command)+string(os.PathListSeparator)+os.Getenv("PATH"))
		output, err := shell.CombinedOutput()
		if err != nil || !strings.Contains(string(output), "live") {
			t.Errorf("%s\nends with %v and\n%s", line, err, output)
		}
	})

	t.Run("a changed template is announced", func(t *testing.T) {
		app.edit("template.yaml", "Default: Visits", "Default: Calls")
		app.says(`^template\.yaml changed: Ctrl-C and start again to apply it$`)
	})

	t.Run("Ctrl-C ends it with a stream and a build under way, and nothing is left", func(t *testing.T) {
		stream := app.openStream()
		defer stream.Close()
		app.edit("visits/words/words.go", `"no."`, `"nr."`)
		for !strings.Contains(app.local.output.String(), "rebuilding Visits ...") {
			app.visit() // whose line makes the one under way end
		}
		if err := app.local.end(os.Interrupt); err != nil {
			t.Error(err)
		}
		if _, err := io.Copy(io.Discard, stream); err == nil {
			t.Error("the stream has come to an end of its own")
		}
	})
}

// openStream asks the function URL of Ticks, and returns its answer once it has
// begun.
func (a *application) openStream() io.ReadCloser {
	a.t.Helper()
	address, err := url.Parse(a.local.url)
	if err != nil {
		a.t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, address.String(), nil)
	if err != nil {
		a.t.Fatal(err)
	}
	request.Host = "ticks.localhost:" + address.Port()
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		a.t.Fatal(err)
	}
	if line, err := bufio.NewReaderSize(response.Body, 16).ReadString('\n'); err != nil || line != "tick\n" {
		a.t.Fatalf("the stream begins with %q, error %v", line, err)
	}
	return response.Body
}

func get(t *testing.T, address string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	page, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}
