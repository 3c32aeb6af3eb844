package lambdasession

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

// A Request is what a manager needs to know of an HTTP request, whatever
// brought it.
type Request struct {
	Method    string   // such as GET
	Host      string   // the Host header
	Cookies   []string // the Cookie headers, or single pairs of them
	Origin    string   // the Origin header
	FetchSite string   // the Sec-Fetch-Site header

	multiValue bool // the event had headers of several values
}

// An Exchange is one request and its response: what [Wrap] and
// [Manager.Handler] are made of. Begin it, run the handler under its Context,
// Commit before the first byte of the response, and Close it in any case.
type Exchange struct {
	*exchange // where the exchange is an unexported field, fmt may follow one pointer, but never two
}

// Format prints no more than the type: an exchange holds the cookie, the key
// and the values.
func (x *Exchange) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "lambdasession.Exchange") }

type exchange struct {
	m       *Manager
	req     Request
	ctx     requestContext
	session Session // the one that From gives for ctx itself

	// withhold: the request came from another site without a cookie, which
	// says nothing of what the browser holds. Its response must not set one.
	withhold bool

	mu sync.Mutex // guards all below

	phase phase
	busy  chan struct{} // not nil while an Update's function or Commit runs; closed then

	began   time.Time // sign-ins that began before a revocation do not survive it
	used    bool      // anything was asked of the session: the response depends on the cookie
	located bool      // the cookie was looked at
	key     store.Key // zero: no session

	loading *loading
	loaded  bool          // what follows is known
	base    *store.Record // nil: no session
	ended   error         // the *store.EndedError of a session that ended a moment ago
	failure error         // the store could not answer; every operation returns it

	edits  edits
	failed map[written]error // writes that failed

	destroyed bool
	doomed    store.Key // to be deleted at commit
	revoked   bool      // a revocation has ended the session already
}

type phase uint8

const (
	open phase = iota
	committed
)

// Begin starts an exchange. It does no I/O. The error is [ErrCrossOrigin] for
// an unsafe request of another site that carries a session cookie; the handler
// must not run then.
//
// The exchange's context ends earlier than ctx by the time that is reserved
// for saving (Config.PersistReserve).
func (m *Manager) Begin(ctx context.Context, r Request) (*Exchange, error) {
	x := &Exchange{&exchange{m: m, req: r, began: m.cfg.Now()}}
	x.ctx.Context, x.ctx.x = ctx, x
	x.session = Session{ctx: &x.ctx, x: x}
	if deadline, ok := ctx.Deadline(); ok {
		reserve := min(m.cfg.PersistReserve, max(0, time.Until(deadline)/5))
		x.ctx.deadline = deadline.Add(-reserve)
	}
	if err := x.checkOrigin(); err != nil {
		return nil, err
	}
	return x, nil
}

// Context returns the handler's context. It ends with Close.
func (x *Exchange) Context() context.Context { return &x.ctx }

// Close discards what is not committed and ends the context. Closing twice
// does no harm.
func (x *Exchange) Close() {
	x.mu.Lock()
	x.phase = committed
	x.mu.Unlock()
	x.ctx.close()
}

// checkOrigin applies net/http's rules for cross-origin requests
// (https://pkg.go.dev/net/http#CrossOriginProtection). SameSite=Lax keeps the
// cookie from exactly the requests that those rules are about, so one that
// carries none may still come from a browser that holds a session: it runs,
// but cannot replace that session.
func (x *Exchange) checkOrigin() error {
	if x.m.cfg.AllowCrossOrigin {
		return nil
	}
	switch x.req.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		// Strict keeps the cookie from a cross-site visit as well.
		x.withhold = x.m.cfg.Cookie.SameSite == http.SameSiteStrictMode && x.req.FetchSite == "cross-site"
		return nil
	}
	if site := x.req.FetchSite; site == "same-origin" || site == "none" || site == "" && x.req.Origin == "" {
		return nil // what Check would say, of most requests, but without a header made for it
	}
	header := http.Header{}
	if x.req.Origin != "" {
		header["Origin"] = []string{x.req.Origin}
	}
	if x.req.FetchSite != "" {
		header["Sec-Fetch-Site"] = []string{x.req.FetchSite}
	}
	if x.m.origins.Check(&http.Request{Method: x.req.Method, Host: x.req.Host, Header: header}) == nil {
		return nil
	}
	if _, found, _ := findCookie(x.req.Cookies, x.m.cfg.Cookie.Name); found {
		return x.crossOrigin()
	}
	x.withhold = true
	return nil
}

func (x *Exchange) crossOrigin() error {
	x.m.cfg.Logger.WarnContext(x.ctx.Context, "cross-origin request refused; if it is meant, add its origin to Config.TrustedOrigins",
		"origin", printable(x.req.Origin), "host", printable(x.req.Host), "method", printable(x.req.Method))
	return &operationError{operation: "begin", err: ErrCrossOrigin}
}

// printable bounds what a stranger can write into the log.
func printable(s string) string {
	const most = 255
	return strings.ToValidUTF8(s[:min(len(s), most)], "")
}

// locate finds the session's key in the request, once. Callers hold x.mu.
func (x *Exchange) locate() {
	if x.located {
		return
	}
	x.located = true
	value, found, err := findCookie(x.req.Cookies, x.m.cfg.Cookie.Name)
	if found && err == nil {
		x.key, err = x.m.tokens.decode(value)
	}
	if err != nil && x.m.cfg.Observer != nil {
		x.m.cfg.Observer.Observe(x.ctx.Context, Observation{Operation: "cookie", Err: err})
	}
	x.loaded = x.key.IsZero() // there is nothing to load
}
