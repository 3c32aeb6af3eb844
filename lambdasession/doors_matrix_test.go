package lambdasession_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

// What a visitor meets is the same behind every door.
func TestEveryDoor(t *testing.T) {
	t.Parallel()
	for _, scenario := range []struct {
		name string
		play func(*testing.T, door)
	}{
		{"a page that uses no session costs nothing", visitWithoutASession},
		{"what one request wrote the next reads", writeAndReadBack},
		{"a sign-in changes the cookie, and the old one is dead", signInAndReplay},
		{"parallel writes all count", parallelWrites},
		{"a sign-out takes the cookie away, and it is dead", signOutAndReplay},
		{"a failed save is a 503, of which nothing of the handler's is left", failingStore},
		{"a panic saves nothing", panicking},
		{"a handler's own error saves nothing", failingHandler},
		{"the application's cookies and headers arrive", foreignCookiesAndHeaders},
		{"binary bodies arrive in both directions", binaryBodies},
		{"a post of another site is refused if it has a session cookie", crossOriginWithACookie},
		{"a post of another site without one cannot begin a session", crossOriginWithoutACookie},
		{"a stream's first byte arrives before its last is written", firstByteBeforeTheLast},
		{"a session can be read while its response streams, and no longer written", sessionWhileStreaming},
	} {
		t.Run(scenario.name, func(t *testing.T) { eachDoor(t, scenario.play) })
	}
}

func visitWithoutASession(t *testing.T, d door) {
	f := d.serve(t, withPages(nil))
	f.known()
	out := f.get("/about")
	f.store.want(t)
	wantEqual(t, "body", "about us", out.body)
	for _, name := range []string{"Set-Cookie", "Vary", "Cache-Control"} {
		wantEqual(t, name, "", out.Header.Get(name))
	}
}

func writeAndReadBack(t *testing.T, d door) {
	f := d.serve(t, withPages(nil))
	first := f.get("/add")
	f.store.want(t, "save")
	wantEqual(t, "a new visitor's Cache-Control", "no-store", first.Header.Get("Cache-Control"))
	wantEqual(t, "a new visitor's Vary", "Cookie", first.Header.Get("Vary"))
	second := f.get("/read")
	f.store.want(t, "load")
	wantEqual(t, "body", "1", second.body)
	wantEqual(t, "Cache-Control", "private, no-cache", second.Header.Get("Cache-Control"))
	wantEqual(t, "Vary", "Cookie", second.Header.Get("Vary"))
	if c := second.sessionCookie(); c != nil {
		t.Errorf("reading sets the cookie again: %s", c)
	}
	f.send(http.MethodPut, "/set", []byte("fresh pears"), nil)
	f.store.want(t, "update")
	wantEqual(t, "body after another write", "2", f.get("/add").body)
}

func signInAndReplay(t *testing.T, d door) { // S4
	f := d.serve(t, withPages(nil))
	f.known()
	before := f.cookie()
	f.get("/sign-in")
	if f.cookie() == before {
		t.Error("the cookie is the old one")
	}
	wantEqual(t, "subject", "ada", f.get("/who").body)
	wantEqual(t, "the cart, which was filled before the sign-in", "1", f.get("/read").body)
	wantEqual(t, "subject of the old cookie", "", f.replay("/who", before).body)
}

func parallelWrites(t *testing.T, d door) { // D4
	const writers = 8
	f := d.serve(t, withPages(nil))
	f.known()
	var requests sync.WaitGroup
	for range writers {
		requests.Go(func() {
			out, err := f.server.Client().Do(f.request(http.MethodGet, "/add", nil, nil))
			if err != nil {
				t.Error(err)
				return
			}
			defer out.Body.Close()
			if out.StatusCode != http.StatusOK {
				t.Errorf("one of them is answered %d", out.StatusCode)
			}
		})
	}
	requests.Wait()
	wantEqual(t, "apples", "9", f.get("/read").body)
}

func signOutAndReplay(t *testing.T, d door) { // S6
	f := d.serve(t, withPages(nil))
	f.known()
	f.get("/sign-in")
	before := f.cookie()
	out := f.get("/sign-out")
	if c := out.sessionCookie(); c == nil || c.MaxAge >= 0 || c.Path != "/" || !c.Secure || !c.HttpOnly {
		t.Errorf("signing out sets %v; want an expired cookie with the same attributes", c)
	}
	wantEqual(t, "cookie", "", f.cookie())
	wantEqual(t, "subject of the old cookie", "", f.replay("/who", before).body)
	wantEqual(t, "apples of the old cookie", "0", f.replay("/read", before).body)
}

