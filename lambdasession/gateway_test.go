package lambdasession_test

import (
	"context"
	"net/http"
	"net/http/cookiejar"
	"strconv"
	"testing"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/localtest"
)

func TestSessionBehindAnHTTPAPI(t *testing.T) {
	t.Parallel()
	st := newSpy(nil)
	sessions := newSessions(t, lambdasession.Config{Store: st, Keys: [][]byte{aKey}})
	handle := lambdasession.Wrap(sessions, func(ctx context.Context, e httpRequest) (*httpResponse, error) {
		s := lambdasession.From(ctx)
		out := &httpResponse{
			StatusCode: http.StatusOK, Headers: map[string]string{"vary": "Accept"}, Cookies: []string{"theme=dark; Path=/"},
		}
		switch e.RawPath {
		case "/about":
			return out, nil
		case "/sign-in":
			return out, s.SetSubject("ada", "")
		case "/sign-out":
			return out, s.Destroy()
		}
		n, err := visits.Update(s, func(n int) (int, error) { return n + 1, nil })
		out.Body = strconv.Itoa(n)
		return out, err
	})
	server := localtest.Serve(t, localtest.HTTPAPI, handle)
	jar, err := cookiejar.New(nil)
	succeed(t, err)
	server.Client().Jar = jar
	page := func(path string, status int, body string, operations ...string) (session *http.Cookie) {
		t.Helper()
		out, got := fetch(t.Context(), t, server, http.MethodGet, path)
		if out.StatusCode != status || body != "" && got != body {
			t.Errorf("%s is answered %d %q, want %d %q", path, out.StatusCode, got, status, body)
		}
		st.want(t, operations...)
		for _, c := range out.Cookies() {
			if c.Name == cookieName {
				session = c
			} else if c.Name != "theme" || status != http.StatusOK {
				t.Errorf("%s sets the cookie %s", path, c)
			}
		}
		wantCache := map[bool]string{true: "no-store", false: "private, no-cache"}[session != nil || status != http.StatusOK]
		if path == "/about" {
			wantCache = ""
		}
		wantEqual(t, "Cache-Control of "+path, wantCache, out.Header.Get("Cache-Control"))
		return session
	}

	page("/about", 200, "")
	if page("/", 200, "1", "save") == nil {
		t.Error("the first visit sets no cookie")
	}
	if page("/", 200, "2", "load", "update") != nil {
		t.Error("the second visit sets the cookie again")
	}
	if page("/sign-in", 200, "", "load", "rotate") == nil {
		t.Error("signing in sets no cookie")
	}
	page("/", 200, "3", "load", "update")
	page("/about", 200, "")

	goSilent(st)
	if c := page("/", 503, "", "load"); c != nil {
		t.Errorf("an error sets the cookie %s", c)
	}
	st.fail(nil, "load")
	if c := page("/", 503, "", "load", "update"); c != nil {
		t.Errorf("a failed save sets the cookie %s", c)
	}
	st.fail(nil, "update", "delete")

	if c := page("/sign-out", 200, "", "delete"); c == nil || c.MaxAge >= 0 {
		t.Errorf("signing out sets %v, want an expired cookie", c)
	}
	st.fail(nil, "save")
	page("/", 200, "1", "save")
}
