package lambdasession_test

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/store"
)

// The fields that the tests of a session's life use.
var (
	apples = lambdasession.NewField[int]("apples")
	pears  = lambdasession.NewField[int]("pears")
	news   = lambdasession.NewField[string]("news")
)

// errDown is the error of a store that cannot answer.
var errDown = errors.New("connection reset by peer")

// a site is a manager, its store, and the clock that both go by.
type site struct {
	*lambdasession.Manager
	store *spy
	now   func() time.Time
	pass  func(time.Duration)
}

// newSite makes a site. Store and Now of cfg are its own.
func newSite(tb testing.TB, cfg lambdasession.Config) *site {
	tb.Helper()
	s := &site{}
	s.now, s.pass = clockFrom(noon)
	s.store = newSpy(s.now)
	cfg.Store, cfg.Now = s.store, s.now
	if cfg.Logger == nil {
		cfg.Logger = slog.New(slog.DiscardHandler)
	}
	m, err := lambdasession.New(cfg)
	if err != nil {
		tb.Fatal(err)
	}
	s.Manager = m
	return s
}

// a browser keeps the session cookie of one site.
type browser struct {
	tb     testing.TB
	site   *site
	cookie string // its value; empty: none
}

// browser returns a browser without a cookie.
func (s *site) browser(tb testing.TB) *browser { return &browser{tb: tb, site: s} }

// known returns a browser whose session has one apple, and forgets the calls
// that this took.
func (s *site) known(tb testing.TB) *browser {
	tb.Helper()
	b := s.browser(tb)
	b.visit(func(s *lambdasession.Session) { set(tb, apples, s, 1) })
	s.store.take()
	return b
}

// signedIn is known for a browser whose session also has a subject.
func (s *site) signedIn(tb testing.TB, subject string) *browser {
	tb.Helper()
	b := s.known(tb)
	b.visit(func(s *lambdasession.Session) { signIn(tb, s, subject) })
	s.store.take()
	return b
}

// twin returns another window of the same browser: the same cookie.
func (b *browser) twin() *browser {
	twin := *b
	return &twin
}

// a request is under way until it responds.
type request struct {
	*lambdasession.Session
	site *site
	ctx  context.Context
	x    *lambdasession.Exchange
}

// request begins a GET request with the browser's cookie.
func (b *browser) request() *request {
	b.tb.Helper()
	return b.requestUnder(b.tb.Context())
}

func (b *browser) requestUnder(ctx context.Context) *request {
	b.tb.Helper()
	x, err := b.site.Begin(ctx, lambdasession.Request{Method: http.MethodGet, Host: "shop.example", Cookies: b.cookies()})
	if err != nil {
		b.tb.Fatal(err)
	}
	b.tb.Cleanup(x.Close)
	return &request{Session: lambdasession.From(x.Context()), site: b.site, ctx: x.Context(), x: x}
}

func (b *browser) cookies() []string {
	if b.cookie == "" {
		return nil
	}
	return []string{"__Host-session=" + b.cookie}
}

// a response is what the commit came to.
type response struct {
	header http.Header
	err    error
}

// respond commits and closes the request.
func (r *request) respond() response {
	defer r.x.Close()
	header, err := r.x.Commit()
	return response{header, err}
}

// setCookie returns the session cookie that the response sets, or nil.
func (r response) setCookie(tb testing.TB) *http.Cookie {
	tb.Helper()
	lines := r.header["Set-Cookie"]
	if len(lines) == 0 {
		return nil
	}
	cookie, err := http.ParseSetCookie(lines[0])
	if err != nil || len(lines) > 1 {
		tb.Fatalf("Set-Cookie %q: %v; want one valid cookie", lines, err)
	}
	return cookie
}

// receive does what browsers do with the response's cookie.
func (b *browser) receive(r response) {
	b.tb.Helper()
	if cookie := r.setCookie(b.tb); cookie != nil {
		b.cookie = cookie.Value
		if cookie.MaxAge < 0 {
			b.cookie = ""
		}
	}
}

// visit makes a whole request that must go well, and receives its response.
func (b *browser) visit(do func(*lambdasession.Session)) response {
	b.tb.Helper()
	r := b.request()
	do(r.Session)
	answer := r.respond()
	if answer.err != nil {
		b.tb.Fatal(answer.err)
	}
	b.receive(answer)
	return answer
}

// values returns the stored session of the browser's cookie, without any trace
// in the list of calls, and whether there is a live one.
func (b *browser) values() (store.Record, bool) {
	b.tb.Helper()
	record, err := b.site.store.memory.Load(b.tb.Context(), store.KeyOf(b.cookie))
	if err != nil && !errors.Is(err, store.ErrNotFound) && !errors.Is(err, store.ErrEnded) {
		b.tb.Fatal(err)
	}
	return record, err == nil
}

// wantValues compares the stored values of the browser's session; a nil map
// means that there must be no live session.
func (b *browser) wantValues(want map[string]string) {
	b.tb.Helper()
	record, live := b.values()
	if live != (want != nil) {
		b.tb.Fatalf("live session: %v, want %v", live, want != nil)
	}
	wantEqual(b.tb, "stored values", want, texts(record.Values))
}

func get[T any](tb testing.TB, f lambdasession.Field[T], s *lambdasession.Session) T {
	tb.Helper()
	v, err := f.Get(s)
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

func set[T any](tb testing.TB, f lambdasession.Field[T], s *lambdasession.Session, v T) {
	tb.Helper()
	succeed(tb, f.Set(s, v))
}

// add adds n to a field by an Update.
func add(tb testing.TB, f lambdasession.Field[int], s *lambdasession.Session, n int) {
	tb.Helper()
	_, err := f.Update(s, func(v int) (int, error) { return v + n, nil })
	succeed(tb, err)
}

func signIn(tb testing.TB, s *lambdasession.Session, subject string) {
	tb.Helper()
	succeed(tb, s.SetSubject(subject, "a test"))
}
