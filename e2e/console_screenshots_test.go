package e2e

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// TestScreenshotsOfTheConsole makes those of the console, as TestScreenshots does.
func TestScreenshotsOfTheConsole(t *testing.T) {
	t.Parallel()
	if *screenshots == "" {
		return
	}
	shop := startShop(t)
	passerBy := openBrowser(t, shop.url)
	passerBy.put("round-pencils")
	phone := openBrowser(t, shop.url)
	_, err := chromedp.Call(phone.ctx, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{
		UserAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
	})
	if err != nil {
		t.Fatal(err)
	}
	phone.signIn()
	phone.put("brass-ruler")
	visitor := openBrowser(t, shop.url)
	visitor.open("/")
	visitor.add("reading-lamp", "1 in it")
	visitor.add("pocket-notebook", "2 in it")
	visitor.open("/checkout")
	visitor.goTo(typed("#name", "ada"), typed("#password", "analytical-engine"), press(`form[action="/signin"]`))

	console := openConsole(t, shop)
	console.prefer("light")
	console.do(chromedp.EmulateViewport(1280, 800))
	console.open("/")
	console.waitFor(`#live[data-state="live"]`)
	console.do(chromedp.Click(chromedp.CSS(`.request[data-request="POST /signin"] summary`)))
	console.photograph("console.png")

	console.open("/sessions")
	console.waitFor(`#live[data-state="live"]`)
	console.do(chromedp.Click(chromedp.CSS(console.sessionOf(visitor) + " > details > summary")))
	console.photograph("console-sessions.png")
}
