package main

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"
)

func TestRequestsAreLogged(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		handler http.HandlerFunc
		want    string
	}{
		{"with their status", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }, "418"},
		{"with 200, if nothing else is said", func(http.ResponseWriter, *http.Request) {}, "200"},
		{"as cut off, if the response is", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusOK)
			panic(http.ErrAbortHandler)
		}, "cut off"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var b bytes.Buffer
			func() {
				defer func() { _ = recover() }() // as a server does
				logRequests(&terminal{w: &b}, c.handler).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/cart?token=hunter2", nil))
			}()
			if want := regexp.MustCompile(`^POST +/cart +` + c.want + ` +\d+ ms\n$`); !want.Match(b.Bytes()) {
				t.Errorf("it printed %q, want %s", &b, want)
			}
		})
	}
}
