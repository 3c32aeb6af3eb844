package lambdasession

import (
	"net/http"
	"strings"
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

// findCookie returns the value of the one cookie called name and whether there
// is any of that name; with several of them, errDuplicateCookie. Each line is
// a Cookie header or a single pair of one. It allocates nothing and stops at
// the second match.
func findCookie(lines []string, name string) (value string, found bool, err error) {
	for _, line := range lines {
		for line != "" {
			var pair string
			pair, line, _ = strings.Cut(line, ";")
			n, v, ok := strings.Cut(strings.Trim(pair, " \t"), "=")
			if !ok || n != name {
				continue
			}
			if found {
				return "", true, errDuplicateCookie
			}
			value, found = v, true
		}
	}
	return value, found, nil
}

// cookieFor makes the Set-Cookie value that gives the browser key. Ends is the
// session's absolute end.
func (m *Manager) cookieFor(key store.Key, ends time.Time) string {
	c := m.bareCookie()
	c.Value = m.tokens.encode(key)
	if m.cfg.Cookie.Persistent {
		c.MaxAge = max(1, int(ends.Sub(m.cfg.Now())/time.Second))
	}
	return c.String()
}

// expiredCookie makes the Set-Cookie value that takes the cookie away: the
// same attributes, or the browser would keep it.
func (m *Manager) expiredCookie() string {
	c := m.bareCookie()
	c.MaxAge = -1
	return c.String()
}

func (m *Manager) bareCookie() *http.Cookie {
	cfg := m.cfg.Cookie
	return &http.Cookie{
		Name: cfg.Name, Path: cfg.Path, Domain: cfg.Domain,
		Secure: !cfg.Insecure, HttpOnly: true, SameSite: cfg.SameSite,
	}
}
