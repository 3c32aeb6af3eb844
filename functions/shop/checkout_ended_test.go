package main

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/memstore"
	"github.com/lambdasession/lambdasession-go/store"
)

// wantNothingOrdered checks that a page says so, and why.
func wantNothingOrdered(t *testing.T, r response, title string) {
	t.Helper()
	expectStatus(t, r, http.StatusConflict)
	expect(t, "where it ends", r.path, "/checkout")
	expect(t, "the title", r.text("h1"), title)
	if said := r.text("main"); !strings.Contains(said, "othing was ordered") {
		t.Errorf("the page says %q", said)
	}
}

func TestASessionThatEndsDuringTheCheckoutOrdersNothingAndSaysSo(t *testing.T) {
	t.Parallel()
	const over = "Your session has ended"

	t.Run("expired", func(t *testing.T) {
		t.Parallel()
		var slept atomic.Int64
		now := func() time.Time { return time.Now().Add(time.Duration(slept.Load())) }
		kept := memstore.New()
		kept.Now = now
		b := newShopper(t, openShopAt(t, kept, now))
		form := b.checkout()
		slept.Store(int64(31 * time.Minute))

		r := b.post("/checkout", form)
		wantNothingOrdered(t, r, over)
		expect(t, "the way on", r.text(".button"), "Please sign in again")
		expect(t, "reloading the checkout's page", b.get("/checkout").text("h1"), "There is nothing in your cart")
		expect(t, "signing in again", b.signIn("ada", "analytical-engine").text("h1"), "Ada Demo")
	})

	onEachStore(t, func(t *testing.T, at string) {
		b := newShopper(t, at)
		form := b.checkout()
		b.post("/signout", nil) // in another tab
		wantNothingOrdered(t, b.post("/checkout", form), over)

		b = newShopper(t, at)
		form = b.checkout()
		newDevice(t, at, telephone).post("/account/signout-others", nil)
		wantNothingOrdered(t, b.post("/checkout", form), over)

		b = newShopper(t, at)
		form = b.checkout()
		b.signIn("grace", "nanosecond") // in another tab
		wantNothingOrdered(t, b.post("/checkout", form), "There is nothing in your cart")
		b.add("brass-ruler") // the same thing, in the cart of somebody else
		wantNothingOrdered(t, b.post("/checkout", form), "Check out")
	})
}

func TestAnOrderIsThereOnlyForWhoPlacedItAndUntilTheSessionEnds(t *testing.T) {
	t.Parallel()
	onEachStore(t, func(t *testing.T, at string) {
		b := newShopper(t, at)
		path := b.post("/checkout", b.checkout()).path
		expectStatus(t, newDevice(t, at, telephone).get(path), http.StatusNotFound)
		expectStatus(t, b.get("/orders/0000-0000"), http.StatusNotFound)
		b.post("/signout", nil)
		r := b.get(path)
		expectStatus(t, r, http.StatusNotFound)
		if said := r.text("main"); strings.Contains(said, "Ada") {
			t.Errorf("after signing out the order's page says %q", said)
		}
	})
}

// busyStore is one in which, once it is set, something else happens right
// before a session is changed.
type busyStore struct {
	*memstore.Store
	before atomic.Pointer[func()]
}

func (s *busyStore) Update(ctx context.Context, key store.Key, changes store.Changes) (store.Key, error) {
	if before := s.before.Swap(nil); before != nil {
		(*before)()
	}
	return s.Store.Update(ctx, key, changes)
}

// meanwhile sets what happens before the next change.
func (s *busyStore) meanwhile(do func()) { s.before.Store(&do) }

func TestWhatChangesInTheVeryMomentOfTheOrder(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what      string
		meanwhile func(tab *browser, form func() response) // in another tab
		status    int
		title     string
		count     string
	}{
		{
			"a cart that gained something is not ordered",
			func(tab *browser, _ func() response) { tab.add("pen-tray") },
			http.StatusConflict, "Your cart changed at the same moment", "2 in it",
		},
		{
			"the same form is ordered once",
			func(_ *browser, form func() response) { form() },
			http.StatusOK, "Thank you", "",
		},
		{
			"a cart that another tab ordered is not ordered again",
			func(tab *browser, _ func() response) { tab.post("/checkout", tab.checkout()) },
			http.StatusConflict, "Your cart changed at the same moment", "",
		},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			kept := &busyStore{Store: memstore.New()}
			b := newShopper(t, openShop(t, kept))
			b.post("/checkout", b.checkout()) // so that there is an order to replace
			before := b.add("brass-ruler").path
			form := b.checkout()
			tab := b.copyWith(b.key())
			kept.meanwhile(func() {
				c.meanwhile(tab, func() response { return tab.post("/checkout", form) })
			})

			r := b.post("/checkout", form)
			expectStatus(t, r, c.status)
			expect(t, "the title", r.text("h1"), c.title)
			expect(t, "the count", b.get(before).text(".count"), c.count)
		})
	}
}

func TestWhatIsNoLongerSoldIsNotOrdered(t *testing.T) {
	t.Parallel()
	kept := memstore.New()
	now := time.Now()
	key, err := kept.Save(t.Context(), store.Record{
		Values:  map[string][]byte{"cart": []byte(`{"lines":[{"sku":"telex","quantity":3},{"sku":"brass-ruler","quantity":1}]}`)},
		Created: now, Expires: now.Add(time.Hour), Ends: now.Add(time.Hour),
	})
	if err != nil {
		t.Fatal(err)
	}
	b := newBrowser(t, openShop(t, kept)).copyWith(key.Reveal())
	b.signIn("ada", "analytical-engine")

	r := b.get("/checkout")
	expect(t, "where the checkout leads", r.path, "/cart")
	expect(t, "the message", r.text(".flash"), "Nothing was ordered. Please remove what is no longer sold first.")
	b.post("/cart/remove", r.form("/cart/remove", "telex"))
	expect(t, "the total of the checkout", b.get("/checkout").text("tfoot"), "Total €18.00")
}
