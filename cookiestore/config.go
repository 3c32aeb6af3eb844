package cookiestore

import (
	"cmp"
	"errors"
	"fmt"
	"time"
)

const (
	defaultCookieName = "__Host-session"

	// maxCookieBytes is what every browser keeps
	// (https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-5.6).
	maxCookieBytes = 4096

	// attributes is the longest that a cookie of the session manager has besides
	// Domain and Path, which few set.
	attributes = "; Path=/; Max-Age=34560000; HttpOnly; Secure; SameSite=Strict"
)

// A Config says how a store seals its cookies. Only Keys must be set.
type Config struct {
	// Keys are 32 random bytes each, newest first, such as from "openssl rand 32".
	// The first seals; all open. To change it, add the new one as the last
	// everywhere, then move it to the front, and leave the old one in place for as
	// long as a session may live. A Config prints without them, though fmt cannot
	// hide them in a Config that is an unexported field of another struct.
	Keys [][]byte

	// CookieName is the cookie's name: __Host-session. It must be the manager's. A
	// cookie of one name is worth nothing under another.
	CookieName string

	// MaxBytes limits the cookie, its name and attributes included: 4,096, which is
	// also the most. Less leaves room for other cookies: API Gateway takes 10,240
	// bytes of headers in all
	// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html).
	MaxBytes int

	// Now is the clock: time.Now. It must be the session manager's.
	Now func() time.Time
}

// Format prints the configuration without its keys, whatever the verb.
func (c Config) Format(f fmt.State, verb rune) {
	type plain Config // has no Format
	c.Keys = nil
	_, _ = fmt.Fprintf(f, fmt.FormatString(f, verb), plain(c))
}

// complete fills in the defaults and reports everything that is wrong but for
// the keys.
func (c Config) complete() (Config, error) {
	var problems []error
	problem := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	c.CookieName = cmp.Or(c.CookieName, defaultCookieName)
	c.MaxBytes = cmp.Or(c.MaxBytes, maxCookieBytes)
	if c.Now == nil {
		c.Now = time.Now
	}
	least := c.MaxBytes - c.maxTokenBytes() + tokenBytes(blockBytes)
	switch {
	case least > maxCookieBytes:
		problem("CookieName has %d bytes, which leaves no room for a session: use a shorter one", len(c.CookieName))
	case c.MaxBytes < least || c.MaxBytes > maxCookieBytes:
		problem("MaxBytes is %d: use %d to %d, or 0 for %d", c.MaxBytes, least, maxCookieBytes, maxCookieBytes)
	}
	return c, errors.Join(problems...)
}

// maxTokenBytes is how long the cookie's value may be.
func (c Config) maxTokenBytes() int {
	return c.MaxBytes - len(c.CookieName) - len("=") - len(attributes)
}
