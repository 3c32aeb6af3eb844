package console

import (
	"net"
	"net/http"
	"strings"
)

// headers go out with every response, refusals included.
//
// The policy names what the pages need: their own style sheet, script, icon,
// events and forms. Nothing is inline, nothing comes from elsewhere. The
// referrer is not switched off altogether: with no-referrer browsers send
// "Origin: null" with forms, which looks like another site.
var headers = map[string]string{
	"Cache-Control": "no-store", // sessions' contents, which end with the program
	"Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; " +
		"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Permissions-Policy":           "camera=(), geolocation=(), microphone=(), payment=()",
	"Referrer-Policy":              "same-origin",
	"X-Content-Type-Options":       "nosniff",
	"X-Frame-Options":              "DENY",
}

// guard keeps other sites out, which can reach a server on this machine through
// its user's browser:
//
//   - by a name of theirs that resolves to 127.0.0.1 (DNS rebinding), which
//     makes them one origin with what answers to that name: only this machine's
//     own names are answered;
//   - by a form or a fetch to localhost, which brings no answer back but would
//     revoke: unsafe methods need the page's own origin. The application on
//     another port of localhost is another origin as well;
//   - by a frame, which the headers forbid.
//
// https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
func guard(next http.Handler) http.Handler {
	sameOrigin := http.NewCrossOriginProtection().Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range headers {
			w.Header().Set(name, value)
		}
		if !isLocal(r.Host) {
			http.Error(w, "The console answers to localhost alone: open it as http://localhost and its port.", http.StatusForbidden)
			return
		}
		sameOrigin.ServeHTTP(w, r)
	})
}

// isLocal reports whether a Host header names this machine. Names below
// localhost do not: they are the application's.
func isLocal(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil { // without a port
		name = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	}
	switch strings.ToLower(name) {
	case "localhost", "127.0.0.1", "::1":
		return true
	}
	return false
}
