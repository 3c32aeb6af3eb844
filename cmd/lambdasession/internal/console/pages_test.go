package console

import (
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/localtest"
)

func TestRequestsPage(t *testing.T) {
	t.Parallel()

	t.Run("without a request it says what to do", func(t *testing.T) {
		t.Parallel()
		page := newSite(t, Config{}).get("/")
		wantIn(t, page, "No request yet", `<a href="`+appURL+`">`, "curl -i "+appURL)
	})

	t.Run("a request shows route, shape, status, start, calls, units and price", func(t *testing.T) {
		t.Parallel()
		s := newSite(t, Config{})
		s.appRequest("GET", "/cart/7?token=secret", func(w http.ResponseWriter, r *http.Request) {
			s.journal.Routed(r.Context(), Route{Function: "ShopFunction", Key: "GET /cart/{id}", Service: "HTTP API", Streaming: true})
			w.WriteHeader(http.StatusCreated)
			s.invoked(localtest.Report{
				RequestID: "8f507cfc-xmpl", TraceID: "Root=1-a", Init: 212 * time.Millisecond, Duration: 17 * time.Millisecond,
			}, getItem(""), updateItem(""))(w, r)
		})
		page := s.get("/")
		row := s.row(page, "1")
		wantIn(t, row, "GET /cart/7", "GET /cart/{id} HTTP API streaming", "Status 201", "cold 212 ms",
			"2 calls", "1 read", "1 write", "0.750 µ$",
			"GetItem sessions 1 0 120 B 900 B", "0.125 UpdateItem sessions 0 1 300 B 2 B", "0.625",
			"Function ShopFunction", "Invocation 17 ms", "Request id 8f507cfc-xmpl")
		wantNotIn(t, page, "secret")
		wantIn(t, words(page), "would cost $0.750 in DynamoDB", "Requests 1", "Cold starts 1", "DynamoDB calls 2",
			"Read units 1", "Write units 1", "Price so far 0.750 µ$", "list price since November 2024",
			"$0.125 a million read units, $0.625 a million write units")
	})

	t.Run("the newest request is on top", func(t *testing.T) {
		t.Parallel()
		s := newSite(t, Config{})
		for range 3 {
			s.appRequest("GET", "/", func(http.ResponseWriter, *http.Request) {})
		}
		found := regexp.MustCompile(`id="request-(\d)"`).FindAllStringSubmatch(s.get("/"), -1)
		var got []string
		for _, match := range found {
			got = append(got, match[1])
		}
		if diff := cmp.Diff([]string{"3", "2", "1"}, got); diff != "" {
			t.Errorf("order (-want +got):\n%s", diff)
		}
	})

	t.Run("a request under way says so", func(t *testing.T) {
		t.Parallel()
		s := newSite(t, Config{})
		s.appRequest("GET", "/slow", func(http.ResponseWriter, *http.Request) {
			wantIn(t, s.row(s.get("/"), "1"), "GET /slow", "under way", "show as soon as the function has answered")
		})
	})

	t.Run("a failure shows what the function said, a refused call what DynamoDB said", func(t *testing.T) {
		t.Parallel()
		s := newSite(t, Config{})
		refused := updateItem("")
		refused.Err = errors.New("ConditionalCheckFailedException: the condition failed")
		s.appRequest("GET", "/", s.invoked(localtest.Report{TraceID: "Root=1-a", Err: errors.New("Runtime.ExitError: exit status 2")}, refused))
		wantIn(t, s.row(s.get("/"), "1"), "The function failed Runtime.ExitError: exit status 2", "ConditionalCheckFailedException: the condition failed")
		wantIn(t, words(s.get("/")), "Requests 1 1 failed")
	})

	t.Run("an answer that the gateway refused shows why", func(t *testing.T) {
		t.Parallel()
		s := newSite(t, Config{})
		s.appRequest("GET", "/", func(w http.ResponseWriter, r *http.Request) {
			s.journal.Refused(r.Context(), errors.New("the answer is no JSON"))
			w.WriteHeader(http.StatusBadGateway)
		})
		s.journal.Refused(t.Context(), errors.New("whose is it?"))
		wantIn(t, s.row(s.get("/"), "1"), "The gateway refused the function’s answer the answer is no JSON")
	})

	t.Run("calls outside of requests show apart", func(t *testing.T) {
		t.Parallel()
		s := newSite(t, Config{})
		s.journal.Observe(getItem(""))
		wantIn(t, words(s.get("/")), "While starting or in the background, not counted above: 1 call, 1 read and 0 write units, 0.125 µ$.")
	})

	t.Run("what comes from outside is shown, not run", func(t *testing.T) {
		t.Parallel()
		const hostile = `"><script>alert(1)</script>`
		s := newSite(t, Config{})
		s.journal.Notice(hostile)
		s.journal.Built(hostile, 0, errors.New(hostile))
		call := getItem("")
		call.Operation, call.Tables, call.Err = hostile, []string{hostile}, errors.New(hostile)
		r := httptest.NewRequest("GET", "/", nil)
		r.Method, r.URL.Path, r.URL.RawPath = hostile, "/"+hostile, "/"+hostile
		s.journal.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			s.journal.Routed(r.Context(), Route{Function: hostile, Key: hostile, Service: hostile})
			s.invoked(localtest.Report{TraceID: "Root=1-a", RequestID: hostile, Err: errors.New(hostile)}, call)(w, r)
		})).ServeHTTP(httptest.NewRecorder(), r)
		page := s.get("/")
		wantNotIn(t, page, "<script>")
		wantWellFormed(t, page)
	})

	t.Run("a path of any length stays legible", func(t *testing.T) {
		t.Parallel()
		s := newSite(t, Config{})
		s.appRequest("GET", "/"+strings.Repeat("a", 100_000), func(http.ResponseWriter, *http.Request) {})
		if n := len(s.get("/")); n > 20_000 {
			t.Errorf("the page has %d bytes", n)
		}
	})
}

