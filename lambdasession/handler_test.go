package lambdasession_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

// a wire is the server's side of a response. It keeps in mind what header was
// there when the first byte left, or when the connection was handed over.
type wire struct {
	*httptest.ResponseRecorder
	acts   []string    // the calls that moved something, in order
	first  http.Header // as it was at the first of them
	onAct  func()
	failed error // of Flush
}

func newWire() *wire { return &wire{ResponseRecorder: httptest.NewRecorder(), onAct: func() {}} }

func (w *wire) act(name string) {
	w.onAct()
	if w.acts == nil {
		w.first = w.Header().Clone()
	}
	w.acts = append(w.acts, name)
}

func (w *wire) Write(p []byte) (int, error) {
	w.act("Write")
	return w.ResponseRecorder.Write(p)
}

func (w *wire) WriteString(s string) (int, error) {
	w.act("WriteString")
	return w.ResponseRecorder.WriteString(s)
}

func (w *wire) WriteHeader(status int) {
	w.act("WriteHeader")
	w.ResponseRecorder.WriteHeader(status)
}

func (w *wire) ReadFrom(src io.Reader) (int64, error) {
	w.act("ReadFrom")
	return io.Copy(w.ResponseRecorder, src)
}

func (w *wire) FlushError() error {
	w.act("Flush")
	w.Flush()
	return w.failed
}

func (w *wire) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	w.act("Hijack")
	return nil, nil, nil
}

// ways are all the ways in which a handler can make something leave.
var ways = map[string]struct {
	act  string // what the wire sees of it
	send func(http.ResponseWriter) error
}{
	"Write":       {"Write", func(w http.ResponseWriter) error { _, err := w.Write([]byte("page")); return err }},
	"WriteString": {"WriteString", func(w http.ResponseWriter) error { _, err := io.WriteString(w, "page"); return err }},
	"WriteHeader": {"WriteHeader", func(w http.ResponseWriter) error { w.WriteHeader(http.StatusCreated); return nil }},
	"ReadFrom":    {"ReadFrom", func(w http.ResponseWriter) error { _, err := io.Copy(w, reader("page")); return err }},
	"Flush": {"Flush", func(w http.ResponseWriter) error {
		f, ok := w.(http.Flusher)
		if !ok {
			return errors.New("no Flusher, which code that sends events asserts")
		}
		f.Flush()
		return nil
	}},
	"FlushError": {"Flush", func(w http.ResponseWriter) error { return http.NewResponseController(w).Flush() }},
	"Hijack": {"Hijack", func(w http.ResponseWriter) error {
		_, _, err := http.NewResponseController(w).Hijack()
		return err
	}},
	"a Hijacker": {"Hijack", func(w http.ResponseWriter) error {
		h, ok := w.(http.Hijacker)
		if !ok {
			return errors.New("no Hijacker")
		}
		_, _, err := h.Hijack()
		return err
	}},
}

// reader hides all of a string's reader but Read, so that io.Copy has to use
// the writer's ReadFrom.
func reader(s string) io.Reader { return struct{ io.Reader }{strings.NewReader(s)} }

// serve runs do as the handler of a GET under Handler.
func serve(ctx context.Context, m *lambdasession.Manager, w http.ResponseWriter, cookie string, do func(http.ResponseWriter, *http.Request)) {
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "https://shop.example/", nil)
	if cookie != "" {
		r.Header.Set("Cookie", cookie)
	}
	m.Handler(http.HandlerFunc(do)).ServeHTTP(w, r)
}

