package front

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/template"
	"github.com/lambdasession/lambdasession-go/localtest"
)

// named is a function that answers with its name and what its event says of the
// route.
type named string

func (n named) Invoke(_ context.Context, payload []byte) ([]byte, error) {
	var event struct {
		RouteKey, Resource string
		PathParameters     map[string]string
	}
	if err := json.Unmarshal(payload, &event); err != nil {
		return nil, err
	}
	parameters, err := json.Marshal(event.PathParameters)
	if err != nil {
		return nil, err
	}
	return json.Marshal(map[string]any{"statusCode": 200, "body": said(string(n), event.RouteKey+event.Resource, string(parameters))})
}

// routes makes a front of functions that have these routes of one service.
func routes(t *testing.T, service template.Service, keys map[string][][2]string) *Front {
	t.Helper()
	var functions []template.Function
	invokers := map[string]localtest.Invoker{}
	for name, of := range keys {
		f := template.Function{ID: name}
		for _, key := range of {
			f.Routes = append(f.Routes, template.Route{Service: service, Stage: "Prod", Method: key[0], Path: key[1]})
		}
		functions = append(functions, f)
		invokers[name] = named(name)
	}
	return open(t, functions, invokers)
}

func TestRoutesOfHTTPAPIs(t *testing.T) {
	t.Parallel()
	api := routes(t, template.HTTPAPI, map[string][][2]string{
		"shop": {
			{"", ""},
			{"GET", "/"},
			{"GET", "/orders/{id}"},
			{"ANY", "/orders/{id}"},
			{"GET", "/orders/new"},
			{"GET", "/café"},
		},
		"admin": {
			{"ANY", "/admin/{proxy+}"},
			{"GET", "/admin/{page}"},
		},
	})
	for _, c := range []struct{ name, method, target, want string }{
		{"a path is matched whole", "GET", "/", `shop GET / null`},
		{"what no route takes goes to $default", "GET", "/cart", `shop $default null`},
		{"a method without a route goes to $default", "POST", "/", `shop $default null`},
		{"a variable is handed over", "GET", "/orders/17", `shop GET /orders/{id} {"id":"17"}`},
		{"a variable is decoded", "GET", "/orders/a%2Fb%20c", `shop GET /orders/{id} {"id":"a/b c"}`},
		{"a variable is not empty", "GET", "/orders/", `shop $default null`},
		{"a slash at the end makes another path", "GET", "/orders/17/", `shop $default null`},
		{"a plain segment goes before a variable", "GET", "/orders/new", `shop GET /orders/new null`},
		{"a plain segment is the same however it is encoded", "GET", "/caf%c3%a9", `shop GET /café null`},
		{"a method goes before any method", "PUT", "/orders/new", `shop ANY /orders/{id} {"id":"new"}`},
		{"a greedy variable takes the rest", "POST", "/admin/users/7", `admin ANY /admin/{proxy+} {"proxy":"users/7"}`},
		{"a greedy variable takes the slash at the end", "POST", "/admin/users/", `admin ANY /admin/{proxy+} {"proxy":"users/"}`},
		{"a greedy variable takes at least one segment", "GET", "/admin", `shop $default null`},
		{"a variable goes before a greedy one", "GET", "/admin/users", `admin GET /admin/{page} {"page":"users"}`},
		{"the query is no part of the path", "GET", "/?a=/orders/1", `shop GET / null`},
		{"a host that has nothing to do with localhost is the main one", "GET", "http://192.0.2.1:3000/", `shop GET / null`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			wantReply(t, ask(api, c.method, c.target), 200, c.want)
		})
	}
}

