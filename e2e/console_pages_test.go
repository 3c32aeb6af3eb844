package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestConsoleIsForEverybody goes through the console's pages: each is valid HTML,
// accessible, fits a narrow screen, and can be used without a mouse.
func TestConsoleIsForEverybody(t *testing.T) {
	t.Parallel()
	shop := startShop(t, "--function", "ShopFunction")
	console := openConsole(t, shop)
	look, judge := console.forEverybody()
	see := func(what, path string, status int64) {
		t.Helper()
		console.expect(status, chromedp.Navigate(console.origin+path))
		console.do(chromedp.Evaluate[chromedp.Void](`document.querySelectorAll("details").forEach(d => d.open = true)`))
		look(what)
	}

	see("no request", "/", 200)
	see("no session", "/sessions", 200)

	visitor := openBrowser(t, shop.url)
	visitor.signIn()
	visitor.put("brass-ruler")
	visitor.expect(404, chromedp.Navigate(shop.url+"/nowhere"))
	see("requests", "/", 200)
	see("sessions", "/sessions", 200)
	see("a page that is not there", "/nowhere", 404)
	judge()

	// Without a mouse: to a row, open it, and it stays as it is while others come.
	console.do(chromedp.EmulateViewport(1280, 800))
	console.open("/")
	console.waitFor(`#live[data-state="live"]`)
	row := `.request[data-request="POST /cart/add"]`
	console.tabTo(row + " summary")
	console.do(chromedp.KeyEvent(kb.Enter), chromedp.WaitReady(chromedp.CSS(row+" details[open] .list")))
	visitor.open("/products/reading-lamp")
	console.waitForRow(`[data-request="GET /products/reading-lamp"]`)
	if !evaluate[bool](console, "document.activeElement.matches(`"+row+" details[open] > summary`)") {
		t.Error("another request's row takes the focus away, or closes what was open")
	}
	console.do(chromedp.KeyEvent(kb.Enter), chromedp.WaitReady(chromedp.CSS(row+" details:not([open])")))
	console.tabTo(`nav a[href="/sessions"]`)
	console.goTo(chromedp.KeyEvent(kb.Enter))
	console.wantText("h1", "Sessions")
}

// TestARowThatIsOpenStaysOpen opens a row while its request is under way. At the
// end of that the row is another one, and still open, with the focus.
func TestARowThatIsOpenStaysOpen(t *testing.T) {
	t.Parallel()
	app := startApplication(t)
	app.local.endWith(t)
	console := openConsole(t, app.local)
	console.open("/")
	console.waitFor(`#live[data-state="live"]`)

	defer app.openStream().Close() // as the function goes on and on
	row := `.request[data-request="GET /"]`
	console.tabTo(row + `[data-state="running"] summary`)
	console.do(chromedp.KeyEvent(kb.Enter), chromedp.WaitReady(chromedp.CSS(row+" details[open]")))
	if err := app.local.killFunction(); err != nil {
		t.Fatal(err)
	}
	console.waitFor(row + `:not([data-state="running"])`)
	if !evaluate[bool](console, "document.activeElement.matches(`"+row+" details[open] > summary`)") {
		t.Error("it is closed now, or has lost the focus")
	}
}
