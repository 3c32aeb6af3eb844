package main

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// took is how long something took, which differs from run to run.
var took = regexp.MustCompile(` *\d+ ms`)

func TestTerminal(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	for _, c := range []struct {
		name  string
		print func(*terminal)
		want  string
	}{
		{
			"a step says what it is and how long it took",
			func(c *terminal) { _ = c.step("build Shop", func() error { return nil }) },
			"  build Shop .................................................. 0 ms\n",
		},
		{
			"a step that fails says so",
			func(c *terminal) { _ = c.step("build Shop", func() error { return broken }) },
			"  build Shop .................................................. failed\n",
		},
		{
			"what is said during a step stands between its beginning and its end",
			func(c *terminal) {
				_ = c.step("start DynamoDB Local", func() error {
					c.printf("    downloading")
					return nil
				})
			},
			"  start DynamoDB Local ...\n    downloading\n  start DynamoDB Local ........................................ 0 ms\n",
		},
		{
			"a step may learn more on its way",
			func(c *terminal) {
				s := c.begin("start Shop")
				if !s.add("process 7") {
					c.printf("add said that it has ended")
				}
				s.end(nil)
				if s.add("process 8") {
					c.printf("add said that it has not ended")
				}
			},
			"  start Shop, process 7 ....................................... 0 ms\n",
		},
		{
			"a step may turn out to be several",
			func(c *terminal) {
				s := c.begin("find DynamoDB Local")
				s.end(nil)
				c.begin("start DynamoDB Local").end(broken)
			},
			"  find DynamoDB Local ......................................... 0 ms\n  start DynamoDB Local ........................................ failed\n",
		},
		{
			"steps may run at once, each says when it is done",
			func(c *terminal) {
				shop, admin := c.begin("build Shop"), c.begin("build Admin")
				shop.end(nil)
				admin.end(nil)
			},
			"  build Shop ...\n  build Admin ...\n  build Shop .................................................. 0 ms\n  build Admin ................................................. 0 ms\n",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var b strings.Builder
			c.print(&terminal{w: &b})
			if diff := cmp.Diff(c.want, took.ReplaceAllString(b.String(), " 0 ms")); diff != "" {
				t.Error(diff)
			}
		})
	}

	t.Run("where lines can be taken back, what is under way stands on the last one", func(t *testing.T) {
		t.Parallel()
		var b strings.Builder
		c := &terminal{w: &b, live: true}
		shop, admin := c.begin("build Shop"), c.begin("build Admin")
		c.printf("a note")
		shop.end(nil)
		admin.end(broken)
		const back = "\r\x1b[K"
		want := "  build Shop ..." + back + "  build Shop, build Admin ..." +
			back + "a note\n" + "  build Shop, build Admin ..." +
			back + "  build Shop .................................................. 0 ms\n" + "  build Admin ..." +
			back + "  build Admin ................................................. failed\n"
		if diff := cmp.Diff(want, took.ReplaceAllString(b.String(), " 0 ms")); diff != "" {
			t.Error(diff)
		}
	})

	t.Run("a step returns its error", func(t *testing.T) {
		t.Parallel()
		c := &terminal{w: io.Discard}
		if err := c.step("build", func() error { return broken }); !errors.Is(err, broken) {
			t.Errorf("got %v", err)
		}
	})

	t.Run("a file is not coloured", func(t *testing.T) {
		t.Parallel()
		f, err := os.Create(filepath.Join(t.TempDir(), "output"))
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = f.Close() }()
		if c := newTerminal(f); c.paint(red, "x") != "x" {
			t.Error("it is")
		}
	})

	t.Run("lines written at once stay whole", func(t *testing.T) {
		t.Parallel()
		var b strings.Builder
		c := &terminal{w: &b}
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() { c.printf("one whole line") })
		}
		all.Wait()
		if want := strings.Repeat("one whole line\n", 50); b.String() != want {
			t.Error("they do not")
		}
	})
}

func TestColour(t *testing.T) {
	device, err := os.Open(os.DevNull) // a character device, as a terminal is
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = device.Close() }()
	for _, c := range []struct {
		name, noColor, term string
		want                bool
	}{
		{"a terminal is coloured", "", "xterm", true},
		{"NO_COLOR wins", "1", "xterm", false},
		{"a dumb terminal is not coloured", "", "dumb", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv("NO_COLOR", c.noColor)
			t.Setenv("TERM", c.term)
			if got := newTerminal(device).color; got != c.want {
				t.Errorf("coloured: %t, want %t", got, c.want)
			}
		})
	}
}

func TestLogRequests(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, target, want string }{
		{"a request is one line", "/cart", "GET     /cart                                    200 0 ms\n"},
		{"the status is the response's", "/missing", "GET     /missing                                 404 0 ms\n"},
		{"the query is left out, secrets travel in it", "/cart?token=hunter2", "GET     /cart                                    200 0 ms\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var b strings.Builder
			handler := logRequests(&terminal{w: &b}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path == "/missing" {
					http.NotFound(w, r)
				}
			}))
			handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, c.target, nil))
			if diff := cmp.Diff(c.want, took.ReplaceAllString(b.String(), " 0 ms")); diff != "" {
				t.Error(diff)
			}
		})
	}
}
