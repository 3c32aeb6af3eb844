package console

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestGuard(t *testing.T) {
	t.Parallel()
	s := newSite(t, Config{})
	serve := func(r *http.Request) *http.Response {
		w := httptest.NewRecorder()
		s.pages.ServeHTTP(w, r)
		return w.Result()
	}

	for host, want := range map[string]int{
		"localhost":             200,
		"localhost:3001":        200,
		"LOCALHOST:3001":        200,
		"127.0.0.1":             200,
		"127.0.0.1:3001":        200,
		"[::1]":                 200,
		"[::1]:3001":            200,
		"":                      403,
		"evil.example":          403,
		"evil.example:3001":     403,
		"localhost.evil.ex":     403,
		"shop.localhost:3001":   403,
		"localhost.":            403,
		"127.0.0.1.nip.example": 403,
		"127.0.0.2:3001":        403,
		"[::2]:3001":            403,
		"0.0.0.0:3001":          403,
		"localhost:3001:3001":   403,
		"[localhost]evil":       403,
	} {
		t.Run("a request to the host "+host, func(t *testing.T) {
			t.Parallel()
			for _, path := range []string{"/", "/sessions", "/assets/style.css"} {
				r := httptest.NewRequest("GET", path, nil)
				r.Host = host
				if got := serve(r).StatusCode; got != want {
					t.Errorf("%s: status %d, want %d", path, got, want)
				}
			}
		})
	}

	for name, c := range map[string]struct {
		header http.Header
		want   int
	}{
		"the page itself":                      {http.Header{"Sec-Fetch-Site": {"same-origin"}, "Origin": {"http://localhost:3001"}}, 404},
		"the page itself, in an older browser": {http.Header{"Origin": {"http://localhost:3001"}}, 404},
		"no browser":                           {http.Header{}, 404},
		"another site":                         {http.Header{"Sec-Fetch-Site": {"cross-site"}, "Origin": {"https://evil.example"}}, 403},
		"another site, in an older browser":    {http.Header{"Origin": {"https://evil.example"}}, 403},
		"the application, on another port":     {http.Header{"Sec-Fetch-Site": {"same-site"}, "Origin": {"http://localhost:3000"}}, 403},
		"the application, in an older browser": {http.Header{"Origin": {"http://localhost:3000"}}, 403},
		"a frame without an origin":            {http.Header{"Sec-Fetch-Site": {"cross-site"}, "Origin": {"null"}}, 403},
	} {
		t.Run("a form sent by "+name, func(t *testing.T) {
			t.Parallel()
			r := localRequest("POST", "/sessions/"+strings.Repeat("A", 43)+"/revoke", nil)
			r.Header = c.header
			if got := serve(r).StatusCode; got != c.want { // there are no sessions here: 404 is as far as it gets
				t.Errorf("status %d, want %d", got, c.want)
			}
		})
	}

	t.Run("every answer forbids frames, foreign content and keeping it", func(t *testing.T) {
		t.Parallel()
		rebound := httptest.NewRequest("GET", "/", nil)
		rebound.Host = "evil.example"
		foreign := localRequest("POST", "/sessions/x/revoke", nil)
		foreign.Header.Set("Sec-Fetch-Site", "cross-site")
		for _, r := range []*http.Request{
			localRequest("GET", "/", nil),
			localRequest("GET", "/sessions", nil),
			localRequest("GET", "/nowhere", nil),
			localRequest("GET", "/events", nil), // without a mark, it says to reload and ends
			localRequest("GET", "/assets/script.js", nil),
			localRequest("GET", "/assets/nothing.js", nil),
			rebound,
			foreign,
		} {
			h := serve(r).Header
			wantIn(t, h.Get("Content-Security-Policy"), "default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'")
			wantNotIn(t, h.Get("Content-Security-Policy"), "unsafe", "*", "http")
			for name, want := range map[string]string{
				"Cache-Control":                "no-store",
				"X-Content-Type-Options":       "nosniff",
				"X-Frame-Options":              "DENY",
				"Cross-Origin-Resource-Policy": "same-origin",
				"Cross-Origin-Opener-Policy":   "same-origin",
			} {
				if got := h.Get(name); got != want {
					t.Errorf("%s %s at %s: %s is %q, want %q", r.Method, r.URL.Path, r.Host, name, got, want)
				}
			}
			for name := range h {
				if strings.HasPrefix(name, "Access-Control-") || name == "Set-Cookie" {
					t.Errorf("%s %s: there is a header %s", r.Method, r.URL.Path, name)
				}
			}
		}
	})
}

func TestConfig(t *testing.T) {
	t.Parallel()
	_, err := New(Config{App: "localhost:3000"})
	if err == nil {
		t.Fatal("a configuration without anything was taken")
	}
	wantIn(t, err.Error(), "Config.Journal is nil", "Config.App is not an address", "Config.Sessions or Config.NoSessions")
}
