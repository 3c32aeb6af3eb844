package e2e

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// TestTheCheckoutInBrowser is where a browser matters: what it keeps, what it
// shows again, and what it shows twice. All of it is without scripts, as nothing
// may depend on them.
func TestTheCheckoutInBrowser(t *testing.T) {
	t.Parallel()
	shop := startShop(t)
	open := func(t *testing.T) *browser {
		b := openBrowser(t, shop.url)
		_, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		if err != nil {
			t.Fatal(err)
		}
		return b
	}

	t.Run("the cart survives signing in, and becomes an order", func(t *testing.T) {
		b := open(t)
		b.put("brass-ruler")
		b.click(`a[href="/checkout"]`)
		b.goTo(typed("#name", "ada"), typed("#password", "analytical-engine"), press(`form[action="/signin"]`))
		b.wantText("h1", "Check out")
		b.goTo(typed("#to-name", "Ada Demo"), typed("#to-street", "12 St James's Square"), typed("#to-city", "London"), press(".checkout form"))
		b.wantText("h1", "Thank you")
		b.wantText("tfoot td", "€18.00")
		b.wantText(".count", "")

		b.goTo(chromedp.Reload())
		b.wantText("h1", "Thank you")
		b.open("/cart")
		b.wantCart([]string{})
		b.wantNoComplaint()
	})

	t.Run("what another tab has put into the cart is asked about first", func(t *testing.T) {
		b := open(t)
		b.signIn()
		b.put("brass-ruler")
		b.open("/checkout")
		b.do(typed("#to-name", "Ada Demo"), typed("#to-street", "12 St James's Square"), typed("#to-city", "London"))
		b.tab().put("stoneware-mug")

		b.expect(409, press(".checkout form"))
		if said := strings.Join(b.texts(".failed"), " "); !strings.Contains(said, "Nothing was ordered. It now comes to €40.00") {
			t.Errorf("the page says %q", said)
		}
		b.goTo(press(".checkout form")) // with the address that was typed
		b.wantText("tfoot td", "€40.00")
	})

	t.Run("the back button shows nothing of who has signed out", func(t *testing.T) {
		b := open(t)
		b.signIn()
		b.put("brass-ruler")
		for _, path := range []string{"/checkout", "/account", "/cart"} {
			b.open(path)
		}
		b.click(`form[action="/signout"] button`)
		b.wantText("h1", "You are signed out")
		for _, want := range []string{"Your cart", "Sign in", "There is nothing in your cart"} {
			b.back()
			b.wantText("h1", want)
			if page := strings.Join(b.texts("body"), " "); strings.Contains(page, "Ada Demo") || strings.Contains(page, "Brass ruler") {
				t.Errorf("the page before shows %q", page)
			}
		}
	})
}

// back presses the back button, and waits for the page before to load: one that
// the browser has kept whole, as back-forward caches do, never does.
func (b *browser) back() {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.NavigateBack()); err != nil {
		b.t.Fatalf("the page before was not asked for again: %v", err)
	}
}