func TestHandlerCommitsBeforeAnythingLeaves(t *testing.T) {
	t.Parallel()
	for name, way := range ways {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := newSpy(nil)
			sessions := newSessions(t, lambdasession.Config{Store: st})
			cookie := newVisitor(t, sessions)
			st.take()
			w := newWire()
			w.onAct = func() { // the session was saved by then
				if len(w.acts) == 0 {
					st.want(t, "update")
				}
			}
			serve(t.Context(), sessions, w, cookie, func(w http.ResponseWriter, r *http.Request) {
				s := lambdasession.From(r.Context())
				succeed(t, visits.Set(s, 2))
				st.want(t)
				if err := way.send(w); err != nil {
					t.Errorf("%s: %v", name, err)
				}
				wantError(t, lambdasession.ErrCommitted, visits.Set(s, 3))
			})
			if len(w.acts) != 1 || w.acts[0] != way.act {
				t.Errorf("the server sees %q, want one %s", w.acts, way.act)
			}
			if w.first.Get("Vary") != "Cookie" || w.first.Get("Cache-Control") != "private, no-cache" {
				t.Errorf("the header is not amended when that happens: %v", w.first)
			}
			st.want(t) // and not saved twice
		})
	}
}

func TestHandlerThatFailsToCommit(t *testing.T) { // L2
	t.Parallel()
	for name, way := range ways {
		t.Run("at "+name, func(t *testing.T) {
			t.Parallel()
			st := newSpy(nil)
			sessions := newSessions(t, lambdasession.Config{Store: st})
			cookie := newVisitor(t, sessions)
			goSilent(st)
			w := newWire()
			w.Header()["X-Request-Id"] = []string{"7"} // of middleware around it
			w.Header()["Vary"] = []string{"Accept-Encoding"}
			serve(t.Context(), sessions, w, cookie, func(w http.ResponseWriter, r *http.Request) {
				succeed(t, visits.Set(lambdasession.From(r.Context()), 2))
				w.Header().Set("X-Handler", "1")
				w.Header().Set("X-Request-Id", "8")
				w.Header().Add("Set-Cookie", "theme=dark")
				w.Header().Set("Content-Length", "4")
				w.Header().Del("Vary")
				// WriteHeader and Flush have no error to give.
				if err := way.send(w); name != "WriteHeader" && name != "Flush" {
					wantError(t, lambdasession.ErrUnavailable, err)
				}
				for later, way := range ways {
					if err := way.send(w); later != "WriteHeader" && later != "Flush" {
						wantError(t, lambdasession.ErrUnavailable, err)
					}
				}
			})
			wantEqual(t, "calls to the server", []string{"WriteHeader", "Write"}, w.acts)
			if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), `"status":503`) {
				t.Errorf("the answer is %d %s, want 503", w.Code, w.Body)
			}
			wantEqual(t, "header", http.Header{
				"X-Request-Id": {"7"}, "Vary": {"Cookie", "Accept-Encoding"}, "Cache-Control": {"no-store"},
				"Content-Type": {"application/problem+json"}, "Retry-After": {"1"},
			}, w.Header())
		})
	}
	t.Run("when it returns without a byte", func(t *testing.T) {
		t.Parallel()
		st := newSpy(nil)
		goSilent(st)
		w := newWire()
		serve(t.Context(), newSessions(t, lambdasession.Config{Store: st}), w, "", func(w http.ResponseWriter, r *http.Request) {
			succeed(t, visits.Set(lambdasession.From(r.Context()), 1))
			w.Header().Set("X-Handler", "1")
		})
		if w.Code != http.StatusServiceUnavailable || w.Header().Get("X-Handler") != "" || w.Header().Get("Set-Cookie") != "" {
			t.Errorf("the answer is %d with %v, want 503", w.Code, w.Header())
		}
	})
}

func TestHandlerThatWritesNothing(t *testing.T) {
	t.Parallel()
	w := newWire()
	serve(t.Context(), newSessions(t, lambdasession.Config{}), w, "", func(_ http.ResponseWriter, r *http.Request) {
		succeed(t, visits.Set(lambdasession.From(r.Context()), 1))
	})
	if len(w.acts) != 0 {
		t.Errorf("the server sees %q; the implicit 200 is its own", w.acts)
	}
	if parseSetCookie(t, w.Header()["Set-Cookie"]).Name != cookieName || w.Header().Get("Cache-Control") != "no-store" {
		t.Errorf("the header is %v, want a session cookie", w.Header())
	}
}

