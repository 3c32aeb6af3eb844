package composition

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// Another site posts a form that signs the visitor in as somebody else. The
// browser keeps the cookie from that post, so it looks like a new visitor's.
func TestAnotherSiteInABrowser(t *testing.T) { // S12
	t.Parallel()
	var withCookie atomic.Bool
	app := newMux()
	shop := httptest.NewServer(newSessions(t).Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			withCookie.Store(len(r.CookiesNamed("__Host-session")) > 0)
		}
		app.ServeHTTP(w, r)
	})))
	t.Cleanup(shop.Close)
	// To a browser, localhost and 127.0.0.1 are two sites.
	shopURL := strings.Replace(shop.URL, "127.0.0.1", "localhost", 1)
	evil := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, `<form method="post" action="`+shopURL+`/sign-in"><button>Win a prize</button></form>`)
	}))
	t.Cleanup(evil.Close)

	ctx := openChromium(t)
	if got := textOf(ctx, t, shopURL+"/visit"); got != "1" {
		t.Fatalf("the first visit shows %q, want 1", got)
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(evil.URL)); err != nil {
		t.Fatal(err)
	}
	out, err := chromedp.RunResponse(ctx, chromedp.Click(chromedp.CSS("button")))
	if err != nil {
		t.Fatal(err)
	}
	if out.Status != http.StatusForbidden || withCookie.Load() {
		t.Errorf("the form of another site is answered %d, and came with the session cookie: %v; want 403 and none", out.Status, withCookie.Load())
	}
	if got := textOf(ctx, t, shopURL+"/visit"); got != "2" {
		t.Errorf("the visit after it shows %q; want 2, of the visitor's own session", got)
	}
}

func textOf(ctx context.Context, t *testing.T, address string) string {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.Navigate(address)); err != nil {
		t.Fatal(err)
	}
	text, err := chromedp.Run(ctx, chromedp.Evaluate[string]("document.body.innerText"))
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(text)
}

// openChromium starts a browser and ends it with the test.
func openChromium(t *testing.T) context.Context {
	t.Helper()
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(findChromium(t)),
		chromedp.UserDataDir(t.TempDir()),
		chromedp.Headless,
		chromedp.NoSandbox, // it will not have one as root, as in CI
		chromedp.DisableGPU,
		chromedp.NoFirstRun,
		chromedp.WSURLReadTimeout(time.Minute), // on a busy machine it starts slowly
	}
	// Not the test's context: that ends before the browser is closed in order.
	bounded, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	allocator, _ := chromedp.NewExecAllocator(bounded, options...)
	ctx, _ := chromedp.NewContext(allocator)
	t.Cleanup(func() {
		if err := chromedp.Cancel(ctx); err != nil {
			t.Errorf("closing Chromium: %v", err)
		}
		cancel()
	})
	return ctx
}

func findChromium(t *testing.T) string {
	t.Helper()
	names := []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}
	if own := os.Getenv("CHROMIUM"); own != "" {
		names = []string{own}
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	t.Fatalf("none of %q is in PATH: install the package chromium (Debian: apt-get install chromium), or set CHROMIUM to the path of one", names)
	return ""
}
