package lambdasession_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

const (
	host    = "shop.example"
	ours    = "https://shop.example"
	theirs  = "https://evil.example"
	trusted = "https://login.example"
)

func TestWhichRequestsAreCrossOrigin(t *testing.T) { // S12
	t.Parallel()
	for _, c := range []struct {
		name              string
		method            string
		origin, fetchSite string
		cfg               lambdasession.Config
		refused           bool
	}{
		{name: "a form of our own", method: "POST", origin: ours, fetchSite: "same-origin"},
		{name: "a form of our own in an old browser", method: "POST", origin: ours},
		{name: "a form of our own over plain HTTP in an old browser", method: "POST", origin: "http://shop.example"},
		{name: "a program that is no browser", method: "POST"},
		{name: "a user who typed the address", method: "POST", fetchSite: "none"},
		{name: "a form of another site", method: "POST", origin: theirs, fetchSite: "cross-site", refused: true},
		{name: "a form of a sister site", method: "POST", origin: "https://blog.shop.example", fetchSite: "same-site", refused: true},
		{name: "a form of another site in an old browser", method: "POST", origin: theirs, refused: true},
		{name: "a form of a page without an origin", method: "POST", origin: "null", refused: true},
		{name: "another site without the Origin header", method: "POST", fetchSite: "cross-site", refused: true},
		{name: "another port", method: "POST", origin: ours + ":8443", refused: true},
		{name: "a host that ours is the beginning of", method: "POST", origin: ours + ".evil.example", refused: true},
		{name: "a PUT of another site", method: "PUT", origin: theirs, refused: true},
		{name: "a DELETE of another site", method: "DELETE", origin: theirs, refused: true},
		{name: "a method nobody knows of another site", method: "BREW", origin: theirs, refused: true},
		{name: "a link on another site", method: "GET", fetchSite: "cross-site"},
		{name: "a HEAD of another site", method: "HEAD", fetchSite: "cross-site"},
		{name: "a preflight of another site", method: "OPTIONS", origin: theirs, fetchSite: "cross-site"},
		{
			name: "an identity provider that is trusted", method: "POST", origin: trusted, fetchSite: "cross-site",
			cfg: lambdasession.Config{TrustedOrigins: []string{trusted}},
		},
		{
			name: "another than the one that is trusted", method: "POST", origin: theirs, fetchSite: "cross-site",
			cfg: lambdasession.Config{TrustedOrigins: []string{trusted}}, refused: true,
		},
		{
			name: "another site where the protection is off", method: "POST", origin: theirs, fetchSite: "cross-site",
			cfg: lambdasession.Config{AllowCrossOrigin: true},
		},
	} {
		request := func(site *site, cookies ...string) (*lambdasession.Exchange, error) {
			return site.Begin(t.Context(), lambdasession.Request{
				Method: c.method, Host: host, Origin: c.origin, FetchSite: c.fetchSite, Cookies: cookies,
			})
		}
		t.Run(c.name+", with a session cookie", func(t *testing.T) {
			t.Parallel()
			site := newSite(t, c.cfg)
			b := site.known(t)
			x, err := request(site, b.cookies()...)
			if c.refused {
				wantError(t, lambdasession.ErrCrossOrigin, err)
				return
			}
			succeed(t, err)
			defer x.Close()
			add(t, apples, lambdasession.From(x.Context()), 1)
			_, err = x.Commit()
			succeed(t, err)
			b.wantValues(map[string]string{"apples": "2"})
		})
		t.Run(c.name+", without one", func(t *testing.T) {
			t.Parallel()
			site := newSite(t, c.cfg)
			x, err := request(site)
			succeed(t, err) // SameSite=Lax may have withheld the cookie: nobody knows
			defer x.Close()
			set(t, apples, lambdasession.From(x.Context()), 1)
			header, err := x.Commit()
			if c.refused {
				response{header, err}.wantRefused(t, lambdasession.ErrCrossOrigin)
				site.store.want(t)
				return
			}
			succeed(t, err)
			response{header, err}.wantCookie(t, newCookie)
		})
	}
}

