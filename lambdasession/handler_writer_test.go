package lambdasession_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

func TestHandlersResponseWriter(t *testing.T) {
	t.Parallel()
	serve(t.Context(), newSessions(t, lambdasession.Config{}), httptest.NewRecorder(), "", func(w http.ResponseWriter, _ *http.Request) {
		if _, ok := w.(interface{ Unwrap() http.ResponseWriter }); ok {
			t.Error("it has Unwrap, which would let http.ResponseController past the commit")
		}
		if _, ok := w.(http.Pusher); ok {
			t.Error("it has Push, which would send headers of its own")
		}
		if _, ok := w.(http.Flusher); !ok {
			t.Error("it has no Flush, which code that sends events asserts")
		}
	})
}

func TestHandlerAroundAPlainResponseWriter(t *testing.T) {
	t.Parallel()
	rec := httptest.NewRecorder()
	plain := struct{ http.ResponseWriter }{rec} // no Flush, Hijack, ReadFrom or WriteString
	serve(t.Context(), newSessions(t, lambdasession.Config{}), plain, "", func(w http.ResponseWriter, r *http.Request) {
		succeed(t, visits.Set(lambdasession.From(r.Context()), 1))
		rc := http.NewResponseController(w)
		wantError(t, http.ErrNotSupported, rc.Flush())
		_, _, err := rc.Hijack()
		if err == nil {
			t.Error("Hijack works on a connection that cannot be hijacked")
		}
		if _, err := io.WriteString(w, "a"); err != nil {
			t.Errorf("WriteString: %v", err)
		}
		if _, err := io.Copy(w, reader("b")); err != nil {
			t.Errorf("ReadFrom: %v", err)
		}
	})
	if rec.Body.String() != "ab" || len(rec.Header()["Set-Cookie"]) != 1 {
		t.Errorf("the answer is %q with %v, want ab and a cookie", rec.Body, rec.Header())
	}
}

func TestHandlerHandsAFailedFlushOn(t *testing.T) {
	t.Parallel()
	w := newWire()
	w.failed = io.ErrClosedPipe
	serve(t.Context(), newSessions(t, lambdasession.Config{}), w, "", func(w http.ResponseWriter, _ *http.Request) {
		wantError(t, io.ErrClosedPipe, http.NewResponseController(w).Flush())
	})
}

func TestHijackWouldLoseACookie(t *testing.T) {
	t.Parallel()
	hijack := ways["Hijack"].send
	newSession := func(s *lambdasession.Session) error { return visits.Set(s, 1) }

	t.Run("so it fails, and the handler can still answer", func(t *testing.T) {
		t.Parallel()
		w := newWire()
		serve(t.Context(), newSessions(t, lambdasession.Config{}), w, "", func(w http.ResponseWriter, r *http.Request) {
			succeed(t, newSession(lambdasession.From(r.Context())))
			if err := hijack(w); err == nil {
				t.Error("Hijack goes well")
			}
			http.Error(w, "no socket for you yet", http.StatusTeapot)
		})
		if w.Code != http.StatusTeapot || len(w.first["Set-Cookie"]) != 1 {
			t.Errorf("the answer is %d with %v, want 418 and the cookie", w.Code, w.first)
		}
	})
	t.Run("unless it has left with the 101", func(t *testing.T) {
		t.Parallel()
		w := newWire()
		serve(t.Context(), newSessions(t, lambdasession.Config{}), w, "", func(w http.ResponseWriter, r *http.Request) {
			succeed(t, newSession(lambdasession.From(r.Context())))
			w.WriteHeader(http.StatusSwitchingProtocols) // some WebSocket libraries do it in this order
			succeed(t, hijack(w))
		})
		wantEqual(t, "calls to the server", []string{"WriteHeader", "Hijack"}, w.acts)
		if len(w.first["Set-Cookie"]) != 1 {
			t.Errorf("the header of the 101 is %v, want the cookie in it", w.first)
		}
	})
	t.Run("or there is none to send", func(t *testing.T) {
		t.Parallel()
		sessions := newSessions(t, lambdasession.Config{})
		cookie := newVisitor(t, sessions)
		w := newWire()
		serve(t.Context(), sessions, w, cookie, func(w http.ResponseWriter, r *http.Request) {
			succeed(t, visits.Set(lambdasession.From(r.Context()), 5))
			succeed(t, hijack(w))
		})
		wantEqual(t, "calls to the server", []string{"Hijack"}, w.acts)
		if got := visitsOf(t, sessions, httpGet(cookie)); got != 5 {
			t.Errorf("the session has %d visits, want the 5 set before", got)
		}
	})
}

