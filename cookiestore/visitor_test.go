package cookiestore_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/cookiestore"
	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/localtest"
)

var (
	visits = lambdasession.NewField[int]("visits")
	theme  = lambdasession.NewField[string]("theme")
)

// A site is an HTTP API in front of a handler whose sessions are in cookies.
type site struct {
	sessions *lambdasession.Manager
	server   *httptest.Server

	mu  sync.Mutex // guards what follows
	now time.Time
	saw []string // the operations on the store since they were last asked for
}

func newSite(t *testing.T, storeCfg cookiestore.Config, cfg lambdasession.Config) *site {
	t.Helper()
	s := &site{now: noon}
	storeCfg.Keys, storeCfg.Now = keys("a"), s.clock
	cfg.Store, cfg.Now, cfg.Observer, cfg.Logger = newStore(t, storeCfg), s.clock, s, slog.New(slog.DiscardHandler)
	var err error
	if s.sessions, err = lambdasession.New(cfg); err != nil {
		t.Fatal(err)
	}
	s.server = localtest.Serve(t, localtest.HTTPAPI, lambdasession.Wrap(s.sessions, s.handle))
	return s
}

func (s *site) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *site) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

// Observe notes the operation.
func (s *site) Observe(_ context.Context, o lambdasession.Observation) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.saw = append(s.saw, o.Operation)
}

func (s *site) operations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	saw := s.saw
	s.saw = nil
	return saw
}

// handle does with the session what the path says, and answers with the visits
// and the subject where it reads them.
func (s *site) handle(ctx context.Context, e events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	session := lambdasession.From(ctx)
	out := events.APIGatewayV2HTTPResponse{StatusCode: http.StatusOK}
	var err error
	switch e.RawPath {
	case "/about":
	case "/visit":
		var n int
		n, err = visits.Update(session, func(n int) (int, error) { return n + 1, nil })
		out.Body = strconv.Itoa(n)
	case "/read":
		var n int
		n, err = visits.Get(session)
		subject, _ := session.Subject()
		out.Body = strings.TrimSpace(strconv.Itoa(n) + " " + subject)
	case "/theme":
		err = theme.Set(session, "dark")
	case "/bloat":
		err = theme.Set(session, strings.Repeat("x", 4000))
	case "/nearly":
		err = theme.Set(session, strings.Repeat("x", 2800))
	case "/renew":
		err = session.Renew()
	case "/sign-in":
		err = session.SetSubject("ada", "Firefox")
	case "/sign-out":
		err = session.Destroy()
	case "/sign-out-and-visit":
		err = errors.Join(session.Destroy(), visits.Set(session, 1))
	case "/devices":
		_, listing := s.sessions.Sessions(ctx, "ada")
		revoking := s.sessions.RevokeAll(ctx, "ada")
		out.Body = strconv.FormatBool(errors.Is(listing, lambdasession.ErrUnsupported) && errors.Is(revoking, lambdasession.ErrUnsupported))
	}
	return out, err
}

// A visitor is a browser on a site.
type visitor struct {
	*testing.T
	site   *site
	name   string // of the cookie
	cookie string // its value; empty for none
}

func (s *site) visitor(t *testing.T) *visitor { return &visitor{T: t, site: s, name: "__Host-session"} }

// An answer is what a visitor saw of a response.
type answer struct {
	status int
	body   string
	cookie *http.Cookie // that was set; nil if none was
}

// get asks for a page as a browser does, and keeps the cookie that it is given.
func (v *visitor) get(path string) answer {
	v.Helper()
	r, err := http.NewRequestWithContext(v.Context(), http.MethodGet, v.site.server.URL+path, nil)
	if err != nil {
		v.Fatal(err)
	}
	if v.cookie != "" {
		r.Header.Set("Cookie", v.name+"="+v.cookie)
	}
	response, err := v.site.server.Client().Do(r)
	if err != nil {
		v.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		v.Fatal(err)
	}
	a := answer{status: response.StatusCode, body: string(body)}
	for _, c := range response.Cookies() {
		if n := len(response.Header.Get("Set-Cookie")); n > 4096 {
			v.Errorf("%s sends a cookie of %d bytes", path, n)
		}
		a.cookie, v.cookie = c, c.Value
		if c.MaxAge < 0 {
			v.cookie = ""
		}
	}
	return a
}

// Whether a response sets the cookie.
const (
	sets   = true
	leaves = false
)

// want asks for a page and fails the test unless it is answered with 200, that
// body, a cookie or none, after those operations on the store.
func (v *visitor) want(path, body string, cookie bool, operations ...string) {
	v.Helper()
	v.site.operations()
	a := v.get(path)
	if a.status != http.StatusOK || a.body != body || (a.cookie != nil) != cookie {
		v.Errorf("%s is answered %d %q, cookie %v; want 200 %q, cookie: %t", path, a.status, a.body, a.cookie, body, cookie)
	}
	if saw := v.site.operations(); !slices.Equal(saw, operations) {
		v.Errorf("%s: operations (-want +got):\n%s", path, cmp.Diff(operations, saw))
	}
}
