package e2e

import (
	"context"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browser is a Chromium of the test's own, with one page open.
type browser struct {
	t      *testing.T
	ctx    context.Context
	origin string
	device string // what the shop calls it, once somebody has asked

	mu       sync.Mutex
	requests []string // the addresses it has asked for; guarded by mu
	errors   []string // what its console shows in red; guarded by mu
}

// openBrowser starts a Chromium and ends it with the test.
func openBrowser(t *testing.T, origin string, more ...chromedp.ExecAllocatorOption) *browser {
	t.Helper()
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(findChromium(t)),
		chromedp.UserDataDir(t.TempDir()),
		chromedp.Headless,
		chromedp.NoSandbox, // it will not have one as root, as in CI
		chromedp.DisableGPU,
		chromedp.NoFirstRun,
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
		chromedp.WSURLReadTimeout(time.Minute), // on a busy machine it starts slowly
	}
	// Not the test's context: that ends before the browser is closed in order.
	bounded, cancel := context.WithTimeout(context.Background(), patience)
	allocator, _ := chromedp.NewExecAllocator(bounded, append(options, more...)...)
	ctx, _ := chromedp.NewContext(allocator)
	b := &browser{t: t, ctx: ctx, origin: origin}
	t.Cleanup(func() {
		soon, stop := context.WithTimeout(ctx, time.Minute)
		if err := chromedp.Cancel(soon); err != nil {
			t.Errorf("closing Chromium: %v", err)
		}
		stop()
		cancel()
	})
	if err := chromedp.Listen(ctx, b.record); err != nil {
		t.Fatalf("starting Chromium: %v", err)
	}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	return b
}

// findChromium returns the path of a Chromium.
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

// record takes down what the page asks for and complains about.
func (b *browser) record(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, e.Request.URL)
	case *runtime.EventExceptionThrown:
		b.errors = append(b.errors, e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError {
			b.errors = append(b.errors, "a call of console.error")
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError {
			b.errors = append(b.errors, e.Entry.Text+" "+e.Entry.URL)
		}
	}
}

// do performs actions that stay on the page.
func (b *browser) do(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		b.t.Fatal(err)
	}
}

// goTo performs actions that lead to another page, and waits for that.
func (b *browser) goTo(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	response, err := chromedp.RunResponse(ctx, actions...)
	if err != nil {
		b.t.Fatal(err)
	}
	if response.Status != 200 {
		b.t.Fatalf("%s answered %d", response.URL, response.Status)
	}
}

func (b *browser) open(path string) {
	b.t.Helper()
	b.goTo(chromedp.Navigate(b.origin + path))
}

// click clicks on what leads to another page.
func (b *browser) click(selector string) {
	b.t.Helper()
	b.goTo(chromedp.Click(chromedp.CSS(selector)))
}

// texts are the texts of all elements that the selector finds, in order.
func (b *browser) texts(selector string) []string {
	b.t.Helper()
	texts, err := chromedp.Run(b.ctx, chromedp.Evaluate[[]string](
		`Array.from(document.querySelectorAll('`+selector+`'), e => e.textContent.trim())`))
	if err != nil {
		b.t.Fatal(err)
	}
	return texts
}

// cookie returns the cookie of that name, or nil.
func (b *browser) cookie(name string) *network.Cookie {
	b.t.Helper()
	result, err := chromedp.Call(b.ctx, network.GetCookies, network.GetCookiesParams{URLs: []string{b.origin}})
	if err != nil {
		b.t.Fatal(err)
	}
	for _, c := range result.Cookies {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// wantNoComplaint checks that the page asked nobody but its own host, and that
// the console stayed clean.
func (b *browser) wantNoComplaint() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.requests) == 0 {
		b.t.Error("no request was recorded")
	}
	for _, address := range b.requests {
		if u, err := url.Parse(address); err != nil || u.Hostname() != "localhost" {
			b.t.Errorf("the page asked for %s", address)
		}
	}
	if len(b.errors) > 0 {
		b.t.Errorf("the console shows %q", slices.Compact(b.errors))
	}
}
