package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// TestChangingTheShop changes a line of a copy of the shop, breaks it and mends
// it, with the shop and the console open in a browser.
func TestChangingTheShop(t *testing.T) {
	t.Parallel()
	shop := copyShop(t)
	visitor, console := openBrowser(t, shop.local.url), openConsole(t, shop.local)
	inCart := []string{"Brass ruler"}
	visitor.put("brass-ruler")
	cookie := visitor.cookie(sessionCookie)
	console.open("/")
	console.waitFor(`#live[data-state="live"]`)

	built := `.build[data-function="ShopFunction"][data-state="built"] p`
	console.waitFor(built)
	shop.edit("functions/shop/templates/catalogue.html", "<h1>Good things for a desk</h1>", "<h1>Better things for a desk</h1>")
	shop.says(`rebuilding ShopFunction, process \d+ started \.+ +\d+ ms$`)
	console.waitForText(built, "rebuilt in ")
	visitor.open("/")
	visitor.wantText("h1", "Better things for a desk")
	visitor.open("/cart")
	visitor.wantCart(inCart)

	shop.edit("functions/shop/catalogue_pages.go", `ferrule.FindProduct(r.PathValue("sku"))`, `ferrule.FindProduct(sku)`)
	failed := `.build[data-function="ShopFunction"][data-state="failed"]`
	shop.says(`rebuilding ShopFunction \.+ failed$`)
	console.waitForText(failed+" pre", "undefined: sku")
	console.wantText(failed+" p", "ShopFunction does not build. What was running before goes on.")
	look, judge := console.forEverybody()
	console.open("/")
	console.wantText(failed+" p", "ShopFunction does not build. What was running before goes on.")
	look("a compile error")
	judge()
	visitor.open("/cart")
	visitor.wantCart(inCart)

	shop.edit("functions/shop/catalogue_pages.go", `ferrule.FindProduct(sku)`, `ferrule.FindProduct(r.PathValue("sku"))`)
	shop.says(`rebuilding ShopFunction, its program is the same \.+ +\d+ ms$`)
	console.waitFor(built)
	console.do(chromedp.WaitNotPresent(chromedp.CSS(failed)))
	visitor.open("/products/brass-ruler")
	visitor.wantText("h1", "Brass ruler")
	if now := visitor.cookie(sessionCookie); now == nil || now.Value != cookie.Value {
		t.Error("the visitor's session is another one")
	}

	shop.edit("template.yaml", "Timeout: 10", "Timeout: 9")
	console.waitForText(".notice", "template.yaml changed: Ctrl-C and start again to apply it")
	visitor.wantNoComplaint()
	console.wantNoComplaint()
}

// copyShop runs a copy of the sample application's shop that a test may change.
func copyShop(t *testing.T) *application {
	t.Helper()
	a := &application{t: t, folder: t.TempDir()}
	if err := os.CopyFS(filepath.Join(a.folder, "functions"), os.DirFS(filepath.Join(root, "functions"))); err != nil {
		t.Fatal(err)
	}
	repository, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	a.write("template.yaml", a.read(filepath.Join(root, "template.yaml")))
	a.write("functions/go.mod", strings.ReplaceAll(a.read(filepath.Join(root, "functions", "go.mod")), " => ../", " => "+repository+"/"))
	if a.local, err = startLocal(a.folder, "--function", "ShopFunction"); err != nil {
		t.Fatal(err)
	}
	a.local.endWith(t)
	return a
}

// waitForText waits until an element's text has another in it.
func (b *browser) waitForText(selector, text string) {
	b.t.Helper()
	b.until(fmt.Sprintf(`document.querySelector(%q)?.textContent.includes(%q)`, selector, text))
}
