package lambdasession_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

// What any transport has to add to its response.
func TestHeaderOfACommit(t *testing.T) { // S11
	t.Parallel()
	depends := http.Header{"Vary": {"Cookie"}, "Cache-Control": {"private, no-cache"}}
	withCookie := http.Header{"Vary": {"Cookie"}, "Cache-Control": {"no-store"}, "Set-Cookie": {"one"}}
	for name, test := range map[string]struct {
		do   func(*lambdasession.Session) error
		want http.Header
	}{
		"not used":       {func(*lambdasession.Session) error { return nil }, nil},
		"asked about":    {func(s *lambdasession.Session) error { s.Status(); return nil }, depends},
		"read, and kept": {func(s *lambdasession.Session) error { _, err := visits.Get(s); return err }, depends},
		"changed":        {func(s *lambdasession.Session) error { return visits.Set(s, 2) }, depends},
		"renewed":        {func(s *lambdasession.Session) error { return s.Renew() }, withCookie},
		"signed in":      {func(s *lambdasession.Session) error { return s.SetSubject("ada", "") }, withCookie},
		"destroyed":      {func(s *lambdasession.Session) error { return s.Destroy() }, withCookie},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			now, pass := clockFrom(noon)
			sessions := newSessions(t, lambdasession.Config{Now: now})
			cookie := newVisitor(t, sessions)
			pass(10 * time.Minute) // so that a read moves the expiry
			x, err := sessions.Begin(t.Context(), lambdasession.Request{Method: http.MethodGet, Cookies: []string{cookie}})
			succeed(t, err)
			defer x.Close()
			succeed(t, test.do(lambdasession.From(x.Context())))
			header, err := x.Commit()
			succeed(t, err)
			if cookies := header["Set-Cookie"]; len(cookies) == 1 {
				parseSetCookie(t, cookies)
				header.Set("Set-Cookie", "one")
			}
			wantEqual(t, "header", test.want, header)
		})
	}
}
