package main

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/memstore"
	"github.com/lambdasession/lambdasession-go/store"
)

func TestWhatCannotBeDoneIsSaidOnAPage(t *testing.T) {
	t.Parallel()
	onEachStore(t, func(t *testing.T, at string) {
		b := newBrowser(t, at)
		b.add("brass-ruler")

		ruler := func(quantity string) url.Values {
			return url.Values{"sku": {"brass-ruler"}, "quantity": {quantity}}
		}
		const (
			quantity = "That quantity does not work"
			product  = "We do not have that"
			page     = "There is no such page"
		)
		for _, c := range []struct {
			what, path string
			form       url.Values // nil: a GET
			status     int
			title      string
			says       string
		}{
			{"an unknown page", "/nowhere", nil, 404, page, ""},
			{"an unknown page, posted to", "/nowhere", url.Values{"a": {"b"}}, 404, page, ""},
			{"an address that only takes forms", "/cart/add", nil, 404, page, ""},
			{"an unknown picture", "/assets/" + assetBuild + "/unicorn.svg", nil, 404, page, ""},
			{"an unknown product", "/products/unicorn", nil, 404, product, ""},
			{"adding an unknown product", "/cart/add", url.Values{"sku": {"unicorn"}, "quantity": {"1"}}, 404, product, ""},
			{"adding nothing", "/cart/add", url.Values{}, 404, product, ""},
			{"a negative quantity", "/cart/add", ruler("-1"), 422, quantity, "You asked for -1."},
			{"none", "/cart/add", ruler("0"), 422, quantity, "You asked for 0."},
			{"a thousand", "/cart/add", ruler("1000"), 422, quantity, "from 1 to 99"},
			{"more than a number holds", "/cart/add", ruler("99999999999999999999"), 422, quantity, "is not a quantity"},
			{"half of one", "/cart/add", ruler("0.5"), 422, quantity, "“0.5” is not a quantity."},
			{"markup", "/cart/add", ruler("<script>"), 422, quantity, "“<script>” is not a quantity."},
			{"no quantity", "/cart/add", ruler(" "), 422, quantity, "There was no quantity"},
			{"one more than the cart takes", "/cart/add", ruler("99"), 422, quantity, "That would make 100 of “Brass ruler”."},
			{"changing to a negative quantity", "/cart/change", ruler("-1"), 422, quantity, "You asked for -1."},
			{"changing to a thousand", "/cart/change", ruler("1000"), 422, quantity, "You asked for 1000."},
			{"an order without a session of somebody", "/checkout", url.Values{"form": {"f"}}, 409, "Your session has ended", "Nothing was ordered."},
			{"an order by a form without a name", "/checkout", url.Values{"seen": {"s"}}, 400, "That form did not arrive in one piece", "Nothing was changed."},
			{"an unknown order", "/orders/7", nil, 404, "We do not know that order", "keeps your last order alone"},
			{"a form too large to be ours", "/cart/add", ruler(strings.Repeat("1", maxForm)), 413, "That form is too large", "Nothing was changed."},
		} {
			r := func() response {
				if c.form == nil {
					return b.get(c.path)
				}
				return b.post(c.path, c.form)
			}()
			expectStatus(t, r, c.status)
			expect(t, c.what+": the title", r.text("h1"), c.title)
			if said := r.text("main"); !strings.Contains(said, c.says) {
				t.Errorf("%s: %q does not say %q", c.what, said, c.says)
			}
		}
		expectStatus(t, b.do(http.MethodPost, "/cart/add", "sku=%zz"), http.StatusBadRequest)
		expect(t, "the cart after all that", b.get("/cart").text(".total"), "Total €18.00")
	})
}

func TestAFormPostedTwiceCountsOnce(t *testing.T) {
	t.Parallel()
	onEachStore(t, func(t *testing.T, at string) {
		b := newBrowser(t, at)
		form := b.get("/").form("/cart/add", "brass-ruler")
		b.post("/cart/add", form)
		r := b.post("/cart/add", form)
		expectStatus(t, r, http.StatusOK)
		expect(t, "the count", r.text(".count"), "1 in it")
		if said := r.text(".flash"); !strings.Contains(said, "sent that twice") {
			t.Errorf("the page says %q", said)
		}
		expect(t, "the count after adding from a fresh page", b.add("brass-ruler").text(".count"), "2 in it")
	})
}