func TestHandlerThatUsesNoSession(t *testing.T) {
	t.Parallel()
	st := newSpy(nil)
	sessions := newSessions(t, lambdasession.Config{Store: st})
	cookie := newVisitor(t, sessions)
	st.take()
	w := newWire()
	serve(t.Context(), sessions, w, cookie, func(w http.ResponseWriter, r *http.Request) {
		lambdasession.From(r.Context())
		w.Header().Set("Cache-Control", "public")
		_, _ = w.Write([]byte("about us"))
	})
	wantEqual(t, "header", http.Header{"Cache-Control": {"public"}}, w.first)
	st.want(t)
}

func TestHandlerCommitsWhateverTheStatus(t *testing.T) {
	t.Parallel()
	for _, status := range []int{101, 200, 204, 301, 304, 403, 404, 500, 503} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			t.Parallel()
			w := newWire()
			serve(t.Context(), newSessions(t, lambdasession.Config{}), w, "", func(w http.ResponseWriter, r *http.Request) {
				succeed(t, visits.Set(lambdasession.From(r.Context()), 1))
				w.WriteHeader(status)
			})
			if w.Code != status || len(w.first["Set-Cookie"]) != 1 {
				t.Errorf("the answer is %d with %v, want %d and a cookie", w.Code, w.first, status)
			}
		})
	}
}

func TestHandlerAddsToTheHeader(t *testing.T) { // S11
	t.Parallel()
	for name, test := range map[string]struct{ given, afterRead, withCookie http.Header }{
		"none": {
			http.Header{},
			http.Header{"Vary": {"Cookie"}, "Cache-Control": {"private, no-cache"}},
			http.Header{"Vary": {"Cookie"}, "Cache-Control": {"no-store"}, "Set-Cookie": {"session"}},
		},
		"others": {
			http.Header{"Vary": {"Accept", "Origin"}, "Cache-Control": {"max-age=60"}, "Set-Cookie": {"theme=dark"}},
			http.Header{"Vary": {"Accept", "Origin", "Cookie"}, "Cache-Control": {"max-age=60"}, "Set-Cookie": {"theme=dark"}},
			http.Header{"Vary": {"Accept", "Origin", "Cookie"}, "Cache-Control": {"no-store"}, "Set-Cookie": {"theme=dark", "session"}},
		},
		"the same": {
			http.Header{"Vary": {"Accept", "Origin, COOKIE"}},
			http.Header{"Vary": {"Accept", "Origin, COOKIE"}, "Cache-Control": {"private, no-cache"}},
			http.Header{"Vary": {"Accept", "Origin, COOKIE"}, "Cache-Control": {"no-store"}, "Set-Cookie": {"session"}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sessions := newSessions(t, lambdasession.Config{})
			cookie := newVisitor(t, sessions)
			page := func(want http.Header, do func(*lambdasession.Session) error) {
				t.Helper()
				w := newWire()
				serve(t.Context(), sessions, w, cookie, func(w http.ResponseWriter, r *http.Request) {
					for name, values := range test.given {
						w.Header()[name] = append([]string{}, values...)
					}
					succeed(t, do(lambdasession.From(r.Context())))
				})
				if cookies := w.Header()["Set-Cookie"]; len(cookies) > 0 && strings.HasPrefix(cookies[len(cookies)-1], cookieName+"=") {
					cookies[len(cookies)-1] = "session"
				}
				wantEqual(t, "header", want, w.Header())
			}
			page(test.afterRead, func(s *lambdasession.Session) error { _, err := visits.Get(s); return err })
			page(test.withCookie, func(s *lambdasession.Session) error { return s.Destroy() })
		})
	}
}
