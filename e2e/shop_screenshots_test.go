package e2e

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

var screenshots = flag.String("screenshots", "", "the folder to put pictures of the shop into, such as ../docs/images")

// TestScreenshots makes the pictures in the documentation, when asked to:
//
//	go test . -run TestScreenshots -screenshots ../docs/images
func TestScreenshots(t *testing.T) {
	t.Parallel()
	if *screenshots == "" {
		return
	}
	shop := startShop(t)
	b := openBrowser(t, shop.url)
	b.do(chromedp.EmulateViewport(1280, 800))
	b.prefer("light")

	b.put("pocket-notebook")
	b.put("brass-ruler")
	b.open("/")
	b.photograph("shop.png")

	phone := openBrowser(t, shop.url)
	_, err := chromedp.Call(phone.ctx, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{
		UserAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1",
	})
	if err != nil {
		t.Fatal(err)
	}
	phone.signIn()
	b.signIn()
	b.open("/account")
	b.photograph("shop-account.png")
}

func (b *browser) photograph(name string) {
	b.t.Helper()
	picture, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
	if err == nil {
		err = os.WriteFile(filepath.Join(*screenshots, name), picture, 0o644)
	}
	if err != nil {
		b.t.Fatal(err)
	}
}
