package main

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/lambdasession/lambdasession-go/functions/internal/ferrule"
	"github.com/lambdasession/lambdasession-go/memstore"
)

// visitAll calls look with each kind of page there is.
func visitAll(t *testing.T, look func(t *testing.T, b *browser, r response)) {
	t.Helper()
	at := openShop(t, memstore.New())
	b := newBrowser(t, at)
	seen := func(what string, r response) {
		t.Run(what, func(t *testing.T) { look(t, b, r) })
	}
	seen("the catalogue", b.get("/"))
	seen("a product", b.get("/products/reading-lamp"))
	seen("the empty cart", b.get("/cart"))
	seen("the cart", b.add("reading-lamp"))
	seen("the sign-in page", b.get("/signin"))
	seen("the sign-in page on the way to the checkout", b.get("/checkout"))
	seen("the sign-in page after a mistake", b.signIn("ada", "nanosecond"))
	seen("the checkout without a session", b.post("/checkout", url.Values{"form": {"f"}}))
	newBrowser(t, at).signIn("ada", "analytical-engine")
	seen("the account", b.signIn("ada", "analytical-engine"))
	seen("the account after a mistake", b.post("/account/password", url.Values{"current": {"nanosecond"}}))
	seen("the checkout", b.get("/checkout"))
	seen("the checkout of another cart", b.post("/checkout", url.Values{"form": {"f"}}))
	form := b.checkout()
	form.Set("street", "")
	seen("the checkout after a mistake", b.post("/checkout", form))
	seen("an order", b.post("/checkout", b.checkout()))
	seen("the checkout of nothing", b.get("/checkout"))
	seen("an order that is not there", b.get("/orders/7"))
	seen("a page that is not there", b.get("/nowhere"))
	old := b.key()
	seen("the page after signing out", b.post("/signout", nil))
	seen("a page of an ended session", b.copyWith(old).get("/"))

	unlisted := newBrowser(t, openShop(t, unlistedStore{memstore.New()}))
	seen("the account where devices cannot be listed", unlisted.signIn("ada", "analytical-engine"))
	seen("what such a store cannot do", unlisted.post("/account/signout-others", nil))

	broken := newBrowser(t, openShop(t, brokenStore{}))
	seen("a page without a store", broken.copyWith(old).get("/"))
	seen("what could not be saved", broken.add("reading-lamp"))
}

func TestNothingInAPageNeedsALooserPolicy(t *testing.T) {
	t.Parallel()
	visitAll(t, func(t *testing.T, _ *browser, r response) {
		for name, want := range headers {
			expect(t, name, r.Header.Get(name), want)
		}
		policy := r.Header.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none'; ") || strings.Contains(policy, "unsafe") {
			t.Errorf("the policy is %q", policy)
		}
		for n := range r.root.Descendants() {
			if n.Data == "style" || n.Data == "script" && (attribute(n, "src") != assetURL("cart.js") || textOf(n) != "") {
				t.Errorf("there is a <%s> that is not the shop's own file", n.Data)
			}
			for _, a := range n.Attr {
				if a.Key == "style" || strings.HasPrefix(a.Key, "on") {
					t.Errorf("<%s> has %s=%q", n.Data, a.Key, a.Val)
				}
			}
		}
	})
}

func TestAPageIsPrivate(t *testing.T) {
	t.Parallel()
	b := newBrowser(t, openShop(t, memstore.New()))
	for _, r := range []response{b.get("/"), b.add("brass-ruler"), b.get("/cart")} {
		expect(t, "Vary", r.Header.Get("Vary"), "Cookie")
		expect(t, "Cache-Control", r.Header.Get("Cache-Control"), "no-store")
	}
}

func TestAPageCanBeUsedWithoutSeeingIt(t *testing.T) {
	t.Parallel()
	visitAll(t, func(t *testing.T, _ *browser, r response) {
		count := map[string]int{}
		labelled, ids := map[string]bool{}, map[string]bool{}
		for n := range r.root.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			count[n.Data]++
			if id := attribute(n, "id"); id != "" {
				if ids[id] {
					t.Errorf("two elements have the id %q", id)
				}
				ids[id] = true
			}
			switch n.Data {
			case "html":
				expect(t, "the language", attribute(n, "lang"), "en")
			case "label":
				labelled[attribute(n, "for")] = true
			case "button", "a", "h1", "h2", "th", "title":
				if strings.TrimSpace(textOf(n)) == "" {
					t.Errorf("a <%s> has no text", n.Data)
				}
			case "img":
				if !hasAttribute(n, "alt") || !hasAttribute(n, "width") {
					t.Errorf("%s has no alternative or no size", attribute(n, "src"))
				}
			}
		}
		for _, landmark := range []string{"header", "nav", "main", "footer", "h1", "title"} {
			if count[landmark] != 1 {
				t.Errorf("%d <%s>, want 1", count[landmark], landmark)
			}
		}
		for n := range r.root.Descendants() {
			if n.Data != "input" || attribute(n, "type") == "hidden" || n.Parent.Data == "label" {
				continue
			}
			if !labelled[attribute(n, "id")] {
				t.Errorf("no label for %s", attribute(n, "name"))
			}
		}
		if !ids["main"] {
			t.Error("the skip link leads nowhere")
		}
	})
}

func TestEveryLinkOfAPageLeadsSomewhere(t *testing.T) {
	t.Parallel()
	visitAll(t, func(t *testing.T, b *browser, r response) {
		tried := map[string]bool{}
		for n := range r.root.Descendants() {
			path := attribute(n, "href") + attribute(n, "src")
			if !strings.HasPrefix(path, "/") || tried[path] {
				continue
			}
			tried[path] = true
			expectStatus(t, b.get(path), http.StatusOK)
		}
		if len(tried) < 4 {
			t.Errorf("only %d links: %v", len(tried), tried)
		}
	})
}

func TestAssetsAreKeptForEverUnderTheAddressOfTheirContent(t *testing.T) {
	t.Parallel()
	b := newBrowser(t, openShop(t, memstore.New()))

	for path, contentType := range map[string]string{
		assetURL("style.css"):   "text/css; charset=utf-8",
		assetURL("pencils.svg"): "image/svg+xml",
		assetURL("cart.js"):     "text/javascript; charset=utf-8",
	} {
		r := b.get(path)
		expectStatus(t, r, http.StatusOK)
		expect(t, "Content-Type", r.Header.Get("Content-Type"), contentType)
		expect(t, "Cache-Control", r.Header.Get("Cache-Control"), "public, max-age=31536000, immutable")
		expect(t, "Vary", r.Header.Get("Vary"), "")
	}

	r := b.get("/assets/another-version/style.css")
	expectStatus(t, r, http.StatusOK)
	expect(t, "Cache-Control under another version's address", r.Header.Get("Cache-Control"), "no-cache")
}

func TestEveryProductHasAPageAndAPicture(t *testing.T) {
	t.Parallel()
	b := newBrowser(t, openShop(t, memstore.New()))
	for _, product := range ferrule.Catalogue() {
		r := b.get("/products/" + product.SKU)
		expectStatus(t, r, http.StatusOK)
		expect(t, "the title", r.text("h1"), product.Name)
		expect(t, "the price", r.text(".price"), product.Price.String())
		expectStatus(t, b.get(assetURL(product.Picture)), http.StatusOK)
		if product.PictureText == "" || product.Price <= 0 {
			t.Errorf("%s lacks a price or a text for its picture", product.SKU)
		}
	}
}

func hasAttribute(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}
