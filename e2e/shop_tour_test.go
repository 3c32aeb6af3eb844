package e2e

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// tour shows every kind of page that the shop has: look is called with the name
// of each while the browser has it open.
func (b *browser) tour(look func(what string)) {
	b.t.Helper()
	see := func(what string, status int64, actions ...chromedp.Action[chromedp.Void]) {
		b.t.Helper()
		b.expect(status, actions...)
		look(what)
	}
	open := func(path string) chromedp.Action[chromedp.Void] { return chromedp.Navigate(b.origin + path) }

	see("the catalogue", 200, open("/"))
	see("a product", 200, open("/products/reading-lamp"))
	see("the empty cart", 200, open("/cart"))
	see("the checkout of nothing", 409, open("/checkout"))
	see("a page that is not there", 404, open("/nowhere"))

	b.put("reading-lamp")
	look("the cart with a message")
	b.put("brass-ruler")
	see("the sign-in page on the way to the checkout", 200, open("/checkout"))
	see("the sign-in page after a mistake", 422, typed("#name", "ada"), typed("#password", "nanosecond"), press(`form[action="/signin"]`))
	see("the checkout", 200, typed("#password", "analytical-engine"), press(`form[action="/signin"]`))
	see("the checkout after a mistake", 422, leaveOut("#to-street"), typed("#to-name", "Ada Demo"), typed("#to-city", "London"), press(".checkout form"))
	see("an order", 200, typed("#to-street", "12 St James's Square"), press(".checkout form"))
	see("an order that is not there", 404, open("/orders/7"))
	see("the account", 200, open("/account"))
	see("the account after a mistake", 422, typed("#current", "nanosecond"), typed("#new", "fifteen letters"), press(".password"))
	see("the page after signing out", 200, press(`form[action="/signout"]`))
}

// typed replaces what is in an input.
func typed(selector, text string) chromedp.Action[chromedp.Void] {
	return chromedp.Steps(
		chromedp.Clear(chromedp.CSS(selector)),
		chromedp.SendKeys(chromedp.CSS(selector), text),
	)
}

// leaveOut takes an input's word for being required away, so that the server
// has to say so.
func leaveOut(selector string) chromedp.Action[chromedp.Void] {
	return chromedp.Steps(
		chromedp.RemoveAttribute(chromedp.CSS(selector), "required"),
		chromedp.Clear(chromedp.CSS(selector)),
	)
}

// press presses the first button of what the selector finds.
func press(selector string) chromedp.Action[chromedp.Void] {
	return chromedp.Click(chromedp.CSS(selector + " button"))
}

// expect performs actions that lead to another page, which answers with status.
func (b *browser) expect(status int64, actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, time.Minute)
	defer cancel()
	response, err := chromedp.RunResponse(ctx, actions...)
	if err != nil {
		b.t.Fatal(err)
	}
	if response.Status != status {
		b.t.Fatalf("%s answered %d, want %d", response.URL, response.Status, status)
	}
}

// put adds a product by its page's form, as it is without a script.
func (b *browser) put(sku string) {
	b.t.Helper()
	b.open("/products/" + sku)
	b.goTo(chromedp.Evaluate[chromedp.Void](`document.querySelector(".buy").submit()`))
}

// sources returns how to get at the page as the server sent it.
func (b *browser) sources() (current func() string) {
	b.t.Helper()
	var document atomic.Pointer[network.RequestID]
	err := chromedp.Listen(b.ctx, func(event any) {
		if e, ok := event.(*network.EventRequestWillBeSent); ok && e.Type == network.ResourceTypeDocument {
			document.Store(&e.RequestID)
		}
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return func() string {
		b.t.Helper()
		result, err := chromedp.Call(b.ctx, network.GetResponseBody, network.GetResponseBodyParams{RequestID: *document.Load()})
		if err != nil {
			b.t.Fatal(err)
		}
		return string(result.Body)
	}
}

// evaluate returns the value of an expression in the page.
func evaluate[T any](b *browser, expression string) T {
	b.t.Helper()
	value, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatal(err)
	}
	return value
}

// tab opens another page in the same browser, with the same cookies.
func (b *browser) tab() *browser {
	b.t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx)
	b.t.Cleanup(cancel)
	other := &browser{t: b.t, ctx: ctx, origin: b.origin}
	if err := chromedp.Listen(ctx, other.record); err != nil {
		b.t.Fatal(err)
	}
	return other
}

// signIn signs in as Ada.
func (b *browser) signIn() {
	b.t.Helper()
	b.open("/signin")
	b.goTo(typed("#name", "ada"), typed("#password", "analytical-engine"), press(`form[action="/signin"]`))
}

// wantText checks what a page says in one place.
func (b *browser) wantText(selector, want string) {
	b.t.Helper()
	if got := strings.Join(strings.Fields(strings.Join(b.texts(selector), " ")), " "); got != want {
		b.t.Errorf("%s says %q, want %q", selector, got, want)
	}
}

// wantPolicyKept checks that the page tried nothing that its policy forbids.
func (b *browser) wantPolicyKept() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	forbidden := map[string]bool{}
	for _, complaint := range b.errors {
		if !strings.HasPrefix(complaint, "Failed to load resource: the server responded with a status of 4") {
			forbidden[complaint] = true
		}
	}
	if len(forbidden) > 0 {
		b.t.Errorf("the console shows %q", slices.Sorted(maps.Keys(forbidden)))
	}
}
