package main

import (
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/localtest"
	"github.com/lambdasession/lambdasession-go/memstore"
	"github.com/lambdasession/lambdasession-go/store"
)

const sessionCookie = "__Host-session"

// onEachStore runs the test with a shop of its own on each kind of store.
func onEachStore(t *testing.T, test func(t *testing.T, at string)) {
	t.Helper()
	t.Run("in memory", func(t *testing.T) {
		t.Parallel()
		test(t, openShop(t, memstore.New()))
	})
	t.Run("in DynamoDB", func(t *testing.T) {
		t.Parallel()
		at, _ := openShopOnDynamoDB(t)
		test(t, at)
	})
}

// openShop serves the shop as API Gateway would and returns its address.
func openShop(t *testing.T, kept store.Store) string {
	t.Helper()
	return openShopAt(t, kept, nil)
}

// openShopAt is openShop by another clock; nil is the usual one.
func openShopAt(t *testing.T, kept store.Store, now func() time.Time) string {
	t.Helper()
	sessions, err := lambdasession.New(lambdasession.Config{Store: kept, ErrorReply: errorReply, Now: now})
	if err != nil {
		t.Fatal(err)
	}
	return localtest.Serve(t, localtest.HTTPAPI, newHandler(sessions)).URL
}

func openShopOnDynamoDB(t *testing.T) (string, *localtest.Meter) {
	t.Helper()
	db := localtest.DynamoDB(t)
	sessions, err := dynamostore.New(asked.Client(db.Client), dynamostore.Config{
		Table:   db.Table(),
		Timeout: time.Minute, // a second try on a busy machine would count as a call
	})
	if err != nil {
		t.Fatal(err)
	}
	at := openShop(t, sessions)
	db.Meter().Reset() // making the table is not the shop's
	return at, db.Meter()
}

// A browser visits one shop, keeps its cookies and follows redirects.
type browser struct {
	t      *testing.T
	at     *url.URL
	client *http.Client
	agent  string // its User-Agent; empty: that of net/http
}

func newBrowser(t *testing.T, at string) *browser {
	t.Helper()
	address, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &browser{t: t, at: address, client: &http.Client{Jar: jar}}
}

// A response is what the browser shows in the end.
type response struct {
	*http.Response
	path string // where the redirects ended
	root *html.Node
}

func (b *browser) get(path string) response {
	b.t.Helper()
	return b.do(http.MethodGet, path, "")
}

func (b *browser) post(path string, form url.Values) response {
	b.t.Helper()
	return b.do(http.MethodPost, path, form.Encode())
}

func (b *browser) do(method, path, body string) response {
	b.t.Helper()
	request, err := http.NewRequestWithContext(b.t.Context(), method, b.at.String()+path, strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return b.send(request)
}

func (b *browser) send(request *http.Request) response {
	b.t.Helper()
	if b.agent != "" {
		request.Header.Set("User-Agent", b.agent)
	}
	r, err := b.client.Do(request)
	if err != nil {
		b.t.Fatal(err)
	}
	defer r.Body.Close()
	root, err := html.Parse(r.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return response{r, r.Request.URL.Path, root}
}

// add presses the product's button on the catalogue's page.
func (b *browser) add(sku string) response {
	b.t.Helper()
	return b.post("/cart/add", b.get("/").form("/cart/add", sku))
}

func (b *browser) signIn(name, password string) response {
	b.t.Helper()
	return b.post("/signin", url.Values{"name": {name}, "password": {password}})
}

// key is what the session's cookie holds, or "".
func (b *browser) key() string {
	for _, c := range b.client.Jar.Cookies(b.at) {
		if c.Name == sessionCookie {
			return c.Value
		}
	}
	return ""
}

// copyWith is another browser, as somebody has it who got hold of the key.
func (b *browser) copyWith(key string) *browser {
	b.t.Helper()
	thief := newBrowser(b.t, b.at.String())
	thief.client.Jar.SetCookies(b.at, []*http.Cookie{{Name: sessionCookie, Value: key, Path: "/", Secure: true}})
	return thief
}

// text is what a person reads in all elements that match, such as "h1" or
// ".flash", with single spaces.
func (r response) text(selector string) string {
	var words []string
	for n := range r.root.Descendants() {
		if matches(n, selector) {
			words = append(words, strings.Fields(textOf(n))...)
		}
	}
	return strings.Join(words, " ")
}

// form is what a form would post: its fields as they are filled in.
func (r response) form(action, sku string) url.Values {
	for n := range r.root.Descendants() {
		if n.Data != "form" || attribute(n, "action") != action {
			continue
		}
		fields := url.Values{}
		for input := range n.Descendants() {
			if input.Data == "input" {
				fields.Set(attribute(input, "name"), attribute(input, "value"))
			}
		}
		if fields.Get("sku") == sku {
			return fields
		}
	}
	return nil
}

func matches(n *html.Node, selector string) bool {
	if n.Type != html.ElementNode {
		return false
	}
	if class, ok := strings.CutPrefix(selector, "."); ok {
		return attribute(n, "class") == class
	}
	return n.Data == selector
}

func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func expect(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %q, want %q", what, got, want)
	}
}

func expectStatus(t *testing.T, r response, want int) {
	t.Helper()
	if r.StatusCode != want {
		t.Errorf("%s %s answered %d, want %d: %s", r.Request.Method, r.path, r.StatusCode, want, r.text("h1"))
	}
}
