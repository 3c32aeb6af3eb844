package e2e

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"
)

// sessionCookie is the name of the shop's session cookie.
const sessionCookie = "__Host-session"

func TestShopInBrowser(t *testing.T) {
	t.Parallel()
	visitInBrowser(t, startShop(t))
}

// visitInBrowser is a visit to the shop: cart, a restart of the function, sign-in,
// sign-out.
func visitInBrowser(t *testing.T, shop *local) {
	t.Helper()
	b := openBrowser(t, shop.url)

	// Looking around makes no session.
	b.open("/")
	if c := b.cookie(sessionCookie); c != nil {
		t.Errorf("a visitor who has only looked has the cookie %+v", c)
	}

	// Two things in the cart.
	b.put("round-pencils")
	b.put("brass-ruler")
	inCart := []string{"Round pencils", "Brass ruler"}
	b.wantCart(inCart)
	anonymous := b.cookie(sessionCookie)
	if anonymous == nil {
		t.Fatal("there is no session cookie")
	}
	if !anonymous.HTTPOnly || !anonymous.Secure || !anonymous.Session || anonymous.Path != "/" || anonymous.SameSite != network.CookieSameSiteLax {
		t.Errorf("the cookie is %+v, want HttpOnly, Secure, Path=/, SameSite=Lax, until the browser ends", anonymous)
	}

	// They outlive the function's process.
	if err := shop.killFunction(); err != nil {
		t.Fatal(err)
	}
	b.open("/cart")
	b.wantCart(inCart)

	// Signing in changes the id and keeps the cart.
	b.open("/signin")
	b.do(
		chromedp.SendKeys(chromedp.CSS("#name"), "ada"),
		chromedp.SendKeys(chromedp.CSS("#password"), "analytical-engine"),
	)
	b.click(`form[action="/signin"] button`)
	signedIn := b.cookie(sessionCookie)
	if signedIn == nil || signedIn.Value == anonymous.Value {
		t.Fatal("signing in has not changed the session cookie")
	}
	b.open("/cart")
	b.wantCart(inCart)
	if page := visit(t, shop.url+"/account", signedIn.Value); !strings.Contains(page, "Ada") {
		t.Errorf("with the cookie the account is not Ada's:\n%s", page)
	}
	if page := visit(t, shop.url+"/account", anonymous.Value); strings.Contains(page, "Ada") {
		t.Errorf("the cookie from before signing in shows Ada's account:\n%s", page)
	}

	// Signing out ends the session itself, not only its cookie.
	b.click(`form[action="/signout"] button`)
	if c := b.cookie(sessionCookie); c != nil {
		t.Errorf("after signing out there is the cookie %+v", c)
	}
	for _, path := range []string{"/account", "/cart"} {
		page := visit(t, shop.url+path, signedIn.Value)
		for _, secret := range append([]string{"Ada"}, inCart...) {
			if strings.Contains(page, secret) {
				t.Errorf("replayed, the old cookie shows %q at %s:\n%s", secret, path, page)
			}
		}
	}

	b.wantNoComplaint()
}

// addToCart selects the button that adds a product.
func addToCart(sku string) string {
	return `form[action="/cart/add"]:has(input[name="sku"][value="` + sku + `"]) button`
}

// wantCart checks what the cart's page lists.
func (b *browser) wantCart(want []string) {
	b.t.Helper()
	if diff := cmp.Diff(want, b.texts(".cart h2")); diff != "" {
		b.t.Errorf("the cart: %s", diff)
	}
}

// visit returns the page that somebody gets to see who has the cookie.
func visit(t *testing.T, address, cookie string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.AddCookie(&http.Cookie{Name: sessionCookie, Value: cookie})
	response, err := http.DefaultTransport.RoundTrip(request) // a redirect is an answer
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	page, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}
