package lambdasession

import (
	"fmt"
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
// session's absolute end. Values are the session's, as far as they are known: a
// key may hold them, and be too long for a cookie.
func (m *Manager) cookieFor(key store.Key, ends time.Time, values map[string][]byte) (string, error) {
	c := m.bareCookie()
	c.Value = m.tokens.encode(key)
	if m.cfg.Cookie.Persistent {
		c.MaxAge = max(1, int(ends.Sub(m.cfg.Now())/time.Second))
	}
	cookie := c.String()
	if len(c.Value) > maxTokenLength && len(cookie) > maxCookieBytes {
		return "", fmt.Errorf("%w: the cookie would have %d bytes, and browsers keep at most %d; the biggest fields are %s",
			ErrTooLarge, len(cookie), maxCookieBytes, store.Biggest(values))
	}
	return cookie, nil
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
