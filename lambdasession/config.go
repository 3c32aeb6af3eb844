package lambdasession

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

// The defaults of a [Config].
const (
	DefaultIdleTimeout     = 30 * time.Minute
	DefaultAbsoluteTimeout = 12 * time.Hour
	DefaultPersistReserve  = 500 * time.Millisecond
	DefaultMaxBytes        = 64 << 10
)

// Config says how sessions are kept. Only Store must be set: the zero value of
// every other field is the safe default.
type Config struct {
	// Store is where sessions live.
	Store store.Store

	// Keys are HMAC keys of at least 32 random bytes each, newest first. With
	// them the cookie carries a signature, and a forged cookie costs no read.
	// The first signs; all verify. Cookies from before keys were set are no
	// longer accepted. A store that keeps the session in the cookie knows a forged
	// one by itself: there a signature only takes up room. A Config prints without them, though fmt cannot hide
	// them in a Config that is an unexported field of another struct.
	Keys [][]byte

	// Cookie says what the cookie looks like.
	Cookie Cookie

	// IdleTimeout ends a session that nobody used for so long; 30 minutes.
	IdleTimeout time.Duration

	// AbsoluteTimeout ends a session so long after its beginning or sign-in,
	// however busy it is; 12 hours.
	AbsoluteTimeout time.Duration

	// PersistReserve is kept back from the invocation's deadline for saving
	// the session: the handler's context ends that much earlier. 500 ms, or a
	// fifth of what is left of the invocation if that is less.
	PersistReserve time.Duration

	// MaxBytes limits the field names and values of one session, summed up;
	// 64 KiB. A store may have a lower limit of its own. Passing four fifths
	// of it is logged; so is a session that outgrew it by writes that did not
	// read it, which are held to the limit by their own size.
	MaxBytes int

	// TrustedOrigins may send unsafe cross-origin requests with a session, such
	// as "https://login.example.com" for an identity provider that posts back.
	TrustedOrigins []string

	// AllowCrossOrigin switches the protection against cross-origin requests
	// off, for an application that has its own.
	AllowCrossOrigin bool

	// Codec turns field values into bytes and back; JSON.
	Codec Codec

	// Logger takes what an operator should know; slog.Default. No key, cookie
	// or value is ever logged.
	Logger *slog.Logger

	// Observer sees every store operation; none.
	Observer Observer

	// ErrorReply makes the response that replaces a handler's when the session
	// could not be saved; problem+json (RFC 9457). Its Set-Cookie is dropped, its
	// Cache-Control becomes no-store, and a Status that no response can have, such
	// as 0, the one of the error.
	ErrorReply func(context.Context, error) Reply

	// Now is the clock; time.Now. Give the store the same one.
	Now func() time.Time
}

// Format prints the configuration without its keys, whatever the verb.
func (c Config) Format(f fmt.State, verb rune) {
	type plain Config // has no Format
	c.Keys = nil
	_, _ = fmt.Fprintf(f, fmt.FormatString(f, verb), plain(c))
}

// Codec turns a field's value into bytes and back.
type Codec interface {
	Marshal(v any) ([]byte, error)
	Unmarshal(data []byte, v any) error
}

