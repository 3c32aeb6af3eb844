package e2e

import (
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/localtest"
)

// TestConsoleShowsWhatRequestsDo is a visit to the shop in one tab, seen in
// another, which has the console open and never reloads it. A meter of the test's
// own, behind the command's, knows what is to be seen.
func TestConsoleShowsWhatRequestsDo(t *testing.T) {
	t.Parallel()
	shop, meter := startMeteredShop(t)
	console := openConsole(t, shop)

	// Before the first request it says what to do.
	console.open("/")
	console.wantText(".empty h3", "No request yet")
	console.wantText(".empty a", shop.url)
	console.wantText("#totals .amount", "–")
	console.wantText("#app", shop.url)
	console.waitFor(`#live[data-state="live"]`)
	console.do(chromedp.Evaluate[chromedp.Void](`window.stayed = true`))

	visitor := console.tab()
	visitor.origin = shop.url
	visitor.open("/")
	first := console.waitForRow(`[data-request="GET /"][data-state="answered"]`)
	if !strings.HasPrefix(first.Start, "cold ") {
		t.Errorf("the first request of a process is %q, want cold and how long that took", first.Start)
	}
	first.Start = ""
	want := row{Request: "GET /", Route: "$default HTTP API", Status: "200"}
	if diff := cmp.Diff(want, first); diff != "" {
		t.Errorf("the row of a page that needs no session: %s", diff)
	}
	if evaluate[bool](console, `document.querySelector(".empty").checkVisibility()`) {
		t.Error("there is a request, and the console still says that there is none")
	}

	visitor.put("round-pencils")
	added := console.waitForRow(`[data-request="POST /cart/add"][data-calls="1"]`)
	added.Start = ""
	want = row{Request: "POST /cart/add", Route: "$default HTTP API", Status: "303", Usage: usage{1, 0, 1, 0.625}, Calls: []string{"PutItem"}}
	if diff := cmp.Diff(want, added); diff != "" {
		t.Errorf("the row of a visitor's first write: %s", diff)
	}

	// Now that nothing is under way there is a process for whoever comes.
	visitor.signIn()
	visitor.open("/account")
	console.waitForCalls(len(meter.calls()))
	get(t, shop.url+"/products/brass-ruler")
	if alone := console.waitForRow(`[data-request="GET /products/brass-ruler"][data-state="answered"]`); alone.Start != "warm" {
		t.Errorf("a request to a process that waits is %q, want warm", alone.Start)
	}

	// Every row says what the meter says, and the totals are theirs.
	var measured []row
	var sum usage
	for _, calls := range meter.byRequest() {
		r := row{}
		for _, c := range calls {
			r.Calls = append(r.Calls, c.Operation)
			r.Usage.add(c)
			sum.add(c)
		}
		measured = append(measured, r)
	}
	var shown []row
	rows := console.rows()
	for _, r := range rows {
		if r.Usage.Calls > 0 {
			shown = append(shown, row{Usage: r.Usage, Calls: r.Calls})
		}
	}
	if diff := cmp.Diff(measured, shown); diff != "" {
		t.Errorf("what the meter has seen (-) and the console shows (+), oldest request first: %s", diff)
	}
	if sum.Calls < 8 || sum.Read == 0 || sum.Write < 4 {
		t.Errorf("the visit has made %+v, too little to compare", sum)
	}
	wantTotals := map[string]float64{
		"Requests": float64(len(rows)), "DynamoDB calls": float64(sum.Calls),
		"Read units": sum.Read, "Write units": sum.Write, "Price so far": sum.Price,
	}
	if diff := cmp.Diff(wantTotals, console.totals(len(rows))); diff != "" {
		t.Errorf("the totals: %s", diff)
	}
	console.wantText("#totals .amount", "$"+strconv.FormatFloat(sum.Price/float64(len(rows)), 'f', 3, 64))

	// A screen reader hears of it, and the page is still the same one.
	console.until(`/new requests|: status \d+/.test(document.querySelector("#news").textContent)`)
	if !evaluate[bool](console, `window.stayed === true`) {
		t.Error("the page was reloaded")
	}
	cookie := visitor.cookie(sessionCookie)
	if cookie == nil {
		t.Fatal("the visitor has no session")
	}
	if page := evaluate[string](console, `document.documentElement.outerHTML`); strings.Contains(page, cookie.Value) {
		t.Error("the console shows the visitor's cookie")
	}
	console.wantNoComplaint()
}

// startMeteredShop runs the sample shop, with a meter between the command and
// DynamoDB Local.
func startMeteredShop(t *testing.T) (*local, *witness) {
	t.Helper()
	meter := &witness{}
	proxy, err := localtest.StartMeterProxy(localtest.DynamoDB(t).Endpoint(), meter.observe)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = proxy.Close() })
	shop, err := startLocalWith(root, []string{"DYNAMODB_LOCAL_ENDPOINT=" + proxy.Endpoint()}, "--function", "ShopFunction")
	if err != nil {
		t.Fatal(err)
	}
	shop.endWith(t)
	return shop, meter
}

// openConsole opens a browser for a command's console.
func openConsole(t *testing.T, l *local) *browser {
	t.Helper()
	return openBrowser(t, l.console(t))
}

// console is the address of its console.
func (l *local) console(t *testing.T) string {
	t.Helper()
	line, err := l.output.wait(regexp.MustCompile(`^  the console: http://localhost:\d+$`))
	if err != nil {
		t.Fatal(err)
	}
	return line[strings.Index(line, "http://"):]
}

// waitFor waits until the page has an element.
func (b *browser) waitFor(selector string) {
	b.t.Helper()
	b.do(chromedp.WaitReady(chromedp.CSS(selector)))
}
