package e2e

import (
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// TestAddingToTheCartWithoutLeavingThePage is what assets/cart.js does, and what
// becomes of a click where it cannot.
func TestAddingToTheCartWithoutLeavingThePage(t *testing.T) {
	t.Parallel()
	shop := startShop(t)

	t.Run("the page stays, counts, and says so", func(t *testing.T) {
		b := openBrowser(t, shop.url)
		b.open("/")
		b.add("round-pencils", "1 in it")
		b.wantText("#news", "Round pencils: 1 in your cart.")
		b.add("brass-ruler", "2 in it")
		b.wantText("#news", "Brass ruler: 1 in your cart.")
		b.add("round-pencils", "3 in it") // the same button again counts again
		b.wantText("#news", "Round pencils: 2 in your cart.")
		b.wantAccessible("the catalogue after that")

		b.do(chromedp.Evaluate[chromedp.Void](`{ const b = document.querySelector(` + "`" + addToCart("brass-ruler") + "`" + `); b.click(); b.click() }`))
		b.waitForCount("4 in it") // two clicks at once are one
		if path := evaluate[string](b, `location.pathname`); path != "/" {
			t.Errorf("the page is %s now", path)
		}

		b.open("/cart")
		b.wantText(".count", "4 in it")
		b.wantNoComplaint()
	})

	t.Run("what is refused is explained on a page", func(t *testing.T) {
		b := openBrowser(t, shop.url)
		b.put("brass-ruler")
		b.open("/products/brass-ruler")
		b.expect(422, typed(".buy [type=number]", "99"), press(".buy"))
		b.wantText("h1", "That quantity does not work")
		b.open("/")
		b.wantText(".count", "1 in it")
	})

	t.Run("where the API cannot be reached the form is posted", func(t *testing.T) {
		b := openBrowser(t, shop.url)
		_, err := chromedp.Call(b.ctx, network.SetBlockedURLs, network.SetBlockedURLsParams{
			URLPatterns: []*network.BlockPattern{{URLPattern: "*://*:*/api/*", Block: true}},
		})
		if err != nil {
			t.Fatal(err)
		}
		b.open("/")
		b.click(addToCart("brass-ruler"))
		b.wantText(".flash", "Brass ruler: 1 in your cart.")
		b.wantCart([]string{"Brass ruler"})
	})
}

func TestWhereThereIsNoAPITheFormIsPosted(t *testing.T) {
	t.Parallel()
	shop := startShop(t, "--function", "ShopFunction")
	b := openBrowser(t, shop.url)
	b.open("/")
	b.click(addToCart("brass-ruler"))
	b.wantText(".flash", "Brass ruler: 1 in your cart.")
	b.wantCart([]string{"Brass ruler"})
}

// add presses the button of a product and waits until the header counts.
func (b *browser) add(sku, count string) {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.CSS(addToCart(sku))))
	b.waitForCount(count)
}

func (b *browser) waitForCount(count string) {
	b.t.Helper()
	b.do(chromedp.Poll[chromedp.Void](`document.querySelector("#count").textContent === "` + count + `"`))
}
