package lambdasession_test

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strconv"
	"testing"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/localtest"
)

// a front is a door with a server before it, and a visitor who keeps cookies.
type front struct {
	tb     testing.TB
	server *httptest.Server
	store  *spy
}

// serve opens the door to some pages, by their path.
func (d door) serve(tb testing.TB, pages map[string]page) *front {
	tb.Helper()
	f := &front{tb: tb, store: newSpy(nil)}
	opened := d.open(newSessions(tb, lambdasession.Config{Store: f.store}), func(ctx context.Context, r pageRequest) (pageResponse, error) {
		return pages[r.path](ctx, r)
	})
	if handler, ok := opened.(http.Handler); ok {
		f.server = httptest.NewServer(handler)
		tb.Cleanup(f.server.Close)
	} else {
		f.server = localtest.Serve(tb, d.shape, opened)
	}
	jar, err := cookiejar.New(nil)
	succeed(tb, err)
	f.server.Client().Jar = jar
	return f
}

// a received response was read to its end.
type received struct {
	*http.Response
	body string
}

// request makes a request for a page.
func (f *front) request(method, path string, body []byte, header http.Header) *http.Request {
	f.tb.Helper()
	r, err := http.NewRequestWithContext(f.tb.Context(), method, f.server.URL+path, bytes.NewReader(body))
	succeed(f.tb, err)
	if header != nil {
		r.Header = header
	}
	return r
}

// get is one visit of a page, which must succeed.
func (f *front) get(path string) received {
	f.tb.Helper()
	out := f.send(http.MethodGet, path, nil, nil)
	if out.StatusCode != http.StatusOK {
		f.tb.Fatalf("%s is answered %d %s", path, out.StatusCode, out.body)
	}
	return out
}

func (f *front) send(method, path string, body []byte, header http.Header) received {
	f.tb.Helper()
	out, err := f.server.Client().Do(f.request(method, path, body, header))
	succeed(f.tb, err)
	return f.read(out)
}

// replay visits a page as somebody who has this cookie and no other.
func (f *front) replay(path, cookie string) received {
	f.tb.Helper()
	client := http.Client{Transport: f.server.Client().Transport}
	out, err := client.Do(f.request(http.MethodGet, path, nil, http.Header{"Cookie": {cookieName + "=" + cookie}}))
	succeed(f.tb, err)
	return f.read(out)
}

func (f *front) read(out *http.Response) received {
	f.tb.Helper()
	defer out.Body.Close()
	body, err := io.ReadAll(out.Body)
	succeed(f.tb, err)
	return received{out, string(body)}
}

// cookie is the visitor's session cookie; "" if there is none.
func (f *front) cookie() string {
	f.tb.Helper()
	at, err := url.Parse(f.server.URL)
	succeed(f.tb, err)
	for _, c := range f.server.Client().Jar.Cookies(at) {
		if c.Name == cookieName {
			return c.Value
		}
	}
	return ""
}

// known makes the visitor one with an apple in the session.
func (f *front) known() {
	f.tb.Helper()
	if out := f.get("/add"); out.body != "1" || f.cookie() == "" {
		f.tb.Fatalf("a first visit shows %q and leaves the cookie %q", out.body, f.cookie())
	}
	f.store.take()
}

// sessionCookie is the one that a response sets, or nil.
func (r received) sessionCookie() *http.Cookie {
	for _, c := range r.Cookies() {
		if c.Name == cookieName {
			return c
		}
	}
	return nil
}

// withPages is the pages that most scenarios visit, and some more.
func withPages(more map[string]page) map[string]page {
	pages := map[string]page{
		"/about": func(context.Context, pageRequest) (pageResponse, error) { return plainPage("about us"), nil },
		"/read": func(ctx context.Context, _ pageRequest) (pageResponse, error) {
			n, err := apples.Get(lambdasession.From(ctx))
			return plainPage(strconv.Itoa(n)), err
		},
		"/add": func(ctx context.Context, _ pageRequest) (pageResponse, error) {
			n, err := apples.Update(lambdasession.From(ctx), func(n int) (int, error) { return n + 1, nil })
			return plainPage(strconv.Itoa(n)), err
		},
		"/set": func(ctx context.Context, r pageRequest) (pageResponse, error) {
			return plainPage("the handler's page"), news.Set(lambdasession.From(ctx), string(r.body))
		},
		"/sign-in": func(ctx context.Context, _ pageRequest) (pageResponse, error) {
			return plainPage("welcome"), lambdasession.From(ctx).SetSubject("ada", "")
		},
		"/who": func(ctx context.Context, _ pageRequest) (pageResponse, error) {
			subject, err := lambdasession.From(ctx).Subject()
			return plainPage(subject), err
		},
		"/sign-out": func(ctx context.Context, _ pageRequest) (pageResponse, error) {
			return plainPage("goodbye"), lambdasession.From(ctx).Destroy()
		},
	}
	maps.Copy(pages, more)
	return pages
}

func plainPage(body string) pageResponse {
	return pageResponse{header: http.Header{"Content-Type": {"text/plain"}}, body: []byte(body)}
}