// What another site may do, where the browser withheld the cookie: anything
// but replace the session that the browser may hold.
func TestACrossOriginRequestWithoutACookie(t *testing.T) { // S12: login CSRF, forced logout by replacement
	t.Parallel()
	for _, c := range []struct {
		name    string
		do      func(*lambdasession.Session) error
		refused bool
	}{
		{"may leave the session alone", func(*lambdasession.Session) error { return nil }, false},
		{"may read", func(s *lambdasession.Session) error { _, err := apples.Get(s); return err }, false},
		{"may renew nothing", func(s *lambdasession.Session) error { return s.Renew() }, false},
		{"may log nobody out", func(s *lambdasession.Session) error { return s.Destroy() }, false},
		{"may not begin a session", func(s *lambdasession.Session) error { return apples.Set(s, 1) }, true},
		{"may not sign in", func(s *lambdasession.Session) error { return s.SetSubject("eve", "") }, true},
		{"may not begin one after a logout", func(s *lambdasession.Session) error { _ = s.Destroy(); return apples.Set(s, 1) }, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			site := newSite(t, lambdasession.Config{})
			x, err := site.Begin(t.Context(), lambdasession.Request{Method: http.MethodPost, Host: host, Origin: theirs, FetchSite: "cross-site"})
			succeed(t, err)
			defer x.Close()
			succeed(t, c.do(lambdasession.From(x.Context())))
			header, err := x.Commit()
			site.store.want(t)
			if c.refused {
				response{header, err}.wantRefused(t, lambdasession.ErrCrossOrigin)
				return
			}
			succeed(t, err)
			response{header, err}.wantCookie(t, noCookie)
		})
	}
}

// With SameSite=Strict the cookie is withheld from a mere link as well.
func TestALinkFromAnotherSite(t *testing.T) { // S12
	t.Parallel()
	for _, c := range []struct {
		name      string
		sameSite  http.SameSite
		fetchSite string
		refused   bool
	}{
		{"begins a session under Lax", http.SameSiteLaxMode, "cross-site", false},
		{"begins none under Strict", http.SameSiteStrictMode, "cross-site", true},
		{"of our own begins a session under Strict", http.SameSiteStrictMode, "same-origin", false},
		{"of a sister site begins a session under Strict", http.SameSiteStrictMode, "same-site", false},
		{"that was typed begins a session under Strict", http.SameSiteStrictMode, "none", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			site := newSite(t, lambdasession.Config{Cookie: lambdasession.Cookie{SameSite: c.sameSite}})
			x, err := site.Begin(t.Context(), lambdasession.Request{Method: http.MethodGet, Host: host, FetchSite: c.fetchSite})
			succeed(t, err)
			defer x.Close()
			set(t, apples, lambdasession.From(x.Context()), 1)
			header, err := x.Commit()
			if c.refused {
				response{header, err}.wantRefused(t, lambdasession.ErrCrossOrigin)
				return
			}
			succeed(t, err)
			response{header, err}.wantCookie(t, newCookie)
		})
	}
}

func TestTheLogLineOfACrossOriginRequest(t *testing.T) {
	t.Parallel()
	var logs bytes.Buffer
	site := newSite(t, lambdasession.Config{Logger: slog.New(slog.NewTextHandler(&logs, nil))})
	b := site.known(t)
	_, err := site.Begin(t.Context(), lambdasession.Request{
		Method: http.MethodPost, Host: host, Origin: theirs + strings.Repeat("x", 10_000), Cookies: b.cookies(),
	})
	wantError(t, lambdasession.ErrCrossOrigin, err)
	for _, want := range []string{theirs, "Config.TrustedOrigins", host} {
		if !strings.Contains(logs.String(), want) {
			t.Errorf("log: %s; want it to name %q", &logs, want)
		}
	}
	if logs.Len() > 1000 {
		t.Errorf("a stranger wrote %d bytes into the log", logs.Len())
	}
	if strings.Contains(logs.String(), b.cookie) {
		t.Error("the log tells the cookie")
	}
}

// Cookies that are no session are a session cookie all the same here: what
// the browser meant by them is unknown.
func TestACrossOriginRequestWithACookieThatIsNoSession(t *testing.T) {
	t.Parallel()
	for name, cookies := range map[string][]string{
		"malformed": {"__Host-session=x"},
		"empty":     {"__Host-session="},
		"twice":     {"__Host-session=x; __Host-session=y"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := newSite(t, lambdasession.Config{}).Begin(t.Context(), lambdasession.Request{
				Method: http.MethodPost, Host: host, Origin: theirs, Cookies: cookies,
			})
			wantError(t, lambdasession.ErrCrossOrigin, err)
		})
	}
}
