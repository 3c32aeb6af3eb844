package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/functions/internal/permissions"
	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/localtest"
)

// asked is what all tests have the function ask of DynamoDB.
var asked = permissions.Of("ApiFunction")

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m, goleak.Cleanup(asked.Check("../../template.yaml")))
}

// open serves the API on a table of its own.
func open(t *testing.T) (*httptest.Server, *localtest.Meter) {
	t.Helper()
	db := localtest.DynamoDB(t)
	kept, err := dynamostore.New(asked.Client(db.Client), dynamostore.Config{Table: db.Table()})
	if err != nil {
		t.Fatal(err)
	}
	sessions, err := lambdasession.New(lambdasession.Config{Store: kept})
	if err != nil {
		t.Fatal(err)
	}
	wrapped := lambdasession.Wrap(sessions, handle)
	server := localtest.Serve(t, localtest.HTTPAPI, func(ctx context.Context, r request) (response, error) {
		// Which route it is, API Gateway says: here as the template has them.
		r.RouteKey = r.RequestContext.HTTP.Method + " " + r.RawPath
		if sku, ok := strings.CutPrefix(r.RawPath, "/api/cart/"); ok {
			r.RouteKey, r.PathParameters = "DELETE /api/cart/{sku}", map[string]string{"sku": sku}
		}
		return wrapped(ctx, r)
	})
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	server.Client().Jar = jar
	db.Meter().Reset()
	return server, db.Meter()
}

// call returns the status and the JSON that a call is answered with.
func call(t *testing.T, server *httptest.Server, method, path, contentType, body string) (int, map[string]any) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, server.URL+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", contentType)
	response, err := server.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	var decoded map[string]any
	if err := json.NewDecoder(bytes.NewReader(text)).Decode(&decoded); err != nil {
		t.Fatalf("%s %s answered %d %q: %v", method, path, response.StatusCode, text, err)
	}
	return response.StatusCode, decoded
}

func TestTheCartGrowsAndShrinks(t *testing.T) {
	t.Parallel()
	server, meter := open(t)
	want := func(status int, wantBody string, gotStatus int, got map[string]any) {
		t.Helper()
		var body map[string]any
		if err := json.Unmarshal([]byte(wantBody), &body); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(body, got); diff != "" || gotStatus != status {
			t.Errorf("status %d, want %d; body (-want +got):\n%s", gotStatus, status, diff)
		}
	}
	const ruler = `{"sku": "brass-ruler", "name": "Brass ruler", "quantity": 2, "priceCents": 1800}`

	status, body := call(t, server, "GET", "/api/cart", "", "")
	want(200, `{"items": 0, "totalCents": 0, "lines": []}`, status, body)
	if calls := meter.Usage().Calls; calls != 0 {
		t.Errorf("a visitor without a session costs %d calls of DynamoDB", calls)
	}

	status, body = call(t, server, "POST", "/api/cart", "application/json; charset=utf-8", `{"sku": "brass-ruler", "quantity": 2}`)
	want(200, `{"items": 2, "totalCents": 3600, "lines": [`+ruler+`]}`, status, body)
	status, body = call(t, server, "GET", "/api/cart", "", "")
	want(200, `{"items": 2, "totalCents": 3600, "lines": [`+ruler+`]}`, status, body)
	status, body = call(t, server, "DELETE", "/api/cart/brass-ruler", "", "")
	want(200, `{"items": 0, "totalCents": 0, "lines": []}`, status, body)
}

func TestAFormCountsOnce(t *testing.T) {
	t.Parallel()
	server, _ := open(t)
	const form = `{"sku": "brass-ruler", "quantity": 1, "form": "F1"}`
	call(t, server, "POST", "/api/cart", "application/json", form)
	if _, body := call(t, server, "POST", "/api/cart", "application/json", form); body["items"] != 1.0 {
		t.Errorf("posted twice: %v", body)
	}
}

func TestWhatIsRefusedChangesNothing(t *testing.T) {
	t.Parallel()
	server, meter := open(t)
	for _, c := range []struct {
		what, method, path, contentType, body string
		status                                int
		detail                                string
	}{
		{"an unknown product", "POST", "/api/cart", "application/json", `{"sku": "unicorn", "quantity": 1}`, 422, "unicorn"},
		{"no quantity", "POST", "/api/cart", "application/json", `{"sku": "brass-ruler"}`, 422, "from 1 to 99"},
		{"a thousand", "POST", "/api/cart", "application/json", `{"sku": "brass-ruler", "quantity": 1000}`, 422, "1000"},
		{"half of one", "POST", "/api/cart", "application/json", `{"sku": "brass-ruler", "quantity": 0.5}`, 400, "send an object"},
		{"no JSON", "POST", "/api/cart", "application/json", `sku=brass-ruler`, 400, "send an object"},
		{"a form", "POST", "/api/cart", "application/x-www-form-urlencoded", `sku=brass-ruler`, 415, "application/json"},
		{"an unknown route", "PUT", "/api/cart", "application/json", `{}`, 404, "PUT /api/cart"},
	} {
		status, body := call(t, server, c.method, c.path, c.contentType, c.body)
		if detail, _ := body["detail"].(string); status != c.status || !strings.Contains(detail, c.detail) {
			t.Errorf("%s: %d %v, want %d and %q", c.what, status, body, c.status, c.detail)
		}
	}
	if calls := meter.Usage().Calls; calls != 0 {
		t.Errorf("all that cost %d calls of DynamoDB", calls)
	}

	full := `{"sku": "brass-ruler", "quantity": 99}`
	call(t, server, "POST", "/api/cart", "application/json", full)
	if status, body := call(t, server, "POST", "/api/cart", "application/json", full); status != 422 {
		t.Errorf("twice 99: %d %v", status, body)
	}
	if _, body := call(t, server, "GET", "/api/cart", "", ""); body["items"] != 99.0 {
		t.Errorf("the cart after that: %v", body)
	}
}
