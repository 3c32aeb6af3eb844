package e2e

import (
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/store"
)

// TestRevokingInTheConsole signs one user in with two browsers and ends the
// session of one of them, in the console and by the keyboard alone.
func TestRevokingInTheConsole(t *testing.T) {
	t.Parallel()
	shop := startShop(t, "--function", "ShopFunction")
	console := openConsole(t, shop)
	console.open("/sessions")
	console.wantText(".empty h2", "No session yet")
	console.waitFor(`#live[data-state="live"]`)

	one, other := openBrowser(t, shop.url), openBrowser(t, shop.url)
	for _, b := range []*browser{one, other} {
		b.signIn()
		b.put("brass-ruler")
	}

	// An open page is not pulled away: it says that it is out of date.
	console.do(chromedp.WaitVisible(chromedp.CSS("#stale")))
	console.click("#stale a")
	console.goTo(typed("#subject", "ada"), chromedp.KeyEvent(kb.Enter))
	live := []string{"live", "live"}
	if diff := cmp.Diff(live, console.texts(".session .state")); diff != "" {
		t.Fatalf("Ada's sessions: %s", diff)
	}
	if diff := cmp.Diff([]string{"ada", "ada"}, console.texts(".session .subject")); diff != "" {
		t.Errorf("whose they are: %s", diff)
	}
	console.wantNoSecret(t, one, other)

	// By the keyboard: open the session, read what it holds, and go on to its button.
	row := console.sessionOf(one)
	console.tabTo(row + " > details > summary")
	console.do(chromedp.KeyEvent(kb.Enter), chromedp.WaitReady(chromedp.CSS(row+" > details[open] .fields")))
	if fields := strings.Join(console.texts(row+" .fields dd"), " "); !strings.Contains(fields, "brass-ruler") {
		t.Errorf("the session's fields are %q, without what is in the cart", fields)
	}
	console.tabTo(row + " .revoke")
	console.goTo(chromedp.KeyEvent(kb.Enter))

	console.wantText("#done", fmt.Sprintf("Session %s is revoked: whoever holds its cookie is signed out.", strings.TrimPrefix(row, "#session-")))
	console.wantText(row+" .state", "ended")
	console.wantText(console.sessionOf(other)+" .state", "live")
	if n := len(console.texts(row + " .revoke")); n > 0 {
		t.Error("an ended session still has its button")
	}
	console.wantNoSecret(t, one, other)

	other.open("/account")
	other.wantText("h1", "Ada Demo")
	one.expect(409, chromedp.Navigate(shop.url+"/account"))
	if page := strings.Join(one.texts("body"), " "); strings.Contains(page, "Ada") || strings.Contains(page, "Brass ruler") {
		t.Errorf("the browser whose session was revoked shows %q", page)
	}

	// What was revoked meanwhile, from another page, is not revoked twice.
	twin := console.tab()
	twin.open("/sessions?subject=ada")
	twin.click(".revoke")
	console.click(".revoke")
	if said := strings.Join(console.texts("#done"), " "); !strings.HasSuffix(said, "was over already. Nothing was changed.") {
		t.Errorf("revoking once more says %q", said)
	}
	console.wantNoComplaint()
	twin.wantNoComplaint()
}

// sessionOf selects the row of the session that a browser is signed in with. The
// shop's account page and the console call the device by the same id.
func (b *browser) sessionOf(visitor *browser) string {
	b.t.Helper()
	if visitor.device == "" {
		visitor.open("/account")
		visitor.device = evaluate[string](visitor, `Array.from(document.querySelectorAll(".session div")).
			find(div => div.querySelector("dt").textContent === "Device").querySelector("code").textContent`)
	}
	id := evaluate[string](b, fmt.Sprintf(`Array.from(document.querySelectorAll(".session")).
		find(row => row.querySelector(".facts .id")?.textContent === %q)?.id ?? ""`, visitor.device))
	if id == "" {
		b.t.Fatalf("the page has no session of device %s, but of %q", visitor.device, b.texts(".session .facts .id"))
	}
	return "#" + id
}

// tabTo presses the tab key until the focus is where the selector says.
func (b *browser) tabTo(selector string) {
	b.t.Helper()
	const most = 60
	for range most {
		b.do(chromedp.KeyEvent(kb.Tab))
		if evaluate[bool](b, fmt.Sprintf(`document.activeElement.matches(%q)`, selector)) {
			return
		}
	}
	b.t.Fatalf("the tab key has not come to %s after %d times", selector, most)
}

// wantNoSecret checks that a page of the console has nothing of the visitors'
// cookies in it, and shows no more of their digests than it takes to tell them
// apart. (The whole digest is where a button leads: it opens no session.)
func (b *browser) wantNoSecret(t *testing.T, visitors ...*browser) {
	t.Helper()
	page, shown := evaluate[string](b, `document.documentElement.outerHTML`), evaluate[string](b, `document.body.innerText`)
	for _, visitor := range visitors {
		cookie := visitor.cookie(sessionCookie)
		if cookie == nil {
			t.Fatal("a visitor has no session")
		}
		if strings.Contains(page, cookie.Value) {
			t.Error("the page has a visitor's cookie in it")
		}
		if digest := store.KeyOf(cookie.Value).Digest(); strings.Contains(shown, digest) || !strings.Contains(page, digest[:12]) {
			t.Errorf("the page shows the whole of a digest, or nothing of it:\n%s", shown)
		}
	}
}
