package lambdasession

import (
	"net/http"
	"slices"
	"strings"
)

const (
	cacheNothing = "no-store"
	// cachePrivately keeps a page that depends on a session out of shared
	// caches, some of which ignore Vary on cookies.
	cachePrivately = "private, no-cache"
)

// sessionHeader is what a response carries whose request used its session.
func sessionHeader(cookie string) http.Header {
	h := http.Header{"Vary": {"Cookie"}, "Cache-Control": {cachePrivately}}
	if cookie != "" {
		h["Set-Cookie"] = []string{cookie}
		h["Cache-Control"] = []string{cacheNothing}
	}
	return h
}

// amend adds a session's header to that of a response.
func amend(response, session http.Header) {
	if len(session) == 0 {
		return
	}
	addVary(response)
	cache := session.Get("Cache-Control")
	if cache == cacheNothing || response.Get("Cache-Control") == "" {
		response.Set("Cache-Control", cache)
	}
	for _, cookie := range session["Set-Cookie"] {
		response.Add("Set-Cookie", cookie)
	}
}

// addVary adds Cookie to the Vary header unless it says so already.
func addVary(h http.Header) {
	if !slices.ContainsFunc(h["Vary"], variesOnCookie) {
		h.Add("Vary", "Cookie")
	}
}

func variesOnCookie(vary string) bool {
	for name := range strings.SplitSeq(vary, ",") {
		name = strings.TrimSpace(name)
		if name == "*" || strings.EqualFold(name, "Cookie") {
			return true
		}
	}
	return false
}
