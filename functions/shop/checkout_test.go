package main

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// newShopper is a browser that has signed in as Ada, with a ruler in the cart.
func newShopper(t *testing.T, at string) *browser {
	t.Helper()
	b := newDevice(t, at, firefox)
	b.add("brass-ruler")
	return b
}

// checkout is the form of the checkout's page, filled in.
func (b *browser) checkout() url.Values {
	b.t.Helper()
	return filledIn(b.get("/checkout"))
}

func filledIn(r response) url.Values {
	form := r.form("/checkout", "")
	form.Set("name", "Ada Demo")
	form.Set("street", "12 St James's Square")
	form.Set("city", "London SW1Y 4JH")
	return form
}

func TestAnOrderBeginsWithTheCartAndEndsOnAPage(t *testing.T) {
	t.Parallel()
	onEachStore(t, func(t *testing.T, at string) {
		b := newBrowser(t, at)
		b.add("brass-ruler")
		b.add("stoneware-mug")

		r := b.get("/checkout")
		expect(t, "where a stranger is led", r.path, "/signin")
		form := r.form("/signin", "")
		form.Set("name", "ada")
		form.Set("password", "a mistake")
		form = b.post("/signin", form).form("/signin", "")
		form.Set("name", "ada")
		form.Set("password", "analytical-engine")
		r = b.post("/signin", form)
		expect(t, "where signing in leads back", r.path, "/checkout")
		expect(t, "the total", r.text("tfoot"), "Total €40.00")
		expect(t, "the sign-in page of somebody signed in, from the checkout", b.get("/signin?next=/checkout").path, "/checkout")

		r = b.post("/checkout", filledIn(r))
		expectStatus(t, r, http.StatusOK)
		if !strings.HasPrefix(r.path, "/orders/") {
			t.Errorf("an order ends at %s", r.path)
		}
		expect(t, "the title", r.text("h1"), "Thank you")
		expect(t, "the order", r.text("tbody")+" "+r.text("tfoot"), "Brass ruler 1 €18.00 Stoneware mug 1 €22.00 Total €40.00")
		expect(t, "where it goes", r.text("address"), "Ada Demo 12 St James's Square London SW1Y 4JH")
		expect(t, "the count", r.text(".count"), "")
		expect(t, "the cart", b.get("/cart").text(".lead"), "There is nothing in it yet.")
		expect(t, "the order's page on the second look", b.get(r.path).text("tfoot"), "Total €40.00")

		b.add("brass-ruler")
		expect(t, "the address of the next order", b.get("/checkout").form("/checkout", "").Get("street"), "12 St James's Square")
		b.post("/account/password", url.Values{"current": {"analytical-engine"}, "new": {"fifteen letters"}})
		expect(t, "the order after a change of the password", b.get(r.path).text("tfoot"), "Total €40.00")
	})
}

func TestAnOrderPostedTwiceIsOneOrder(t *testing.T) {
	t.Parallel()
	onEachStore(t, func(t *testing.T, at string) {
		b := newShopper(t, at)
		form := b.checkout()
		first := b.post("/checkout", form)
		b.add("pen-tray")

		r := b.post("/checkout", form)
		expect(t, "where the second ends", r.path, first.path)
		expect(t, "the message", r.text(".flash"), "Your browser sent that order twice. It is one order.")
		expect(t, "the order", r.text("tfoot"), "Total €18.00")
		expect(t, "what was put into the cart since", r.text(".count"), "1 in it")
	})
}

func TestADoubleClickOrdersOnce(t *testing.T) {
	t.Parallel()
	onEachStore(t, func(t *testing.T, at string) {
		b := newShopper(t, at)
		form := b.checkout()

		var clicks sync.WaitGroup
		paths := make([]string, 4)
		for i := range paths {
			clicks.Go(func() {
				r := b.copyWith(b.key()).post("/checkout", form)
				expectStatus(t, r, http.StatusOK)
				expect(t, "the order", r.text("tfoot"), "Total €18.00")
				paths[i] = r.path
			})
		}
		clicks.Wait()
		for _, path := range paths[1:] {
			expect(t, "the order of another click", path, paths[0])
		}
		expect(t, "the count", b.get("/").text(".count"), "")
	})
}

func TestWhatIsOrderedIsWhatTheVisitorHasSeen(t *testing.T) {
	t.Parallel()
	onEachStore(t, func(t *testing.T, at string) {
		b := newShopper(t, at)
		seen := b.checkout()
		b.add("stoneware-mug") // in another tab

		r := b.post("/checkout", seen)
		expectStatus(t, r, http.StatusConflict)
		said := r.text(".failed")
		if !strings.Contains(said, "Nothing was ordered. It now comes to €40.00") {
			t.Errorf("the page says %q", said)
		}
		expect(t, "the total", r.text("tfoot"), "Total €40.00")
		expect(t, "the count", r.text(".count"), "2 in it")
		again := r.form("/checkout", "")
		expect(t, "the name that was typed", again.Get("name"), "Ada Demo")

		r = b.post("/checkout", again)
		expectStatus(t, r, http.StatusOK)
		expect(t, "what is ordered in the end", r.text("tfoot"), "Total €40.00")

		b.add("brass-ruler")
		r = b.post("/checkout", seen) // the same things, but they were ordered since
		expectStatus(t, r, http.StatusConflict)
	})
}

func TestTheAddressIsKeptWhateverComesOfTheForm(t *testing.T) {
	t.Parallel()
	onEachStore(t, func(t *testing.T, at string) {
		b := newShopper(t, at)
		form := b.checkout()
		form.Set("street", "  ")
		form.Set("city", strings.Repeat("ß", maxAddressLine+1))
		r := b.post("/checkout", form)
		expectStatus(t, r, http.StatusUnprocessableEntity)
		expect(t, "the mistakes", r.text(".failed"), "Nothing was ordered yet: something is missing or too long below. "+
			"Please fill this in. Please shorten this to 100 characters.")
		expect(t, "the name", r.form("/checkout", "").Get("name"), "Ada Demo")
		expect(t, "the cart", r.text(".count"), "1 in it")

		form = filledIn(r)
		form.Set("street", "")
		form.Set("then", "cart")
		r = b.post("/checkout", form)
		expect(t, "where changing the cart leads", r.path, "/cart")
		kept := b.get("/checkout").form("/checkout", "")
		expect(t, "the name and city on coming back", kept.Get("name")+", "+kept.Get("city"), "Ada Demo, London SW1Y 4JH")
	})
}

func TestNobodyIsLedAwayFromTheShopBySigningIn(t *testing.T) {
	t.Parallel()
	onEachStore(t, func(t *testing.T, at string) {
		for _, next := range []string{"https://elsewhere.example/", "//elsewhere.example/", "/account/../cart", "checkout"} {
			b := newBrowser(t, at)
			form := b.get("/signin?next="+url.QueryEscape(next)).form("/signin", "")
			if form.Has("next") {
				t.Errorf("the form leads on to %q", form.Get("next"))
			}
			r := b.post("/signin", url.Values{"name": {"ada"}, "password": {"analytical-engine"}, "next": {next}})
			expect(t, "where signing in leads", r.Request.URL.String(), at+"/account")
		}
	})
}