func TestInformationalResponsesCommitNothing(t *testing.T) {
	t.Parallel()
	w := newWire() // no real server: one would take a 1xx for the response itself
	serve(t.Context(), newSessions(t, lambdasession.Config{}), w, "", func(w http.ResponseWriter, r *http.Request) {
		for _, status := range []int{100, 102, 103, 199} {
			w.WriteHeader(status)
		}
		succeed(t, visits.Set(lambdasession.From(r.Context()), 1))
		w.WriteHeader(http.StatusAccepted)
		w.WriteHeader(http.StatusEarlyHints)
	})
	wantEqual(t, "calls to the server", []string{"WriteHeader"}, w.acts)
	if w.Code != http.StatusAccepted || len(w.first["Set-Cookie"]) != 1 {
		t.Errorf("the answer is %d with %v, want 202 and a cookie", w.Code, w.first)
	}
}

func TestInformationalResponsesAfterTheFirstByteAreDropped(t *testing.T) {
	t.Parallel()
	onServer := context.WithValue(t.Context(), http.ServerContextKey, new(http.Server))
	w := newWire()
	serve(onServer, newSessions(t, lambdasession.Config{}), w, "", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusEarlyHints)
		_, _ = w.Write([]byte("page"))
		w.WriteHeader(http.StatusEarlyHints)
	})
	wantEqual(t, "calls to the server", []string{"WriteHeader", "Write"}, w.acts)
}

func TestHandlerAndPanics(t *testing.T) { // L3
	t.Parallel()
	for name, test := range map[string]struct {
		do    func(http.ResponseWriter)
		saved int
	}{
		"before the first byte nothing is saved":   {func(http.ResponseWriter) {}, 1},
		"a header alone is no byte":                {func(w http.ResponseWriter) { w.Header().Set("X-Handler", "1") }, 1},
		"after the first byte it has been already": {func(w http.ResponseWriter) { _, _ = w.Write([]byte("page")) }, 2},
	} {
		for cause, value := range map[string]any{"a bug": "a bug", "an abort": http.ErrAbortHandler} {
			t.Run(name+", "+cause, func(t *testing.T) {
				t.Parallel()
				sessions := newSessions(t, lambdasession.Config{})
				cookie := newVisitor(t, sessions)
				w := newWire()
				var during context.Context
				func() {
					defer func() {
						if got := recover(); got != value {
							t.Errorf("recovered %v, want %v", got, value)
						}
					}()
					serve(t.Context(), sessions, w, cookie, func(w http.ResponseWriter, r *http.Request) {
						during = r.Context()
						succeed(t, visits.Set(lambdasession.From(during), 2))
						test.do(w)
						panic(value)
					})
				}()
				if got := visitsOf(t, sessions, httpGet(cookie)); got != test.saved {
					t.Errorf("the session has %d visits, want %d", got, test.saved)
				}
				if during.Err() == nil {
					t.Error("the handler's context has not ended")
				}
				if test.saved == 1 && len(w.acts) != 0 {
					t.Errorf("the server sees %q, want nothing", w.acts)
				}
			})
		}
	}
}

func TestWriteError(t *testing.T) {
	t.Parallel()
	for err, status := range map[error]int{
		lambdasession.ErrUnavailable: 503, lambdasession.ErrEnded: 409, lambdasession.ErrConflict: 409,
		lambdasession.ErrCrossOrigin: 403, lambdasession.ErrTooLarge: 500, lambdasession.ErrCommitted: 500,
		lambdasession.ErrNoManager: 500, lambdasession.ErrUnsupported: 500, io.ErrUnexpectedEOF: 500,
		&lambdasession.FieldError{Field: "visits", Err: io.EOF}: 500,
	} {
		t.Run(err.Error(), func(t *testing.T) {
			t.Parallel()
			sessions := newSessions(t, lambdasession.Config{})
			w := newWire()
			w.Header().Set("Vary", "Accept-Encoding, Cookie")
			w.Header().Set("Cache-Control", "public")
			serve(t.Context(), sessions, w, "", func(w http.ResponseWriter, r *http.Request) {
				succeed(t, visits.Set(lambdasession.From(r.Context()), 1)) // went well, and is saved
				sessions.WriteError(w, r, errors.Join(err))
			})
			if w.Code != status || len(w.first["Set-Cookie"]) != 1 {
				t.Errorf("the answer is %d with %v, want %d and a cookie", w.Code, w.first, status)
			}
			wantEqual(t, "Vary", []string{"Cookie", "Accept-Encoding, Cookie"}, w.first["Vary"])
			wantEqual(t, "Cache-Control", []string{"no-store"}, w.first["Cache-Control"])
		})
	}
}