// complete fills in the defaults and reports every problem at once.
func (c Config) complete() (Config, error) {
	var problems []error
	problem := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }

	if c.Store == nil {
		problem("Store is nil: set it to a store such as dynamostore.New(...) or memstore.New()")
	}
	for i, key := range c.Keys {
		if len(key) < minKeyBytes {
			problem("Keys[%d] has %d bytes: use at least %d random ones", i, len(key), minKeyBytes)
		}
	}
	setDefault(&c.IdleTimeout, DefaultIdleTimeout)
	setDefault(&c.AbsoluteTimeout, max(DefaultAbsoluteTimeout, c.IdleTimeout))
	setDefault(&c.PersistReserve, DefaultPersistReserve)
	setDefault(&c.MaxBytes, DefaultMaxBytes)
	if c.IdleTimeout < time.Second {
		problem("IdleTimeout is %v: use at least 1s, or 0 for %v", c.IdleTimeout, DefaultIdleTimeout)
	}
	if c.AbsoluteTimeout < c.IdleTimeout {
		problem("AbsoluteTimeout (%v) is shorter than IdleTimeout (%v): make it at least as long", c.AbsoluteTimeout, c.IdleTimeout)
	}
	if c.PersistReserve < 0 {
		problem("PersistReserve is %v: use a positive duration, or 0 for %v", c.PersistReserve, DefaultPersistReserve)
	}
	if c.MaxBytes < 0 {
		problem("MaxBytes is %d: use a positive number, or 0 for %d", c.MaxBytes, DefaultMaxBytes)
	}
	cookie, err := c.Cookie.complete()
	c.Cookie = cookie
	problems = append(problems, err)
	if c.Store != nil {
		if name := store.KeyFormOf(c.Store).CookieName; name != "" && name != cookie.Name {
			problem("Cookie.Name is %q, and the store's keys are for a cookie called %q: give both the same", cookie.Name, name)
		}
	}
	if cookie.Persistent && c.AbsoluteTimeout > maxCookieAge {
		problem("AbsoluteTimeout is %v with a Persistent cookie: browsers keep a cookie at most 400 days (%v)", c.AbsoluteTimeout, maxCookieAge)
	}

	if c.Codec == nil {
		c.Codec = jsonCodec{}
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	if c.ErrorReply == nil {
		c.ErrorReply = func(_ context.Context, err error) Reply { return problemReply(err) }
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c, errors.Join(problems...)
}

func setDefault[T comparable](v *T, to T) {
	var zero T
	if *v == zero {
		*v = to
	}
}

// Cookie says what the session cookie looks like. The zero value is the
// strictest: __Host-session, Secure, HttpOnly, SameSite=Lax, Path=/, for this
// host alone, gone when the browser is closed.
type Cookie struct {
	// Name is the cookie's; __Host-session. With a Domain or a Path the
	// default is __Secure-session, and session for an Insecure one: the
	// prefixes make browsers refuse a cookie that lacks what they promise
	// (https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-4.1.3).
	Name string

	// Domain sends the cookie to all subdomains as well, each of which can
	// then read and replace it. Empty: to this host alone.
	Domain string

	// Path limits the cookie to a part of the site; /.
	Path string

	// SameSite is http.SameSiteLaxMode unless set.
	SameSite http.SameSite

	// Persistent keeps the cookie when the browser is closed, until the
	// session's absolute end.
	Persistent bool

	// Insecure lets the cookie travel over plain HTTP, for a development host
	// other than localhost. (On http://localhost the secure cookie works too.)
	Insecure bool
}

const (
	// maxCookieAge and maxCookieBytes are the limits of
	// https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-5.5
	// and section 5.6 of the same.
	maxCookieAge   = 400 * 24 * time.Hour
	maxCookieBytes = 4096

	// maxPathBytes is where browsers begin to ignore an attribute, by the same
	// section 5.6: the cookie would then go by the request's path.
	maxPathBytes = 1024
)

func (c Cookie) complete() (Cookie, error) {
	var problems []error
	problem := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }

	setDefault(&c.Path, "/")
	setDefault(&c.SameSite, http.SameSiteLaxMode)
	if c.Name == "" {
		switch {
		case c.Insecure:
			c.Name = "session"
		case c.Domain != "" || c.Path != "/":
			c.Name = "__Secure-session"
		default:
			c.Name = "__Host-session"
		}
	}
	// Browsers compare the prefixes without regard to case.
	name := strings.ToLower(c.Name)
	if strings.HasPrefix(name, "__host-") {
		if c.Domain != "" {
			problem("Cookie.Name %q cannot go with Domain %q: leave Domain empty or use a name with __Secure-", c.Name, c.Domain)
		}
		if c.Path != "/" {
			problem("Cookie.Name %q cannot go with Path %q: leave Path empty or use a name with __Secure-", c.Name, c.Path)
		}
	}
	if c.Insecure && (strings.HasPrefix(name, "__host-") || strings.HasPrefix(name, "__secure-")) {
		problem("Cookie.Name %q cannot go with Insecure: browsers would refuse it; use a name without the prefix", c.Name)
	}
	switch c.SameSite {
	case http.SameSiteLaxMode, http.SameSiteStrictMode:
	case http.SameSiteNoneMode:
		if c.Insecure {
			problem("Cookie.SameSite None cannot go with Insecure: browsers would refuse the cookie")
		}
	default:
		problem("Cookie.SameSite is %d: use http.SameSiteLaxMode, http.SameSiteStrictMode or http.SameSiteNoneMode", c.SameSite)
	}
	if i := strings.IndexFunc(c.Name, notTokenRune); i >= 0 {
		problem("Cookie.Name %q has a character that a cookie's name cannot have: use letters, digits, - and _", c.Name)
	}
	if len(c.Name)+maxTokenLength > maxCookieBytes {
		problem("Cookie.Name has %d bytes: name and value together have at most %d", len(c.Name), maxCookieBytes)
	}
	if !strings.HasPrefix(c.Path, "/") || strings.ContainsFunc(c.Path, notAttributeRune) {
		problem("Cookie.Path %q: begin with / and leave out semicolons and control characters", c.Path)
	}
	if len(c.Path) > maxPathBytes {
		problem("Cookie.Path has %d bytes: browsers ignore one of more than %d", len(c.Path), maxPathBytes)
	}
	if c.Domain != "" && !validDomain(c.Domain) {
		problem("Cookie.Domain %q is not a host name: use one such as example.com", c.Domain)
	}
	return c, errors.Join(problems...)
}

// notTokenRune reports what RFC 9110 section 5.6.2 keeps out of a token, which
// is what a cookie's name is.
func notTokenRune(r rune) bool {
	return r <= ' ' || r >= 0x7f || strings.ContainsRune(`()<>@,;:\"/[]?={}`, r)
}

// notAttributeRune reports what RFC 6265 section 4.1.1 keeps out of a path.
func notAttributeRune(r rune) bool { return r < ' ' || r >= 0x7f || r == ';' }

// validDomain is strict where browsers are lax: letters, digits, dots and
// inner hyphens, at least two labels, and no address, which takes no Domain.
func validDomain(domain string) bool {
	labels := strings.Split(strings.TrimPrefix(domain, "."), ".")
	digitsOnly := true
	for _, label := range labels {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		for _, r := range label {
			letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r == '-'
			if !letter && (r < '0' || r > '9') {
				return false
			}
			digitsOnly = digitsOnly && !letter
		}
	}
	return len(labels) > 1 && len(domain) <= 253 && !digitsOnly
}