func TestAWrongSignInDoesNotTellWhoHasAnAccount(t *testing.T) {
	t.Parallel()
	onEachStore(t, func(t *testing.T, at string) {
		b := newBrowser(t, at)
		wrongPassword := b.signIn("ada", "nanosecond")
		wrongName := b.signIn("eve", "nanosecond")
		for _, r := range []response{wrongPassword, wrongName} {
			expectStatus(t, r, http.StatusUnprocessableEntity)
			expect(t, "where it ends", r.path, "/signin")
			expect(t, "the message", r.text(".failed"), "That name and password do not go together. Please try again.")
		}
		expect(t, "everything a person reads", wrongName.text("body"), wrongPassword.text("body"))
		expect(t, "the cookie", b.key(), "")
	})
}

// brokenStore does not answer, however it is asked.
type brokenStore struct{ store.Store }

var errBroken = errors.New("no route to host: table sessions")

func (brokenStore) Load(context.Context, store.Key) (store.Record, error) {
	return store.Record{}, errBroken
}

func (brokenStore) Save(context.Context, store.Record) (store.Key, error) {
	return store.Key{}, errBroken
}

func (brokenStore) Delete(context.Context, store.Key) error { return errBroken }

func TestAStoreThatDoesNotAnswerIsNotAnEmptyCart(t *testing.T) {
	t.Parallel()
	b := newBrowser(t, openShop(t, brokenStore{}))

	// Who has no session does not notice until there is something to save.
	form := b.get("/").form("/cart/add", "brass-ruler")
	visitor := b.copyWith(store.NewKey().Reveal())
	for what, r := range map[string]response{
		"adding, without a session": b.post("/cart/add", form),
		"adding, with a session":    visitor.post("/cart/add", form),
		"looking":                   visitor.get("/cart"),
		"looking at the account":    visitor.get("/account"),
		"signing in":                visitor.signIn("ada", "analytical-engine"),
		"signing out":               visitor.post("/signout", nil),
	} {
		expectStatus(t, r, http.StatusServiceUnavailable)
		expect(t, what+": the title", r.text("h1"), "We cannot get at your cart right now")
		expect(t, what+": Retry-After", r.Header.Get("Retry-After"), "1")
		expect(t, what+": Set-Cookie", r.Header.Get("Set-Cookie"), "")
		if strings.Contains(textOf(r.root), errBroken.Error()) {
			t.Errorf("%s: the page shows the error itself", what)
		}
	}
}

func TestACartFromAnotherVersionCanBeGivenUp(t *testing.T) {
	t.Parallel()
	sessions := memstore.New()
	now := time.Now()
	key, err := sessions.Save(t.Context(), store.Record{
		Values:  map[string][]byte{"cart": []byte(`"a list of things"`)},
		Created: now, Expires: now.Add(time.Hour), Ends: now.Add(time.Hour),
	})
	if err != nil {
		t.Fatal(err)
	}
	b := newBrowser(t, openShop(t, sessions)).copyWith(key.Reveal())

	r := b.get("/cart")
	expectStatus(t, r, http.StatusInternalServerError)
	expect(t, "the title", r.text("h1"), "We cannot make sense of your cart")
	expect(t, "the way out", r.text("button"), "Start over")

	b.post("/signout", nil)
	expect(t, "the count after starting over", b.add("brass-ruler").text(".count"), "1 in it")
}

func TestWhatIsNoLongerSoldCanBeRemoved(t *testing.T) {
	t.Parallel()
	sessions := memstore.New()
	now := time.Now()
	key, err := sessions.Save(t.Context(), store.Record{
		Values:  map[string][]byte{"cart": []byte(`{"lines":[{"sku":"telex","quantity":3},{"sku":"brass-ruler","quantity":1}]}`)},
		Created: now, Expires: now.Add(time.Hour), Ends: now.Add(time.Hour),
	})
	if err != nil {
		t.Fatal(err)
	}
	b := newBrowser(t, openShop(t, sessions)).copyWith(key.Reveal())

	r := b.get("/cart")
	expect(t, "the total", r.text(".total"), "Total €18.00")
	expect(t, "the lines", r.text("h2"), "No longer sold Brass ruler")
	r = b.post("/cart/remove", r.form("/cart/remove", "telex"))
	expect(t, "the lines afterwards", r.text("h2"), "Brass ruler")
}

func TestAnotherSiteCannotPutThingsIntoACart(t *testing.T) {
	t.Parallel()
	onEachStore(t, func(t *testing.T, at string) {
		b := newBrowser(t, at)
		b.add("brass-ruler")
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, at+"/cart/add", strings.NewReader("sku=pen-tray&quantity=9"))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Origin", "https://elsewhere.example")
		request.Header.Set("Sec-Fetch-Site", "cross-site")
		r := b.send(request)
		expectStatus(t, r, http.StatusForbidden)
		expect(t, "the title", r.text("h1"), "That came from another site")
		expect(t, "the cart", b.get("/cart").text(".total"), "Total €18.00")
	})
}
