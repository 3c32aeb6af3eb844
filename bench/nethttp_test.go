package bench

import (
	"encoding/gob"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/alexedwards/scs/v2"
	scsmem "github.com/alexedwards/scs/v2/memstore"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/memstore"
)

// BenchmarkNetHTTP is a request through net/http middleware, ours and that of
// alexedwards/scs, each over its own store in memory and with its defaults.
func BenchmarkNetHTTP(b *testing.B) {
	sessions, err := lambdasession.New(lambdasession.Config{Store: memstore.New()})
	if err != nil {
		b.Fatal(err)
	}
	theirs := scs.New()
	theirs.Store = scsmem.NewWithCleanupInterval(0) // no goroutine
	gob.Register(cart{})

	ok := func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "hello") }
	ourReads := sessions.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, err := cartField.Get(lambdasession.From(r.Context())); err != nil || len(c.Lines) == 0 {
			b.Errorf("read %v, %v", c, err)
		}
		ok(w, r)
	}))
	ourSets := sessions.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s := lambdasession.From(r.Context())
		if err := cartField.Set(s, someCart); err != nil {
			b.Error(err)
		}
		ok(w, r)
	}))
	theirReads := theirs.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c, isCart := theirs.Get(r.Context(), "cart").(cart); !isCart || len(c.Lines) == 0 {
			b.Errorf("read %v", c)
		}
		ok(w, r)
	}))
	theirSets := theirs.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		theirs.Put(r.Context(), "cart", someCart)
		ok(w, r)
	}))
	ours, scsCookie := cookieOf(b, ourSets), cookieOf(b, theirSets)

	b.Run("session never used", func(b *testing.B) {
		b.Run("bare handler", func(b *testing.B) { measure(b, serve(b, http.HandlerFunc(ok), ours)) })
		b.Run("lambdasession", func(b *testing.B) { measure(b, serve(b, sessions.Handler(http.HandlerFunc(ok)), ours)) })
		b.Run("scs", func(b *testing.B) { measure(b, serve(b, theirs.LoadAndSave(http.HandlerFunc(ok)), scsCookie)) })
	})
	b.Run("a field read", func(b *testing.B) {
		b.Run("bare handler", func(b *testing.B) { measure(b, serve(b, http.HandlerFunc(ok), ours)) })
		b.Run("lambdasession", func(b *testing.B) { measure(b, serve(b, ourReads, ours)) })
		b.Run("scs", func(b *testing.B) { measure(b, serve(b, theirReads, scsCookie)) })
	})
	b.Run("a field set", func(b *testing.B) {
		b.Run("bare handler", func(b *testing.B) { measure(b, serve(b, http.HandlerFunc(ok), ours)) })
		b.Run("lambdasession", func(b *testing.B) { measure(b, serve(b, ourSets, ours)) })
		b.Run("scs", func(b *testing.B) { measure(b, serve(b, theirSets, scsCookie)) })
	})
}

// cookieOf is the session cookie that h sets for a new visitor, as the browser
// sends it back.
func cookieOf(tb testing.TB, h http.Handler) string {
	tb.Helper()
	w := newSink()
	h.ServeHTTP(w, get(tb, ""))
	cookie, _, _ := strings.Cut(w.header.Get("Set-Cookie"), ";")
	if cookie == "" {
		tb.Fatal("no cookie was set")
	}
	return cookie
}

// serve returns a function that sends one request with the cookie through h.
// Request and response are used again, so that only h's work counts.
func serve(tb testing.TB, h http.Handler, cookie string) func() {
	tb.Helper()
	w, r := newSink(), get(tb, cookie)
	return func() {
		clear(w.header)
		w.status = http.StatusOK
		h.ServeHTTP(w, r)
		if w.status != http.StatusOK {
			tb.Fatalf("answered %d %v", w.status, w.header)
		}
	}
}

func get(tb testing.TB, cookie string) *http.Request {
	tb.Helper()
	r, err := http.NewRequestWithContext(tb.Context(), http.MethodGet, "https://shop.example.com/catalogue", http.NoBody)
	if err != nil {
		tb.Fatal(err)
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	if cookie != "" {
		r.Header.Set("Cookie", "consent=yes; "+cookie)
	}
	return r
}

// A sink is a response that goes nowhere.
type sink struct {
	header http.Header
	status int
}

func newSink() *sink { return &sink{header: http.Header{}, status: http.StatusOK} }

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) Write(p []byte) (int, error) { return len(p), nil }
func (s *sink) WriteHeader(status int)      { s.status = status }
