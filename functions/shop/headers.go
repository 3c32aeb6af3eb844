package main

import "net/http"

// maxForm is the size of the largest form in bytes: some ten times what the
// shop's own forms need.
const maxForm = 8 << 10

// headers go out with every response, errors included.
//
// The policy names what a page of the shop needs, which is little: its own
// stylesheet, script and pictures, its own forms, its own API. Nothing is inline. The referrer
// stays within the shop, but is not switched off altogether: with no-referrer
// browsers send "Origin: null" with forms, which looks like another site.
var headers = map[string]string{
	"Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; " +
		"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Permissions-Policy":           "camera=(), geolocation=(), microphone=(), payment=()",
	"Referrer-Policy":              "same-origin",
	"Strict-Transport-Security":    "max-age=31536000",
	"X-Content-Type-Options":       "nosniff",
}

func setHeaders(header http.Header) {
	for name, value := range headers {
		header.Set(name, value)
	}
}

func withHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		setHeaders(w.Header())
		next.ServeHTTP(w, r)
	})
}

func withLimits(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		next.ServeHTTP(w, r)
	})
}
