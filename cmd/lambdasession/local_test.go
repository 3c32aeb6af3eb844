package main

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

// localRun is a "lambdasession local" of testdata/app within this process.
type localRun struct {
	url    string
	output *transcript
}

// startLocal starts one and ends it with the test.
func startLocal(t *testing.T, command localCommand) *localRun {
	t.Helper()
	command.Template = cmp.Or(command.Template, filepath.Join("testdata", "app", "template.yaml"))
	command.Host = "127.0.0.1"
	ctx, cancel := context.WithCancel(context.Background())
	output := &transcript{grown: make(chan struct{})}
	ended := make(chan error, 1)
	go func() {
		ended <- command.Run(ctx, &terminal{w: output})
		output.end()
	}()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("it ended with %v", err)
		}
	})
	ready := output.wait(t, `^Ready after `)
	return &localRun{url: ready[strings.Index(ready, "http://"):], output: output}
}

// transcript is what a command has printed so far. What a function prints and
// what the command says of it come in no fixed order.
type transcript struct {
	mu    sync.Mutex
	text  strings.Builder // guarded by mu
	read  int             // how much of it next has passed; guarded by mu
	ended bool            // guarded by mu
	grown chan struct{}   // closed, and replaced, when there is more; guarded by mu
}

func (tr *transcript) Write(p []byte) (int, error) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.grow()
	return tr.text.Write(p)
}

func (tr *transcript) end() {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.ended = true
	tr.grow()
}

// grow wakes who waits for more. The caller holds mu.
func (tr *transcript) grow() {
	close(tr.grown)
	tr.grown = make(chan struct{})
}

// wait returns the first line that matches, as soon as there is one.
func (tr *transcript) wait(t *testing.T, expression string) string {
	t.Helper()
	return tr.find(t, expression, false)
}

// next is wait for lines after the one that the last next has returned.
func (tr *transcript) next(t *testing.T, expression string) string {
	t.Helper()
	return tr.find(t, expression, true)
}

func (tr *transcript) find(t *testing.T, expression string, next bool) string {
	t.Helper()
	pattern := regexp.MustCompile(expression)
	timeout := time.After(time.Minute)
	for {
		tr.mu.Lock()
		text, ended, grown := tr.text.String(), tr.ended, tr.grown
		from := 0
		if next {
			from = tr.read
		}
		for line := range strings.Lines(text[from:]) {
			from += len(line)
			whole, isWhole := strings.CutSuffix(line, "\n")
			if isWhole && pattern.MatchString(whole) {
				if next {
					tr.read = from
				}
				tr.mu.Unlock()
				return whole
			}
		}
		tr.mu.Unlock()
		if ended {
			t.Fatalf("it ended without a line like %s:\n%s", pattern, text)
		}
		select {
		case <-grown:
		case <-timeout:
			t.Fatalf("it printed no line like %s:\n%s", pattern, text)
		}
	}
}

func (r *localRun) get(t *testing.T, path string) (status int, body string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Close = true // no connection stays open
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(content)
}

func TestLocal(t *testing.T) {
	t.Parallel()

	t.Run("functions answer, their output and every request is shown", func(t *testing.T) {
		t.Parallel()
		run := startLocal(t, localCommand{Store: "memory"})
		if status, body := run.get(t, "/hello/Ada?token=hunter2"); status != 200 || body != "hello Ada" {
			t.Errorf("got %d %q, want 200 and a greeting", status, body)
		}
		run.output.wait(t, `^Hello [0-9a-f]{8} \| .* greeting at /hello/Ada$`)
		run.output.wait(t, `^GET +/hello/Ada +200 +\d+ ms$`)
	})

	t.Run("--env goes over the template", func(t *testing.T) {
		t.Parallel()
		run := startLocal(t, localCommand{Store: "memory", Env: map[string]string{"GREETING": "moin"}})
		if _, body := run.get(t, "/hello/Ada"); body != "moin Ada" {
			t.Errorf("got %q", body)
		}
	})

	t.Run("--store memory tells the function so", func(t *testing.T) {
		t.Parallel()
		run := startLocal(t, localCommand{Store: "memory"})
		if _, body := run.get(t, "/where"); body != `Visits at , sessions in "memory"` {
			t.Errorf("got %s", body)
		}
	})

	t.Run("--store dynamodb gives the function a DynamoDB Local", func(t *testing.T) {
		t.Parallel()
		run := startLocal(t, localCommand{Store: "dynamodb"})
		if _, body := run.get(t, "/where"); !strings.HasPrefix(body, "Visits at http://") || !strings.HasSuffix(body, `sessions in ""`) {
			t.Errorf("got %s", body)
		}
	})

	t.Run("a failure is shown, and the visitor learns nothing of it", func(t *testing.T) {
		t.Parallel()
		run := startLocal(t, localCommand{Store: "memory"})
		status, body := run.get(t, "/fail")
		if status != 500 || body != `{"message":"Internal Server Error"}` {
			t.Errorf("got %d %s", status, body)
		}
		run.output.wait(t, `Hello: errorString: out of greetings$`)
	})

	t.Run("what a function prints, or fails with, cannot command the terminal", func(t *testing.T) {
		t.Parallel()
		run := startLocal(t, localCommand{Store: "memory"})
		run.get(t, "/sly")
		run.output.wait(t, `greeting at \\u001b\[2J/sly\tas ever$`)
		run.output.wait(t, `Hello: errorString: out of \\u001b\[2Jgreetings$`)
	})

	t.Run("a process that dies is replaced at the next request, and says so", func(t *testing.T) {
		t.Parallel()
		run := startLocal(t, localCommand{Store: "memory"})
		if status, _ := run.get(t, "/die"); status != 500 {
			t.Errorf("got %d from a dying process, want 500", status)
		}
		if status, body := run.get(t, "/hello/Ada"); status != 200 || body != "hello Ada" {
			t.Errorf("got %d %q, want 200 and a greeting", status, body)
		}
		run.output.wait(t, `Hello: process \d+ ended: exit status 1$`)
		run.output.wait(t, `Hello: process \d+ started$`)
	})

	t.Run("a variable that Lambda reserves is named, with the function", func(t *testing.T) {
		t.Parallel()
		command := localCommand{
			Template: filepath.Join("testdata", "app", "template.yaml"),
			Host:     "127.0.0.1",
			Store:    "memory",
			Env:      map[string]string{"AWS_REGION": "eu-west-1"},
		}
		err := command.Run(t.Context(), &terminal{w: io.Discard})
		if want := "Hello: Env sets AWS_REGION, which Lambda reserves for itself; leave it out"; errorText(err) != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	})

	t.Run("a function that cannot start ends the command with its reason", func(t *testing.T) {
		t.Parallel()
		var b bytes.Buffer
		command := localCommand{
			Template: filepath.Join("testdata", "app", "template.yaml"),
			Host:     "127.0.0.1",
			Store:    "memory",
			Env:      map[string]string{"GREETING": ""},
		}
		err := command.Run(t.Context(), &terminal{w: &b})
		if !strings.Contains(errorText(err), "starting function Hello: Runtime.ExitError: ") {
			t.Errorf("got %v", err)
		}
		if !strings.Contains(b.String(), "GREETING is not set") {
			t.Errorf("it printed\n%s\nwant what the function said in it", &b)
		}
	})
}
