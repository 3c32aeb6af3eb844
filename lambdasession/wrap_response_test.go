package lambdasession_test

import (
	"context"
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

func TestWrapNeverWritesIntoWhatTheHandlerReturned(t *testing.T) { // L5
	t.Parallel()
	uses := map[string]func(*lambdasession.Session) error{
		"begins a session": func(s *lambdasession.Session) error { return visits.Set(s, 1) },
		"reads":            func(s *lambdasession.Session) error { _, err := visits.Get(s); return err },
		"fails to read":    func(s *lambdasession.Session) error { return visits.Set(s, 1) },
	}
	for use, do := range uses {
		t.Run("a package-level header map, of a page that "+use, func(t *testing.T) {
			t.Parallel()
			sessions, cookie := visitorOf(t, use == "fails to read")
			headers := map[string]string{"content-type": "text/html", "vary": "Accept", "Cache-Control": "public"}
			before := maps.Clone(headers)
			handle := lambdasession.Wrap(sessions, func(ctx context.Context, _ httpRequest) (httpResponse, error) {
				return httpResponse{StatusCode: http.StatusOK, Headers: headers}, do(lambdasession.From(ctx))
			})
			answer(t, handle, httpGet(cookie...))
			if diff := cmp.Diff(before, headers); diff != "" {
				t.Errorf("the shared headers were changed (-before +after):\n%s", diff)
			}
		})
		t.Run("a shared response pointer, of a page that "+use, func(t *testing.T) {
			t.Parallel()
			sessions, cookie := visitorOf(t, use == "fails to read")
			shared := &httpResponse{StatusCode: http.StatusOK, Body: "page", Headers: map[string]string{"A": "b"}}
			handle := lambdasession.Wrap(sessions, func(ctx context.Context, _ httpRequest) (*httpResponse, error) {
				return shared, do(lambdasession.From(ctx))
			})
			if out := answer(t, handle, httpGet(cookie...)); out == shared {
				t.Error("the shared response itself went out")
			}
			want := &httpResponse{StatusCode: http.StatusOK, Body: "page", Headers: map[string]string{"A": "b"}}
			if diff := cmp.Diff(want, shared); diff != "" {
				t.Errorf("the shared response was changed (-before +after):\n%s", diff)
			}
		})
		t.Run("a shared cookie slice with room, of a page that "+use, func(t *testing.T) {
			t.Parallel()
			sessions, cookie := visitorOf(t, use == "fails to read")
			room := make([]string, 1, 8)
			room[0] = "theme=dark"
			handle := lambdasession.Wrap(sessions, func(ctx context.Context, _ httpRequest) (httpResponse, error) {
				return httpResponse{StatusCode: http.StatusOK, Cookies: room}, do(lambdasession.From(ctx))
			})
			answer(t, handle, httpGet(cookie...))
			if want := append([]string{"theme=dark"}, make([]string, 7)...); !slices.Equal(room[:8], want) {
				t.Errorf("behind the shared slice stands %q, want nothing", room[:8])
			}
		})
	}
}

// visitorOf gives a manager and no cookie; or one whose store cannot answer,
// and a cookie.
func visitorOf(t *testing.T, silent bool) (*lambdasession.Manager, []string) {
	t.Helper()
	st := newSpy(nil)
	sessions := newSessions(t, lambdasession.Config{Store: st})
	if !silent {
		return sessions, nil
	}
	cookie := newVisitor(t, sessions)
	goSilent(st)
	return sessions, []string{cookie}
}

// answer runs a wrapped handler.
func answer[Out any](t *testing.T, handle func(context.Context, httpRequest) (Out, error), e httpRequest) Out {
	t.Helper()
	out, err := handle(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestWrapAddsToTheHeaders(t *testing.T) { // S11, L9
	t.Parallel()
	type headers = map[string]string
	const private = "private, no-cache"
	for name, test := range map[string]struct {
		given          headers
		afterRead      headers // the session was read
		withCookie     headers // and a cookie goes out
		cookiesBesides []string
	}{
		"none": {
			given:      nil,
			afterRead:  headers{"Vary": "Cookie", "Cache-Control": private},
			withCookie: headers{"Vary": "Cookie", "Cache-Control": "no-store"},
		},
		"others": {
			given:      headers{"content-type": "text/html", "x-Odd": "1", "set-cookie": "theme=dark"},
			afterRead:  headers{"content-type": "text/html", "x-Odd": "1", "set-cookie": "theme=dark", "Vary": "Cookie", "Cache-Control": private},
			withCookie: headers{"content-type": "text/html", "x-Odd": "1", "set-cookie": "theme=dark", "Vary": "Cookie", "Cache-Control": "no-store"},
		},
		"Vary for something else, in lower case": {
			given:      headers{"vary": "Accept-Encoding"},
			afterRead:  headers{"Vary": "Accept-Encoding, Cookie", "Cache-Control": private},
			withCookie: headers{"Vary": "Accept-Encoding, Cookie", "Cache-Control": "no-store"},
		},
		"Vary for the cookie already": {
			given:      headers{"VARY": "Origin,cookie"},
			afterRead:  headers{"Vary": "Origin,cookie", "Cache-Control": private},
			withCookie: headers{"Vary": "Origin,cookie", "Cache-Control": "no-store"},
		},
		"Vary for a name that only looks like it": {
			given:      headers{"Vary": "X-Cookie, Cookie2"},
			afterRead:  headers{"Vary": "X-Cookie, Cookie2, Cookie", "Cache-Control": private},
			withCookie: headers{"Vary": "X-Cookie, Cookie2, Cookie", "Cache-Control": "no-store"},
		},
		"Vary for everything": {
			given:      headers{"Vary": "*"},
			afterRead:  headers{"Vary": "*", "Cache-Control": private},
			withCookie: headers{"Vary": "*", "Cache-Control": "no-store"},
		},
		"an empty Vary and Cache-Control": {
			given:      headers{"Vary": "", "Cache-Control": ""},
			afterRead:  headers{"Vary": "Cookie", "Cache-Control": private},
			withCookie: headers{"Vary": "Cookie", "Cache-Control": "no-store"},
		},
		"caching of its own, in odd case": {
			given:      headers{"cache-Control": "max-age=60"},
			afterRead:  headers{"Vary": "Cookie", "Cache-Control": "max-age=60"},
			withCookie: headers{"Vary": "Cookie", "Cache-Control": "no-store"},
		},
		"headers in two spellings": {
			given:      headers{"cache-control": "public", "Cache-Control": "max-age=60", "vary": "Accept", "VARY": "Origin"},
			afterRead:  headers{"Vary": "Accept, Origin, Cookie", "Cache-Control": "max-age=60, public"},
			withCookie: headers{"Vary": "Accept, Origin, Cookie", "Cache-Control": "no-store"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			page := func(t *testing.T, want headers, do func(*lambdasession.Session) error) {
				t.Helper()
				sessions := newSessions(t, lambdasession.Config{})
				out := answer(t, lambdasession.Wrap(sessions, func(ctx context.Context, _ httpRequest) (httpResponse, error) {
					return httpResponse{StatusCode: http.StatusOK, Headers: test.given}, do(lambdasession.From(ctx))
				}), httpGet(newVisitor(t, sessions)))
				if diff := cmp.Diff(want, out.Headers); diff != "" {
					t.Errorf("headers (-want +got):\n%s", diff)
				}
			}
			page(t, test.afterRead, func(s *lambdasession.Session) error { _, err := visits.Get(s); return err })
			page(t, test.afterRead, func(s *lambdasession.Session) error { return visits.Set(s, 2) })
			page(t, test.afterRead, func(s *lambdasession.Session) error { s.Status(); return nil })
			page(t, test.withCookie, func(s *lambdasession.Session) error { return s.Renew() })
			page(t, test.withCookie, func(s *lambdasession.Session) error { return s.Destroy() })
			page(t, test.given, func(*lambdasession.Session) error { return nil })
		})
	}
}
