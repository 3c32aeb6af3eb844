package e2e

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestConsoleKeepsOtherSitesOut is what another site may try, from the browser of
// the person at this machine, against the console and somebody's session in it.
func TestConsoleKeepsOtherSitesOut(t *testing.T) {
	t.Parallel()
	shop := startShop(t, "--function", "ShopFunction")
	visitor := openBrowser(t, shop.url)
	visitor.signIn()

	console := openConsole(t, shop)
	console.open("/sessions")
	revoke := console.origin + evaluate[string](console, `document.querySelector(".session form").getAttribute("action")`)
	wantSignedIn := func(t *testing.T) {
		t.Helper()
		visitor.open("/account")
		visitor.wantText("h1", "Ada Demo")
	}

	t.Run("a name of theirs that leads to this machine is not answered", func(t *testing.T) {
		address, err := url.Parse(console.origin)
		if err != nil {
			t.Fatal(err)
		}
		rebound := openBrowser(t, "http://evil.example:"+address.Port(), chromedp.Flag("host-resolver-rules", "MAP evil.example 127.0.0.1"))
		for _, path := range []string{"/", "/sessions", "/events", "/assets/script.js"} {
			rebound.expect(http.StatusForbidden, chromedp.Navigate(rebound.origin+path))
			if page := strings.Join(rebound.texts("body"), " "); !strings.Contains(page, "answers to localhost alone") || strings.Contains(page, "ada") {
				t.Errorf("%s shows %q", path, page)
			}
		}
		if status := evaluate[int](rebound, fmt.Sprintf(`fetch(%q, {method: "POST"}).then(r => r.status)`, strings.TrimPrefix(revoke, console.origin))); status != http.StatusForbidden {
			t.Errorf("revoking is answered %d", status)
		}
		wantSignedIn(t)
	})

	evil := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, `<form method="post" action="`+revoke+`"><button>Win a prize</button></form>
			<iframe src="`+console.origin+`/sessions"></iframe>`)
	}))
	t.Cleanup(evil.Close)
	for what, site := range map[string]string{
		"another site":              evil.URL,
		"another port of this host": strings.Replace(evil.URL, "127.0.0.1", "localhost", 1),
	} {
		t.Run(what+" revokes nothing, and sees nothing", func(t *testing.T) {
			b := openBrowser(t, site)
			b.open("/")
			for _, path := range []string{"/sessions", "/events"} {
				if got := evaluate[string](b, fmt.Sprintf(`fetch(%q).then(() => "an answer", () => "none")`, console.origin+path)); got != "none" {
					t.Errorf("its script gets %s from %s", got, path)
				}
			}
			if said := b.complaints(); !strings.Contains(said, "frame-ancestors") {
				t.Errorf("its frame is let be; Chromium says %q", said)
			}
			// The browser sends it, and cannot tell how it was answered.
			b.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`fetch(%q, {method: "POST", mode: "no-cors"}).catch(() => {})`, revoke), chromedp.EvalAwaitPromise))
			b.expect(http.StatusForbidden, press("form"))
			wantSignedIn(t)
		})
	}

	// The console's own button does what those could not.
	console.click(".revoke")
	visitor.expect(http.StatusConflict, chromedp.Navigate(shop.url+"/account"))
}

// complaints is what the browser's console shows in red.
func (b *browser) complaints() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return strings.Join(b.errors, "\n")
}
