package main

import (
	"net/url"
	"testing"
)

// What each page costs in calls to DynamoDB, redirects included.
func TestAPageCostsNoMoreCallsThanItNeeds(t *testing.T) {
	t.Parallel()
	at, meter := openShopOnDynamoDB(t)
	b := newBrowser(t, at)
	costs := func(what string, want int) {
		t.Helper()
		if got := meter.Usage().Calls; got != want {
			t.Errorf("%s costs %d calls, want %d: %v", what, got, want, meter.Calls())
		}
		meter.Reset()
	}

	b.get("/")
	b.get("/products/brass-ruler")
	costs("a visit without a session", 0)

	form := b.get("/").form("/cart/add", "brass-ruler")
	b.post("/cart/add", form)
	costs("the first thing in the cart (1), and the cart with its message (2)", 3)

	b.get("/cart")
	costs("the cart", 1)

	b.get(assetURL("style.css"))
	b.get(assetURL("pencils.svg"))
	b.get("/nowhere")
	b.get("/products/unicorn")
	b.post("/cart/add", url.Values{"sku": {"brass-ruler"}, "quantity": {"-1"}})
	costs("assets and mistakes", 0)

	form = b.get("/").form("/cart/add", "stoneware-mug")
	meter.Reset()
	b.post("/cart/add", form)
	costs("another thing (2), and the cart with its message (2)", 4)

	b.signIn("ada", "analytical-engine")
	costs("signing in (2), and the account with its devices (2) and its message (2)", 6)

	b.get("/account")
	costs("the account (1) with its devices (2)", 3)

	form = b.checkout()
	costs("the checkout", 1)

	form.Set("street", "")
	form = filledIn(b.post("/checkout", form))
	costs("the checkout after a mistake (1), and the address for the next try (1)", 2)

	b.post("/checkout", form)
	costs("an order (2), and its page (1)", 3)

	b.post("/checkout", form)
	costs("the same order again (2), and its page with a message (2)", 4)

	b.post("/account/signout-others", nil)
	costs("signing out everywhere else, where nobody is (4), and the account with its devices (2) and its message (2)", 8)

	b.post("/signout", nil)
	costs("signing out (2, with the device), and the page that says so (0)", 2)
}
