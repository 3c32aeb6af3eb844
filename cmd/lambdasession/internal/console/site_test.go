package console

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/lambdasession/lambdasession-go/localtest"
)

const appURL = "http://localhost:3000"

// site is a journal with the pages that show it.
type site struct {
	t       *testing.T
	journal *Journal
	pages   http.Handler
}

func newSite(t *testing.T, config Config) *site {
	t.Helper()
	if config.Journal == nil {
		config.Journal = NewJournal()
	}
	config.App = appURL
	if config.Sessions == nil {
		config.NoSessions = "They are elsewhere."
	}
	pages, err := New(config)
	if err != nil {
		t.Fatal(err)
	}
	return &site{t, config.Journal, pages}
}

// get returns a page, which is to be there.
func (s *site) get(path string) string {
	s.t.Helper()
	w := s.serve(localRequest("GET", path, nil))
	if w.Code != http.StatusOK {
		s.t.Fatalf("GET %s: status %d\n%s", path, w.Code, w.Body)
	}
	return w.Body.String()
}

// post sends a form, as the page itself would.
func (s *site) post(path, form string) *http.Response {
	r := localRequest("POST", path, strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return s.serve(r).Result()
}

// status returns the status that a page is answered with.
func (s *site) status(path string) int { return s.serve(localRequest("GET", path, nil)).Code }

func (s *site) serve(r *http.Request) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.pages.ServeHTTP(w, r)
	return w
}

func localRequest(method, path string, body io.Reader) *http.Request {
	r := httptest.NewRequest(method, path, body)
	r.Host = "localhost:3001"
	return r
}

// appRequest sends a request to an application, by way of the journal.
func (s *site) appRequest(method, target string, app http.HandlerFunc) {
	s.journal.Handler(app).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(method, target, nil))
}

// invoked is an application that is answered by one invocation, which makes
// calls.
func (s *site) invoked(report localtest.Report, calls ...localtest.TracedCall) http.HandlerFunc {
	return func(_ http.ResponseWriter, r *http.Request) {
		for _, call := range calls {
			call.TraceID = report.TraceID
			s.journal.Observe(call)
		}
		s.journal.Report(r.Context(), report)
	}
}

// row returns a request's row, all white space of it as one.
func (s *site) row(page string, number string) string {
	s.t.Helper()
	_, row, found := strings.Cut(page, `<li id="request-`+number+`"`)
	if !found {
		s.t.Fatalf("there is no row of request %s in\n%s", number, page)
	}
	row, _, _ = strings.Cut(row, "</li>")
	return words(row)
}

var (
	tags  = regexp.MustCompile(`<[^>]*>`)
	space = regexp.MustCompile(`\s+`)
)

// words is what HTML says, its attributes aside.
func words(html string) string {
	return strings.TrimSpace(space.ReplaceAllString(tags.ReplaceAllString("<"+html, " "), " "))
}

func wantIn(t *testing.T, text string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in\n%s", want, text)
		}
	}
}

func wantNotIn(t *testing.T, text string, unwanted ...string) {
	t.Helper()
	for _, unwanted := range unwanted {
		if strings.Contains(text, unwanted) {
			t.Errorf("%q is in\n%s", unwanted, text)
		}
	}
}

func getItem(trace string) localtest.TracedCall {
	return localtest.TracedCall{
		Call:    localtest.Call{Operation: "GetItem", ReadUnits: 1, BytesSent: 120, BytesReceived: 900},
		Tables:  []string{"sessions"},
		TraceID: trace,
	}
}

func updateItem(trace string) localtest.TracedCall {
	return localtest.TracedCall{
		Call:    localtest.Call{Operation: "UpdateItem", WriteUnits: 1, BytesSent: 300, BytesReceived: 2},
		Tables:  []string{"sessions"},
		TraceID: trace,
	}
}

// under is the context of a request that is noted in the journal.
func under(r *request) context.Context {
	return context.WithValue(context.Background(), requestKey{}, r)
}
