package deploy

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"

	"github.com/lambdasession/lambdasession-go/localtest"
)

// visits are all that each function does with its sessions, asked for as visitors
// do, and the gateway in front of it. A visit's error is an answer that is none, or
// another than it should be.
var visits = map[string]struct {
	gateway func(localtest.Invoker) http.Handler
	visit   func(at *httptest.Server) error
}{
	"ShopFunction":   {behind(localtest.HTTPAPI), visitShop},
	"ApiFunction":    {behindAPI, visitAPI},
	"ReportFunction": {behind(localtest.FunctionURLStreaming), visitReport},
	"LegacyFunction": {behind(localtest.REST), visitLegacy},
}

func behind(shape localtest.Shape) func(localtest.Invoker) http.Handler {
	return func(function localtest.Invoker) http.Handler { return localtest.Gateway(shape, function) }
}

// behindAPI has the routes of the template, which the function goes by.
func behindAPI(function localtest.Invoker) http.Handler {
	gateway := localtest.Gateway(localtest.HTTPAPI, function)
	routes := http.NewServeMux()
	for _, key := range []string{"GET /api/cart", "POST /api/cart", "DELETE /api/cart/{sku}"} {
		routes.HandleFunc(key, func(w http.ResponseWriter, r *http.Request) {
			route := localtest.Route{Key: key, PathParameters: map[string]string{"sku": r.PathValue("sku")}}
			gateway.ServeHTTP(w, localtest.WithRoute(r, route))
		})
	}
	return routes
}

func visitShop(at *httptest.Server) error {
	desk, telephone, tablet := newVisitor(at), newVisitor(at), newVisitor(at)
	desk.post("/cart/add", "sku", "brass-ruler", "quantity", "1")
	desk.post("/cart/add", "sku", "round-pencils", "quantity", "1")
	desk.get("/cart", "Brass ruler")
	for _, device := range []*visitor{desk, telephone, tablet} {
		device.post("/signin", "name", "ada", "password", "analytical-engine")
		device.get("/account", "Ada")
	}
	desk.get("/cart", "Round pencils")
	other := desk.find("/account", `name="device" value="([^"]+)"`)
	desk.post("/account/signout", "device", other)
	desk.post("/account/signout-others")
	for _, device := range []*visitor{telephone, tablet} {
		device.isSignedOut()
		desk.adopt(device)
	}
	telephone.post("/signin", "name", "ada", "password", "analytical-engine")
	desk.post("/account/password", "current", "analytical-engine", "new", "fifteen letters")
	telephone.isSignedOut()
	desk.get("/account", "Ada")
	desk.post("/signout")
	desk.get("/account", "Sign in")
	desk.adopt(telephone)
	return desk.err
}

func visitAPI(at *httptest.Server) error {
	script := newVisitor(at)
	for _, sku := range []string{"brass-ruler", "round-pencils"} {
		script.send(http.MethodPost, "/api/cart", "application/json", `{"sku": "`+sku+`", "quantity": 1}`, sku)
	}
	script.send(http.MethodDelete, "/api/cart/brass-ruler", "", "", `"items":1`)
	script.get("/api/cart", "round-pencils")
	return script.err
}

func visitReport(at *httptest.Server) error {
	visitor := newVisitor(at)
	visitor.post("/signin", "name", "grace", "password", "nanosecond")
	visitor.get("/orders.csv?rows=10", "\n")
	visitor.get("/", "<output>1</output>")
	// Somebody else's turn: the session passes on, and its device with it.
	visitor.post("/signin", "name", "ada", "password", "analytical-engine")
	visitor.get("/", "Ada")
	visitor.post("/signout")
	visitor.get("/", "Sign in")
	return visitor.err
}

func visitLegacy(at *httptest.Server) error {
	visitor := newVisitor(at)
	visitor.post("/legacy/preferences", "language", "de")
	visitor.post("/legacy/preferences", "currency", "CHF")
	visitor.get("/legacy/preferences", `"language":"de","currency":"CHF"`)
	return visitor.err
}

// visitor is a browser with cookies of its own. After its first error it does
// nothing more.
type visitor struct {
	at     string
	client *http.Client
	err    error
}

// refusal is an answer that says that something failed.
type refusal struct {
	request string
	status  int
	body    string
}

func (r *refusal) Error() string {
	return fmt.Sprintf("%s: status %d:\n%s", r.request, r.status, r.body)
}

func newVisitor(at *httptest.Server) *visitor {
	jar, err := cookiejar.New(nil)
	return &visitor{at: at.URL, client: &http.Client{Transport: at.Client().Transport, Jar: jar}, err: err}
}

// adopt makes the error of another visitor v's.
func (v *visitor) adopt(other *visitor) {
	if v.err == nil {
		v.err = other.err
	}
}

// isSignedOut expects that somebody has signed this browser out: for a minute the
// shop says so, in case it is behind the times.
func (v *visitor) isSignedOut() {
	v.send(http.MethodGet, "/account", "", "", "")
	answer, ok := errors.AsType[*refusal](v.err)
	switch {
	case ok && answer.status == http.StatusConflict:
		v.err = nil
	case v.err == nil:
		v.err = errors.New("a browser that was signed out still sees the account")
	}
}

// get asks for a page, which should show something.
func (v *visitor) get(path, want string) { v.send(http.MethodGet, path, "", "", want) }

// post sends a form, and follows where that leads.
func (v *visitor) post(path string, fields ...string) {
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	v.send(http.MethodPost, path, "application/x-www-form-urlencoded", form.Encode(), "")
}

// find returns the part of a page that a pattern is about.
func (v *visitor) find(path, pattern string) string {
	page := v.send(http.MethodGet, path, "", "", "")
	found := regexp.MustCompile(pattern).FindStringSubmatch(page)
	if found == nil {
		if v.err == nil {
			v.err = fmt.Errorf("%s has nothing like %s:\n%s", path, pattern, page)
		}
		return ""
	}
	return found[1]
}

func (v *visitor) send(method, path, contentType, body, want string) string {
	if v.err != nil {
		return ""
	}
	var page []byte
	status := 0
	request, err := http.NewRequest(method, v.at+path, strings.NewReader(body))
	if err == nil {
		request.Header.Set("Content-Type", contentType)
		request.Header.Set("User-Agent", "visitor")
		var answer *http.Response
		if answer, err = v.client.Do(request); err == nil {
			defer answer.Body.Close()
			status = answer.StatusCode
			page, err = io.ReadAll(answer.Body)
		}
	}
	switch {
	case err != nil:
		v.err = err
	case status >= 400:
		v.err = &refusal{method + " " + path, status, string(page)}
	case !strings.Contains(string(page), want):
		v.err = fmt.Errorf("%s %s does not show %q:\n%s", method, path, want, page)
	}
	return string(page)
}