func TestRoutesOfRESTAPIs(t *testing.T) {
	t.Parallel()
	api := routes(t, template.REST, map[string][][2]string{
		"shop": {
			{"GET", "/"},
			{"GET", "/orders/{id}"},
			{"GET", "/orders/new"},
			{"POST", "/cart/"},
		},
		"rest": {{"ANY", "/{proxy+}"}},
	})
	for _, c := range []struct{ name, method, target, want string }{
		{"a path is matched whole", "GET", "/", `shop / null`},
		{"a variable is handed over as it came", "GET", "/orders/a%2Fb%20c", `shop /orders/{id} {"id":"a%2Fb%20c"}`},
		{"a slash at the end makes no difference", "GET", "/orders/17/", `shop /orders/{id} {"id":"17"}`},
		{"neither does one at the end of the route", "POST", "/cart", `shop /cart/ null`},
		{"a greedy variable goes without the slash at the end", "GET", "/a/b/", `rest /{proxy+} {"proxy":"a/b"}`},
		{"a plain segment goes before a variable", "GET", "/orders/new", `shop /orders/new null`},
		{"a path that lacks the method leaves the request to one that has it", "PUT", "/orders/new", `rest /{proxy+} {"proxy":"orders/new"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			wantReply(t, ask(api, c.method, c.target), 200, c.want)
		})
	}

	t.Run("a greedy variable does not take the root", func(t *testing.T) {
		t.Parallel()
		wantReply(t, ask(api, "POST", "/"), 403, `{"message":"Missing Authentication Token"}`)
	})
}

func TestRequestsThatNoRouteTakes(t *testing.T) {
	t.Parallel()
	route := func(service template.Service, path string) template.Function {
		return template.Function{ID: service.String(), Routes: []template.Route{{Service: service, Stage: "x", Method: "GET", Path: path}}}
	}
	http, rest, url := route(template.HTTPAPI, "/a"), route(template.REST, "/b"), template.Function{ID: "Report", Routes: []template.Route{{Service: template.FunctionURL}}}
	const notFound, noToken = `{"message":"Not Found"}`, `{"message":"Missing Authentication Token"}`
	for _, c := range []struct {
		name      string
		functions []template.Function
		status    int
		body      string
	}{
		{"an HTTP API does not find them", []template.Function{http}, 404, notFound},
		{"a REST API takes them for those of others", []template.Function{rest}, 403, noToken},
		{"beside an HTTP API they are not found", []template.Function{rest, http}, 404, notFound},
		{"a function URL elsewhere makes no difference", []template.Function{rest, url}, 403, noToken},
		{"several function URLs have nothing at the main host", []template.Function{url, {ID: "Other", Routes: url.Routes}}, 404, notFound},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			invokers := map[string]localtest.Invoker{}
			for _, f := range c.functions {
				invokers[f.ID] = localtest.InProcess(ok, t.Output())
			}
			got := ask(open(t, c.functions, invokers), "GET", "/c")
			wantReply(t, got, c.status, c.body)
			if kind := got.Header().Get("Content-Type"); kind != "application/json" {
				t.Errorf("Content-Type %q", kind)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	t.Parallel()
	function := func(id string, line int, service template.Service, method, path string) template.Function {
		return template.Function{ID: id, Routes: []template.Route{{Service: service, Method: method, Path: path, Line: line}}}
	}
	shop := function("Shop", 3, template.HTTPAPI, "GET", "/orders/{id}")
	for _, c := range []struct {
		name  string
		other template.Function
		want  string
	}{
		{"another path is another route", function("Blog", 9, template.HTTPAPI, "GET", "/orders/{id}/lines"), ""},
		{"another method is another route", function("Blog", 9, template.HTTPAPI, "ANY", "/orders/{id}"), ""},
		{"a route that is there already is refused", function("Blog", 9, template.HTTPAPI, "GET", "/orders/{id}"), "line 9: Blog has the route GET /orders/{id}, which Shop has already at line 3: run one of them with --function"},
		{"the name of a variable makes no difference", function("Blog", 9, template.HTTPAPI, "GET", "/orders/{order}"), "line 9: Blog has the route GET /orders/{order}, which Shop has already at line 3: run one of them with --function"},
		{"nor does the kind of the API", function("Blog", 9, template.REST, "GET", "/orders/{id}/"), "line 9: Blog has the route GET /orders/{id}/, which Shop has already at line 3: run one of them with --function"},
		{"a function may not have a route twice either", function("Shop", 9, template.REST, "GET", "/orders/{id}"), "line 9: Shop has the route GET /orders/{id} already, at line 3: one port serves all APIs, so each route goes to one of them"},
		{"a function URL is no route", function("Blog", 9, template.FunctionURL, "", ""), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			err := Check([]template.Function{shop, c.other})
			if (err == nil) != (c.want == "") || err != nil && err.Error() != c.want {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}