func failingStore(t *testing.T, d door) { // L2
	f := d.serve(t, withPages(nil))
	f.known()
	before := f.cookie()
	goSilent(f.store)
	for _, path := range []string{"/set", "/add", "/read", "/sign-in", "/sign-out"} {
		out := f.send(http.MethodGet, path, nil, nil)
		if out.StatusCode != http.StatusServiceUnavailable || out.Header.Get("Retry-After") != "1" {
			t.Errorf("%s is answered %d, Retry-After %q; want 503 and 1", path, out.StatusCode, out.Header.Get("Retry-After"))
		}
		wantEqual(t, "body", `{"type":"about:blank","title":"Service Unavailable","status":503,"detail":"The session could not be reached. What you did may not have been saved; please look before you try again."}`, out.body)
		wantEqual(t, "Content-Type", "application/problem+json", out.Header.Get("Content-Type"))
		wantEqual(t, "Cache-Control", "no-store", out.Header.Get("Cache-Control"))
		wantEqual(t, "cookies set", 0, len(out.Cookies()))
	}
	wantEqual(t, "cookie", before, f.cookie())
}

func panicking(t *testing.T, d door) { // L3
	f := d.serve(t, withPages(map[string]page{
		"/panic": func(ctx context.Context, _ pageRequest) (pageResponse, error) {
			set(t, news, lambdasession.From(ctx), "sentinel")
			// net/http logs no stack for this one, and Lambda takes it for any other.
			panic(http.ErrAbortHandler)
		},
	}))
	f.known()
	out, err := f.server.Client().Do(f.request(http.MethodGet, "/panic", nil, nil))
	if err == nil { // net/http cuts the connection, a gateway answers
		if failed := f.read(out); failed.StatusCode != http.StatusBadGateway && failed.StatusCode != http.StatusInternalServerError || len(failed.Cookies()) > 0 {
			t.Errorf("the answer is %d with cookies %v; want the gateway's own, 500 or 502, and none", failed.StatusCode, failed.Cookies())
		}
	}
	f.store.want(t)
	wantEqual(t, "apples", "1", f.get("/read").body)
}

func failingHandler(t *testing.T, d door) {
	if d.shape == 0 {
		return // an http.Handler has no error to return, and whatever status it writes, its session is saved
	}
	f := d.serve(t, withPages(map[string]page{
		"/fail": func(ctx context.Context, _ pageRequest) (pageResponse, error) {
			set(t, news, lambdasession.From(ctx), "sentinel")
			return plainPage("half a page"), errors.New("out of stock")
		},
	}))
	f.known()
	out := f.send(http.MethodGet, "/fail", nil, nil)
	if out.StatusCode != http.StatusBadGateway && out.StatusCode != http.StatusInternalServerError || len(out.Cookies()) > 0 {
		t.Errorf("the answer is %d with cookies %v; want the gateway's own, 500 or 502, and none", out.StatusCode, out.Cookies())
	}
	if out.Header.Get("Content-Type") == "application/problem+json" {
		t.Errorf("the answer is the session's: %s", out.body)
	}
	f.store.want(t)
}

func binaryBodies(t *testing.T, d door) { // L9
	image := []byte{0xff, 0xd8, 0x00, 0xfe, '"', '\n', 0x80}
	f := d.serve(t, withPages(map[string]page{
		"/mirror": func(ctx context.Context, r pageRequest) (pageResponse, error) {
			return pageResponse{header: http.Header{"Content-Type": {"image/jpeg"}}, body: r.body}, apples.Set(lambdasession.From(ctx), 1)
		},
	}))
	out := f.send(http.MethodPost, "/mirror", image, http.Header{"Content-Type": {"image/jpeg"}})
	if out.body != string(image) || out.sessionCookie() == nil {
		t.Errorf("the answer is %q with cookies %v; want the image as it was sent, and a session", out.body, out.Cookies())
	}
}

func crossOriginWithACookie(t *testing.T, d door) { // S12
	f := d.serve(t, withPages(nil))
	f.known()
	foreign := http.Header{"Origin": {"https://evil.example"}}
	out := f.send(http.MethodPost, "/sign-out", nil, foreign)
	if out.StatusCode != http.StatusForbidden || len(out.Cookies()) > 0 {
		t.Errorf("the answer is %d with cookies %v; want 403 and none", out.StatusCode, out.Cookies())
	}
	f.store.want(t)
	own := http.Header{"Origin": {f.server.URL}}
	if out := f.send(http.MethodPost, "/add", nil, own); out.StatusCode != http.StatusOK || out.body != "2" {
		t.Errorf("a post of the site itself is answered %d %s", out.StatusCode, out.body)
	}
}

func crossOriginWithoutACookie(t *testing.T, d door) { // S12: login CSRF, forced logout by replacement
	f := d.serve(t, withPages(nil))
	for _, path := range []string{"/sign-in", "/set"} {
		out := f.send(http.MethodPost, path, nil, http.Header{"Sec-Fetch-Site": {"cross-site"}, "Origin": {"https://evil.example"}})
		if out.StatusCode != http.StatusForbidden || len(out.Cookies()) > 0 {
			t.Errorf("%s is answered %d with cookies %v; want 403 and none", path, out.StatusCode, out.Cookies())
		}
	}
	f.store.want(t)
	out := f.send(http.MethodPost, "/about", nil, http.Header{"Sec-Fetch-Site": {"cross-site"}})
	if out.StatusCode != http.StatusOK {
		t.Errorf("a page that begins no session is answered %d; want 200", out.StatusCode)
	}
}
