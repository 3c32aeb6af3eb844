package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/template"
)

// named is a function that answers with its name and what its event says of the
// route.
type named string

func (n named) Invoke(_ context.Context, payload []byte) ([]byte, error) {
	var event struct {
		RouteKey       string
		PathParameters map[string]string
	}
	if err := json.Unmarshal(payload, &event); err != nil {
		return nil, err
	}
	body, err := json.Marshal(event.PathParameters)
	if err != nil {
		return nil, err
	}
	return json.Marshal(map[string]any{"statusCode": 200, "body": string(n) + " " + event.RouteKey + " " + string(body)})
}

func TestRouter(t *testing.T) {
	t.Parallel()
	var api router
	for name, routes := range map[string][]template.Route{
		"shop": {
			{},
			{Method: "GET", Path: "/"},
			{Method: "GET", Path: "/orders/{id}"},
			{Method: "ANY", Path: "/orders/{id}"},
			{Method: "GET", Path: "/orders/new"},
		},
		"admin": {
			{Method: "ANY", Path: "/admin/{proxy+}"},
			{Method: "GET", Path: "/admin/{page}"},
		},
	} {
		api.add(template.Function{ID: name, Routes: routes}, named(name))
	}
	for _, c := range []struct{ name, method, target, want string }{
		{"a path is matched whole", "GET", "/", `shop GET / null`},
		{"what no route takes goes to $default", "GET", "/cart", `shop $default null`},
		{"a method without a route goes to $default", "POST", "/", `shop $default null`},
		{"a variable is handed over", "GET", "/orders/17", `shop GET /orders/{id} {"id":"17"}`},
		{"a variable is decoded", "GET", "/orders/a%2Fb%20c", `shop GET /orders/{id} {"id":"a/b c"}`},
		{"a variable is not empty", "GET", "/orders/", `shop $default null`},
		{"a plain segment goes before a variable", "GET", "/orders/new", `shop GET /orders/new null`},
		{"a method goes before any method", "PUT", "/orders/new", `shop ANY /orders/{id} {"id":"new"}`},
		{"a greedy variable takes the rest", "POST", "/admin/users/7", `admin ANY /admin/{proxy+} {"proxy":"users/7"}`},
		{"a greedy variable takes at least one segment", "GET", "/admin", `shop $default null`},
		{"a variable goes before a greedy one", "GET", "/admin/users", `admin GET /admin/{page} {"page":"users"}`},
		{"the query is no part of the path", "GET", "/?a=/orders/1", `shop GET / null`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := httptest.NewRecorder()
			api.ServeHTTP(w, httptest.NewRequest(c.method, c.target, nil))
			if diff := cmp.Diff(c.want, w.Body.String()); diff != "" {
				t.Error(diff)
			}
		})
	}

	t.Run("without $default, what no route takes is not found", func(t *testing.T) {
		t.Parallel()
		var api router
		api.add(template.Function{ID: "shop", Routes: []template.Route{{Method: "GET", Path: "/"}}}, named("shop"))
		w := httptest.NewRecorder()
		api.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/cart", nil))
		body, err := io.ReadAll(w.Result().Body)
		if err != nil {
			t.Fatal(err)
		}
		if w.Code != http.StatusNotFound || strings.TrimSpace(string(body)) != `{"message":"Not Found"}` {
			t.Errorf("got %d %s", w.Code, body)
		}
	})
}
