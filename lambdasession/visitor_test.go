package lambdasession_test

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

// visits is what a visitor's session holds in the tests of requests and
// responses.
var visits = lambdasession.NewField[int]("visits")

// newSessions makes a manager; without a Store in cfg, on a spy.
func newSessions(tb testing.TB, cfg lambdasession.Config) *lambdasession.Manager {
	tb.Helper()
	if cfg.Store == nil {
		cfg.Store = newSpy(cfg.Now)
	}
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	m, err := lambdasession.New(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

var noon = time.Date(2026, time.November, 23, 12, 0, 0, 0, time.UTC)

// clockFrom returns a clock that stands still, and what moves it on.
func clockFrom(start time.Time) (now func() time.Time, pass func(time.Duration)) {
	var passed atomic.Int64
	return func() time.Time { return start.Add(time.Duration(passed.Load())) },
		func(d time.Duration) { passed.Add(int64(d)) }
}

// httpGet is the event of a GET request with these cookies, "name=value" each.
func httpGet(cookies ...string) events.APIGatewayV2HTTPRequest {
	var e events.APIGatewayV2HTTPRequest
	e.Version, e.RawPath, e.Cookies = "2.0", "/", cookies
	e.Headers = map[string]string{"host": "shop.example"}
	e.RequestContext.HTTP.Method = http.MethodGet
	return e
}

// visit runs do as the handler of one request and returns the response.
func visit(tb testing.TB, m *lambdasession.Manager, e events.APIGatewayV2HTTPRequest, do func(*lambdasession.Session) error) events.APIGatewayV2HTTPResponse {
	tb.Helper()
	handle := lambdasession.Wrap(m, func(ctx context.Context, _ events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusOK, Body: "page"}, do(lambdasession.From(ctx))
	})
	out, err := handle(tb.Context(), e)
	if err != nil {
		tb.Fatal(err)
	}
	return out
}

// newVisitor begins a session with one visit and returns its cookie,
// "name=value".
func newVisitor(tb testing.TB, m *lambdasession.Manager) string {
	tb.Helper()
	out := visit(tb, m, httpGet(), func(s *lambdasession.Session) error { return visits.Set(s, 1) })
	if out.StatusCode != http.StatusOK || len(out.Cookies) != 1 {
		tb.Fatalf("a first visit is answered %d with cookies %q", out.StatusCode, out.Cookies)
	}
	pair, _, _ := strings.Cut(out.Cookies[0], ";")
	return pair
}

// visitsOf reads how many visits the session of a request has, 0 if it has no
// session.
func visitsOf(tb testing.TB, m *lambdasession.Manager, e events.APIGatewayV2HTTPRequest) (n int) {
	tb.Helper()
	visit(tb, m, e, func(s *lambdasession.Session) (err error) {
		n, err = visits.Get(s)
		return err
	})
	return n
}

// noError is succeed for the goroutine of a server, which cannot end the test.
func noError(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Error(err)
	}
}

// goSilent makes the store fail whatever it is asked.
func goSilent(st *spy) {
	st.fail(errDown, "load", "save", "update", "update-ttl", "rotate", "delete", "devices", "revoke", "revoke-all")
}
