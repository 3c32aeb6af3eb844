package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

func TestShopOnRedisInBrowser(t *testing.T) {
	t.Parallel()
	visitInBrowser(t, startShop(t, "--store", "redis"))
}

// The visit of a shop whose sessions travel in their cookies: all of it works but
// for what nobody can do without a server that remembers, and that is said.
func TestShopInTheCookieInBrowser(t *testing.T) {
	t.Parallel()
	shop := startShop(t, "--store", "cookie")
	b := openBrowser(t, shop.url)

	b.open("/")
	if c := b.cookie(sessionCookie); c != nil {
		t.Errorf("a visitor who has only looked has the cookie %+v", c)
	}
	b.put("round-pencils")
	b.put("brass-ruler")
	inCart := []string{"Round pencils", "Brass ruler"}
	b.wantCart(inCart)
	anonymous := b.cookie(sessionCookie)
	if anonymous == nil {
		t.Fatal("there is no session cookie")
	}

	// Another process opens what this one has sealed.
	if err := shop.killFunction(); err != nil {
		t.Fatal(err)
	}
	b.open("/cart")
	b.wantCart(inCart)

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
	if page := visit(t, shop.url+"/account", anonymous.Value); strings.Contains(page, "Ada") {
		t.Errorf("the cookie from before signing in shows Ada's account:\n%s", page)
	}

	// The account says what it cannot do, and does not offer it.
	b.open("/account")
	if text := strings.Join(b.texts("main"), ""); !strings.Contains(text, "cannot be listed") {
		t.Errorf("the account says %q", text)
	}
	if forms := b.texts(`form[action^="/account/"]`); len(forms) > 0 {
		t.Errorf("the account offers %q", forms)
	}
	b.open("/cart")
	b.wantCart(inCart)

	// Signing out takes the cookie away, and does not claim more than that.
	b.click(`form[action="/signout"] button`)
	if c := b.cookie(sessionCookie); c != nil {
		t.Errorf("after signing out there is the cookie %+v", c)
	}
	if text := strings.Join(b.texts("main"), ""); !strings.Contains(text, "works until it expires") {
		t.Errorf("the page after signing out says %q", text)
	}
	b.open("/cart")
	b.wantCart([]string{})
	b.wantNoComplaint()
}
