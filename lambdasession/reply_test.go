package lambdasession_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

// failedSave answers a request whose session could not be saved, under Wrap
// and under Handler, by a manager with this ErrorReply.
func failedSave(t *testing.T, reply func(context.Context, error) lambdasession.Reply, check func(t *testing.T, status int, header http.Header, body []byte)) {
	t.Helper()
	st := newSpy(nil)
	goSilent(st)
	sessions := newSessions(t, lambdasession.Config{Store: st, ErrorReply: reply})
	t.Run("under Wrap", func(t *testing.T) {
		t.Parallel()
		answered := visit(t, sessions, httpGet(), func(s *lambdasession.Session) error { return visits.Set(s, 1) })
		sent, err := json.Marshal(answered) // as it leaves the function
		succeed(t, err)
		var out httpResponse
		succeed(t, json.Unmarshal(sent, &out))
		header := http.Header{}
		for name, value := range out.Headers {
			if header[name] != nil || name != http.CanonicalHeaderKey(name) {
				t.Errorf("header %q is not in canonical case", name)
			}
			header.Set(name, value)
		}
		for _, cookie := range out.Cookies {
			header.Add("Set-Cookie", cookie)
		}
		body := []byte(out.Body)
		if out.IsBase64Encoded {
			body, err = base64.StdEncoding.DecodeString(out.Body)
			succeed(t, err)
		}
		check(t, out.StatusCode, header, body)
	})
	t.Run("under Handler", func(t *testing.T) {
		t.Parallel()
		w := httptest.NewRecorder()
		sessions.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			succeed(t, visits.Set(lambdasession.From(r.Context()), 1))
			w.WriteHeader(http.StatusOK)
		})).ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil))
		header := w.Header()
		for name, values := range header {
			header[name] = []string{strings.Join(values, ", ")}
		}
		check(t, w.Code, header, w.Body.Bytes())
	})
}

func TestErrorReply(t *testing.T) {
	t.Parallel()
	t.Run("it is what goes out, but for cookies and caching", func(t *testing.T) {
		t.Parallel()
		shared := http.Header{
			"Content-Type": {"text/html"}, "x-Odd": {"1"}, "Vary": {"Accept-Language"},
			"Set-Cookie": {"a=1"}, "set-cookie": {"b=2"}, "sEt-CoOkIe": {"c=3"},
			"cache-control": {"public"}, "Cache-Control": {"max-age=60"},
		}
		before := shared.Clone()
		failedSave(t, func(_ context.Context, err error) lambdasession.Reply {
			if !errors.Is(err, lambdasession.ErrUnavailable) {
				t.Errorf("ErrorReply is told %v, want ErrUnavailable", err)
			}
			return lambdasession.Reply{Status: http.StatusBadGateway, Header: shared, Body: []byte("sorry")}
		}, func(t *testing.T, status int, header http.Header, body []byte) {
			if status != http.StatusBadGateway || string(body) != "sorry" {
				t.Errorf("the answer is %d %q, want 502 sorry", status, body)
			}
			wantEqual(t, "header", http.Header{
				"Content-Type": {"text/html"}, "X-Odd": {"1"}, "Vary": {"Accept-Language, Cookie"}, "Cache-Control": {"no-store"},
			}, header)
		})
		t.Cleanup(func() { // when both are through
			if diff := cmp.Diff(before, shared); diff != "" {
				t.Errorf("the shared header was written into (-before +after):\n%s", diff)
			}
		})
	})
	t.Run("without a header it still says how to cache", func(t *testing.T) {
		t.Parallel()
		failedSave(t, func(context.Context, error) lambdasession.Reply {
			return lambdasession.Reply{Status: http.StatusTeapot}
		}, func(t *testing.T, status int, header http.Header, body []byte) {
			if status != http.StatusTeapot || len(body) != 0 {
				t.Errorf("the answer is %d %q, want 418 and nothing", status, body)
			}
			wantEqual(t, "header", http.Header{"Vary": {"Cookie"}, "Cache-Control": {"no-store"}}, header)
		})
	})
	for _, odd := range []int{0, -1, 42, 100, 103, 199, 1000} {
		t.Run("a status that no response can have is replaced: "+strconv.Itoa(odd), func(t *testing.T) {
			t.Parallel()
			failedSave(t, func(context.Context, error) lambdasession.Reply {
				return lambdasession.Reply{Status: odd}
			}, func(t *testing.T, status int, _ http.Header, _ []byte) {
				if status != http.StatusServiceUnavailable {
					t.Errorf("%d goes out as %d, want 503", odd, status)
				}
			})
		})
	}
	t.Run("a body that is not text arrives as it is", func(t *testing.T) {
		t.Parallel()
		picture := []byte{0x89, 'P', 'N', 'G', 0xff, 0}
		failedSave(t, func(context.Context, error) lambdasession.Reply {
			return lambdasession.Reply{Status: http.StatusServiceUnavailable, Body: picture}
		}, func(t *testing.T, _ int, _ http.Header, body []byte) {
			if !bytes.Equal(body, picture) {
				t.Errorf("the body is %q, want %q", body, picture)
			}
		})
	})
}

func TestRefusedRequestIsLoggedOnce(t *testing.T) {
	t.Parallel()
	for name, handler := range map[string]func(*lambdasession.Manager) http.HandlerFunc{
		"by the commit": func(*lambdasession.Manager) http.HandlerFunc {
			return func(_ http.ResponseWriter, r *http.Request) { _ = visits.Set(lambdasession.From(r.Context()), 1) }
		},
		"by WriteError, for a read": func(m *lambdasession.Manager) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				_, err := visits.Get(lambdasession.From(r.Context()))
				m.WriteError(w, r, err)
			}
		},
		"by WriteError, for a write that fails the commit too": func(m *lambdasession.Manager) http.HandlerFunc {
			return func(w http.ResponseWriter, r *http.Request) {
				_, err := visits.Update(lambdasession.From(r.Context()), func(n int) (int, error) { return n + 1, nil })
				m.WriteError(w, r, err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := newSpy(nil)
			var log bytes.Buffer
			sessions := newSessions(t, lambdasession.Config{Store: st, Logger: slog.New(slog.NewTextHandler(&log, nil))})
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
			r.Header.Set("Cookie", newVisitor(t, sessions))
			goSilent(st)
			w := httptest.NewRecorder()
			sessions.Handler(handler(sessions)).ServeHTTP(w, r)

			if w.Code != http.StatusServiceUnavailable {
				t.Errorf("the answer is %d, want 503", w.Code)
			}
			lines := slices.Collect(strings.Lines(log.String()))
			if len(lines) != 1 || !strings.Contains(lines[0], "level=ERROR") || !strings.Contains(lines[0], "status=503") {
				t.Errorf("the log says %q, want one error with its status", lines)
			}
		})
	}
}

func TestLogLevelOfARefusal(t *testing.T) {
	t.Parallel()
	want := map[error]string{
		lambdasession.ErrUnavailable: "ERROR", lambdasession.ErrTooLarge: "ERROR", lambdasession.ErrNoManager: "ERROR",
		lambdasession.ErrEnded: "INFO", lambdasession.ErrConflict: "INFO", lambdasession.ErrCrossOrigin: "INFO",
	}
	for err, level := range want {
		var log bytes.Buffer
		sessions := newSessions(t, lambdasession.Config{Logger: slog.New(slog.NewTextHandler(&log, nil))})
		sessions.WriteError(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil), err)
		if !strings.Contains(log.String(), "level="+level+" ") {
			t.Errorf("%v is logged as %q, want %s", err, log.String(), level)
		}
	}
}
