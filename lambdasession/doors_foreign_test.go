package lambdasession_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

// foreignCookiesAndHeaders: what is the application's own goes through beside
// the session's.
func foreignCookiesAndHeaders(t *testing.T, d door) { // L9
	header := func(cookies ...string) http.Header {
		return http.Header{
			"content-type": {"text/plain"}, "X-oDD-case": {"1"}, "X-Tag": {"a", "b"}, "vary": {"Accept"}, "Set-Cookie": cookies,
		}
	}
	f := d.serve(t, withPages(map[string]page{
		"/read-on": func(ctx context.Context, _ pageRequest) (pageResponse, error) {
			_, err := apples.Get(lambdasession.From(ctx))
			return pageResponse{header: header("theme=dark; Path=/"), body: []byte("page")}, err
		},
		"/renew": func(ctx context.Context, _ pageRequest) (pageResponse, error) {
			cookies := []string{"theme=dark; Path=/", "lang=en; Path=/"}
			if d.oneCookie {
				cookies = nil
			}
			return pageResponse{header: header(cookies...), body: []byte("page")}, lambdasession.From(ctx).Renew()
		},
	}))
	f.known()

	mine := f.request(http.MethodGet, "/read-on", nil, http.Header{
		"Cookie": {"tracking=1; __Host-sessionx=no; a=\"quoted\"; " + cookieName + "=" + f.cookie() + "; b=2"},
	})
	client := http.Client{Transport: f.server.Client().Transport}
	response, err := client.Do(mine)
	succeed(t, err)
	out := f.read(response)
	f.store.want(t, "load")
	wantEqual(t, "cookies of a page that reads", []string{"theme"}, cookieNames(out))
	wantHeaders(t, out, "private, no-cache")

	out = f.get("/renew")
	want := []string{cookieName, "lang", "theme"}
	if d.oneCookie {
		want = []string{cookieName}
	}
	wantEqual(t, "cookies of a page that renews", want, cookieNames(out))
	wantHeaders(t, out, "no-store")
}

func cookieNames(out received) []string {
	var names []string
	for _, c := range out.Cookies() {
		names = append(names, c.Name)
	}
	slices.Sort(names)
	return names
}

// wantHeaders compares the headers of a page, whatever way repeated ones took.
func wantHeaders(t *testing.T, out received, cache string) {
	t.Helper()
	for name, want := range map[string]string{
		"Content-Type": "text/plain", "X-Odd-Case": "1", "X-Tag": "a, b", "Vary": "Accept, Cookie", "Cache-Control": cache,
	} {
		var values []string
		for _, line := range out.Header.Values(name) {
			for value := range strings.SplitSeq(line, ",") {
				values = append(values, strings.TrimSpace(value))
			}
		}
		if name == "Cache-Control" {
			values = out.Header.Values(name)
		}
		wantEqual(t, name, want, strings.Join(values, ", "))
	}
	wantEqual(t, "body", "page", out.body)
}
