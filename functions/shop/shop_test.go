package main

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"github.com/lambdasession/lambdasession-go/functions/internal/ferrule"
	"github.com/lambdasession/lambdasession-go/functions/internal/permissions"
)

// asked is what all tests have the shop ask of DynamoDB.
var asked = permissions.Of("ShopFunction")

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(asked.Check("../../template.yaml")))
}

func TestAVisitLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	onEachStore(t, func(t *testing.T, at string) {
		b := newBrowser(t, at)
		for _, path := range []string{"/", "/products/brass-ruler", "/cart", "/signin", "/signed-out", "/nowhere", assetURL("style.css")} {
			r := b.get(path)
			if cookies := r.Header.Values("Set-Cookie"); len(cookies) > 0 {
				t.Errorf("%s sets the cookies %q", path, cookies)
			}
		}
	})
}

func TestTheSessionCookieIsOutOfReachOfScriptsAndOtherSites(t *testing.T) {
	t.Parallel()
	onEachStore(t, func(t *testing.T, at string) {
		b := newBrowser(t, at)
		b.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		cookies := b.add("brass-ruler").Header.Values("Set-Cookie")
		if len(cookies) != 1 {
			t.Fatalf("%d cookies, want 1", len(cookies))
		}
		want := sessionCookie + "=" + b.key() + "; Path=/; HttpOnly; Secure; SameSite=Lax"
		expect(t, "the cookie", cookies[0], want)
	})
}

func TestTheCartStaysFromOnePageToTheNext(t *testing.T) {
	t.Parallel()
	onEachStore(t, func(t *testing.T, at string) {
		b := newBrowser(t, at)

		r := b.add("brass-ruler")
		expect(t, "where adding leads", r.path, "/cart")
		expect(t, "the message", r.text(".flash"), "Brass ruler: 1 in your cart.")
		expect(t, "the total", r.text(".total"), "Total €18.00")

		r = b.add("stoneware-mug")
		expect(t, "the total", r.text(".total"), "Total €40.00")
		expect(t, "the count", r.text(".count"), "2 in it")

		form := r.form("/cart/change", "brass-ruler")
		form.Set("quantity", "99")
		r = b.post("/cart/change", form)
		expect(t, "the message", r.text(".flash"), "Brass ruler: 99 in your cart.")
		expect(t, "the total", r.text(".total"), "Total €1804.00")

		r = b.post("/cart/remove", r.form("/cart/remove", "brass-ruler"))
		expect(t, "the message", r.text(".flash"), "Removed from your cart.")
		expect(t, "the total", r.text(".total"), "Total €22.00")

		r = b.get("/cart")
		expect(t, "the message on the second look", r.text(".flash"), "")
		expect(t, "the total on the second look", r.text(".total"), "Total €22.00")

		r = b.post("/cart/remove", r.form("/cart/remove", "stoneware-mug"))
		expect(t, "the empty cart", r.text(".lead"), "There is nothing in it yet.")
		expect(t, "the count", r.text(".count"), "")
	})
}

func TestWhatTwoTabsAddAtOnceIsAllInTheCart(t *testing.T) {
	t.Parallel()
	onEachStore(t, func(t *testing.T, at string) {
		b := newBrowser(t, at)
		b.add(ferrule.Catalogue()[0].SKU)
		page := b.get("/")

		var tabs sync.WaitGroup
		for _, product := range ferrule.Catalogue()[1:] {
			tabs.Go(func() {
				tab := b.copyWith(b.key())
				expectStatus(t, tab.post("/cart/add", page.form("/cart/add", product.SKU)), http.StatusOK)
			})
		}
		tabs.Wait()
		expect(t, "the count", b.get("/").text(".count"), "8 in it")
	})
}

func TestADoubleClickAddsOnce(t *testing.T) {
	t.Parallel()
	onEachStore(t, func(t *testing.T, at string) {
		b := newBrowser(t, at)
		b.add("pen-tray")
		form := b.get("/").form("/cart/add", "brass-ruler")

		var clicks sync.WaitGroup
		for range 4 {
			clicks.Go(func() {
				expectStatus(t, b.copyWith(b.key()).post("/cart/add", form), http.StatusOK)
			})
		}
		clicks.Wait()
		expect(t, "the total", b.get("/cart").text(".total"), "Total €52.00")
	})
}

func TestSigningInChangesTheIdAndKeepsTheCart(t *testing.T) {
	t.Parallel()
	onEachStore(t, func(t *testing.T, at string) {
		b := newBrowser(t, at)
		b.add("reading-lamp")
		before := b.key()

		r := b.signIn("ada", "analytical-engine")
		expect(t, "where signing in leads", r.path, "/account")
		expect(t, "the message", r.text(".flash"), "Welcome, Ada Demo.")
		expect(t, "the account", r.text("h1"), "Ada Demo")
		expect(t, "the cart afterwards", b.get("/cart").text(".total"), "Total €89.00")
		if b.key() == before {
			t.Error("the session has the same id as before")
		}

		stale := b.copyWith(before)
		for _, path := range []string{"/account", "/cart"} {
			r := stale.get(path)
			expectStatus(t, r, http.StatusConflict)
			if strings.Contains(textOf(r.root), "Ada") {
				t.Errorf("%s still knows Ada by the old id", path)
			}
		}
	})
}

func TestTheAccountSaysWhatTheSessionIs(t *testing.T) {
	t.Parallel()
	onEachStore(t, func(t *testing.T, at string) {
		b := newBrowser(t, at)
		r := b.get("/account")
		expect(t, "where a stranger ends", r.path, "/signin")

		b.add("brass-clips")
		b.signIn("grace", "nanosecond")
		r = b.get("/account")
		said := r.text(".session")
		for _, want := range []string{"grace", "12 hours after you signed in", "cart"} {
			if !strings.Contains(said, want) {
				t.Errorf("%q does not say %q", said, want)
			}
		}
		for n := range r.root.Descendants() {
			if strings.Contains(n.Data, b.key()) {
				t.Errorf("the page shows the session's key in %q", n.Data)
			}
		}
		expect(t, "the sign-in page of somebody signed in", b.get("/signin").path, "/account")
	})
}

func TestSigningOutEndsTheSessionHereAndInTheStore(t *testing.T) {
	t.Parallel()
	onEachStore(t, func(t *testing.T, at string) {
		b := newBrowser(t, at)
		b.add("reading-lamp")
		b.signIn("ada", "analytical-engine")
		key := b.key()

		r := b.post("/signout", nil)
		expect(t, "where signing out leads", r.path, "/signed-out")
		expect(t, "the page", r.text("h1"), "You are signed out")
		expect(t, "the cookie", b.key(), "")
		expect(t, "the cart", b.get("/cart").text(".lead"), "There is nothing in it yet.")

		stale := b.copyWith(key)
		expectStatus(t, stale.get("/cart"), http.StatusConflict)
		expectStatus(t, stale.post("/cart/add", b.get("/").form("/cart/add", "pen-tray")), http.StatusConflict)
		expect(t, "what the old cookie became", stale.key(), key)

		r = b.post("/signout", nil)
		expect(t, "signing out again", r.text("h1"), "You are signed out")
	})
}

func TestAnotherUserDoesNotGetTheFirstOnesCart(t *testing.T) {
	t.Parallel()
	onEachStore(t, func(t *testing.T, at string) {
		b := newBrowser(t, at)
		b.signIn("ada", "analytical-engine")
		b.add("reading-lamp")
		r := b.signIn("grace", "nanosecond")
		expect(t, "the account", r.text("h1"), "Grace Demo")
		expect(t, "the count", r.text(".count"), "")
	})
}