func TestBuilds(t *testing.T) {
	t.Parallel()
	s := newSite(t, Config{})
	step := func(want string, unwanted ...string) {
		t.Helper()
		page := words(s.get("/"))
		wantIn(t, page, want)
		wantNotIn(t, page, unwanted...)
	}
	s.journal.Building("ShopFunction")
	step("ShopFunction is being built")
	s.journal.Built("ShopFunction", 2311*time.Millisecond, nil)
	step("ShopFunction built in 2.31 s", "being built")
	s.journal.Building("ShopFunction")
	s.journal.Built("ShopFunction", time.Second, errors.New("./cart.go:4:15: undefined: prices\n./cart.go:9:1: missing return"))
	step("ShopFunction does not build. What was running before goes on. ./cart.go:4:15: undefined: prices ./cart.go:9:1: missing return")
	s.journal.Building("ShopFunction")
	step("ShopFunction does not build. Building again … ./cart.go:4:15: undefined: prices")
	s.journal.Built("ShopFunction", 812*time.Millisecond, nil)
	step("ShopFunction rebuilt in 812 ms", "undefined", "does not build")
	s.journal.Notice("template.yaml changed: Ctrl-C and start again to apply it")
	step("template.yaml changed: Ctrl-C and start again to apply it")
}

func TestPages(t *testing.T) {
	t.Parallel()
	s := newSite(t, Config{})
	s.journal.Built("ShopFunction", time.Second, nil)
	s.journal.Built("OtherFunction", time.Second, errors.New("undefined: prices"))
	s.appRequest("GET", "/", s.invoked(localtest.Report{TraceID: "Root=1-a", Init: 1, Err: errors.New("no")}, getItem("")))
	s.appRequest("GET", "/", s.invoked(localtest.Report{}))
	for _, path := range []string{"/", "/sessions"} {
		t.Run(path+" is well-formed and asks nobody else for anything", func(t *testing.T) {
			t.Parallel()
			page := s.get(path)
			wantWellFormed(t, page)
			for _, match := range regexp.MustCompile(`(?:src|action|srcset|poster|data)="([^"]*)"|<link[^>]*href="([^"]*)"`).FindAllStringSubmatch(page, -1) {
				if address := match[1] + match[2]; !strings.HasPrefix(address, "/") || strings.HasPrefix(address, "//") {
					t.Errorf("it asks for %q", address)
				}
			}
			wantNotIn(t, page, "<style", " style=", " onclick=", "javascript:")
			if n := strings.Count(page, "<script"); n != 1 {
				t.Errorf("%d scripts", n)
			}
		})
	}

	t.Run("its assets are there, and ask nobody else either", func(t *testing.T) {
		t.Parallel()
		for _, name := range []string{"style.css", "script.js", "icon.svg"} {
			wantNotIn(t, strings.ReplaceAll(s.get("/assets/"+name), `xmlns="http://www.w3.org/2000/svg"`, ""), "http:", "https:", "url(", "@import", "eval")
		}
	})

	t.Run("another address is no page", func(t *testing.T) {
		t.Parallel()
		w := httptest.NewRecorder()
		s.pages.ServeHTTP(w, localRequest("GET", "/nowhere", nil))
		if w.Code != http.StatusNotFound {
			t.Errorf("status %d", w.Code)
		}
		wantIn(t, w.Body.String(), "There is no such page")
		wantWellFormed(t, w.Body.String())
	})
}

// wantWellFormed holds HTML to what browsers forgive and other readers may not:
// each element is closed, and no id is there twice.
func wantWellFormed(t *testing.T, html string) {
	t.Helper()
	void := []string{"meta", "link", "img", "input", "br"}
	var open []string
	for _, tag := range regexp.MustCompile(`<(/?)([a-z][a-z0-9]*)[^>]*>`).FindAllStringSubmatch(html, -1) {
		switch name := tag[2]; {
		case tag[1] == "" && !slices.Contains(void, name):
			open = append(open, name)
		case tag[1] == "/" && (len(open) == 0 || open[len(open)-1] != name):
			t.Fatalf("</%s> closes %q", name, open)
		case tag[1] == "/":
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		t.Errorf("open at the end: %q", open)
	}
	ids := map[string]int{}
	for _, id := range regexp.MustCompile(`\sid="([^"]*)"`).FindAllStringSubmatch(html, -1) {
		ids[id[1]]++
	}
	maps.DeleteFunc(ids, func(_ string, n int) bool { return n == 1 })
	if len(ids) > 0 {
		t.Errorf("ids that are there several times: %v", ids)
	}
}
