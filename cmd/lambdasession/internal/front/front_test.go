package front

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/template"
	"github.com/lambdasession/lambdasession-go/localtest"
)

// open makes a front of functions with their invokers.
func open(t *testing.T, functions []template.Function, invokers map[string]localtest.Invoker) *Front {
	t.Helper()
	f, err := New(Config{Functions: functions, Invokers: invokers})
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// alone makes a front of one function with one route.
func alone(t *testing.T, route template.Route, handler any) *Front {
	t.Helper()
	return open(t,
		[]template.Function{{ID: "Shop", Routes: []template.Route{route}}},
		map[string]localtest.Invoker{"Shop": localtest.InProcess(handler, t.Output())})
}

// ask asks a front without a network. A target without a host is at localhost.
func ask(f *Front, method, target string) *httptest.ResponseRecorder {
	if strings.HasPrefix(target, "/") {
		target = "http://localhost:3000" + target
	}
	w := httptest.NewRecorder()
	f.ServeHTTP(w, httptest.NewRequest(method, target, nil))
	return w
}

func wantReply(t *testing.T, got *httptest.ResponseRecorder, status int, body string) {
	t.Helper()
	if got.Code != status || strings.TrimSpace(got.Body.String()) != body {
		t.Errorf("got  %d %q\nwant %d %q", got.Code, got.Body, status, body)
	}
}

// said is what a function says of its event.
func said(parts ...any) string { return strings.TrimSpace(fmt.Sprintln(parts...)) }

func TestEachServiceHasItsEvents(t *testing.T) {
	t.Parallel()
	payload1 := func(_ context.Context, e events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error) {
		return events.APIGatewayProxyResponse{StatusCode: 200, Body: said(
			e.HTTPMethod, e.Resource, e.Path, e.PathParameters["id"], e.RequestContext.Stage, e.RequestContext.Path, e.MultiValueQueryStringParameters["a"],
		)}, nil
	}
	for _, c := range []struct {
		name    string
		route   template.Route
		handler any
		want    string
	}{
		{
			"an HTTP API",
			template.Route{Service: template.HTTPAPI, API: "ServerlessHttpApi", Stage: "$default", Method: "GET", Path: "/orders/{id}"},
			func(_ context.Context, e events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
				return events.APIGatewayV2HTTPResponse{StatusCode: 200, Body: said(
					e.Version, e.RouteKey, e.RawPath, e.PathParameters["id"], e.RequestContext.Stage, e.RawQueryString,
				)}, nil
			},
			"2.0 GET /orders/{id} /orders/a b a b $default a=1&a=2",
		},
		{
			"an HTTP API in the older format",
			template.Route{Service: template.HTTPAPI1, API: "Web", Stage: "live", Method: "ANY", Path: "/orders/{id}"},
			payload1,
			"GET /orders/{id} /orders/a b a b live /orders/a b [1 2]",
		},
		{
			"a REST API",
			template.Route{Service: template.REST, API: "ServerlessRestApi", Stage: "Prod", Method: "GET", Path: "/orders/{id}"},
			payload1,
			"GET /orders/{id} /orders/a%20b a%20b Prod /orders/a%20b [1 2]",
		},
		{
			"a REST API whose paths look like its stage",
			template.Route{Service: template.REST, API: "ServerlessRestApi", Stage: "orders", Method: "GET", Path: "/orders/{id}"},
			payload1,
			"GET /orders/{id} /orders/a%20b a%20b orders /orders/a%20b [1 2]",
		},
		{
			"a REST API that streams",
			template.Route{Service: template.RESTStreaming, API: "ServerlessRestApi", Stage: "Prod", Method: "GET", Path: "/orders/{id}"},
			func(_ context.Context, e events.APIGatewayProxyRequest) (*events.APIGatewayProxyStreamingResponse, error) {
				return &events.APIGatewayProxyStreamingResponse{StatusCode: 200, Body: strings.NewReader(said(e.Path, e.PathParameters["id"]))}, nil
			},
			"/orders/a%20b a%20b",
		},
		{
			"a function URL",
			template.Route{Service: template.FunctionURL},
			func(_ context.Context, e events.LambdaFunctionURLRequest) (events.LambdaFunctionURLResponse, error) {
				return events.LambdaFunctionURLResponse{StatusCode: 200, Body: said(
					e.Version, e.RequestContext.HTTP.Method, e.RawPath, e.RawQueryString, e.RequestContext.DomainName,
				)}, nil
			},
			"2.0 GET /orders/a%20b a=1&a=2 localhost:3000",
		},
		{
			"a function URL that streams",
			template.Route{Service: template.FunctionURLStreaming},
			func(_ context.Context, e events.LambdaFunctionURLRequest) (*events.LambdaFunctionURLStreamingResponse, error) {
				return &events.LambdaFunctionURLStreamingResponse{StatusCode: 200, Body: strings.NewReader(said(e.RawPath))}, nil
			},
			"/orders/a%20b",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			wantReply(t, ask(alone(t, c.route, c.handler), "GET", "/orders/a%20b?a=1&a=2"), 200, c.want)
		})
	}
}

// ok is a handler that answers so that every service takes it.
func ok(context.Context, json.RawMessage) (map[string]any, error) {
	return map[string]any{"statusCode": 200, "body": "ok"}, nil
}

func TestNew(t *testing.T) {
	t.Parallel()

	t.Run("a function without an invoker is named", func(t *testing.T) {
		t.Parallel()
		_, err := New(Config{Functions: []template.Function{{ID: "Shop", Routes: []template.Route{{Service: template.HTTPAPI}}}}})
		if err == nil || err.Error() != "front: there is no Invoker of Shop" {
			t.Errorf("got %v", err)
		}
	})

	t.Run("routes that are there twice are refused", func(t *testing.T) {
		t.Parallel()
		route := template.Route{Service: template.HTTPAPI, Line: 7}
		if _, err := New(Config{Functions: []template.Function{{ID: "Shop", Routes: []template.Route{route, route}}}}); err == nil {
			t.Error("there is a front")
		}
	})
}

func TestWhoWatches(t *testing.T) {
	t.Parallel()
	type requestKey struct{}
	var matched []string
	var refused []string
	f, err := New(Config{
		Functions: []template.Function{{ID: "Shop", Routes: []template.Route{{Service: template.REST, Stage: "Prod", Method: "ANY", Path: "/{proxy+}"}}}},
		Invokers: map[string]localtest.Invoker{"Shop": localtest.InProcess(func(context.Context, json.RawMessage) (string, error) {
			return "hello", nil
		}, t.Output())},
		Matched: func(r *http.Request, m Match) {
			matched = append(matched, said(r.URL.Path, r.Context().Value(requestKey{}), m.Function, m.Service, m.Route))
		},
		Refused: func(ctx context.Context, m Match, why error) {
			refused = append(refused, said(ctx.Value(requestKey{}), m.Function, why))
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.WithValue(t.Context(), requestKey{}, "#1")
	w := httptest.NewRecorder()
	f.ServeHTTP(w, httptest.NewRequestWithContext(ctx, "GET", "/cart", nil))
	f.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, "GET", "/", nil)) // no route
	wantReply(t, w, 502, `{"message": "Internal server error"}`)
	if diff := cmp.Diff([]string{"/cart #1 Shop REST API ANY /{proxy+}"}, matched); diff != "" {
		t.Errorf("matched (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{`#1 Shop the answer is refused: it is not a JSON object: "\"hello\""`}, refused); diff != "" {
		t.Errorf("refused (-want +got):\n%s", diff)
	}
}

func TestRequestsAtOnceDoNotMix(t *testing.T) {
	t.Parallel()
	var functions []template.Function
	invokers := map[string]localtest.Invoker{}
	for i, service := range []template.Service{template.HTTPAPI, template.HTTPAPI1, template.REST, template.FunctionURL} {
		id := fmt.Sprintf("F%d", i)
		route := template.Route{Service: service, Stage: "x", Method: "GET", Path: fmt.Sprintf("/%d/{id}", i)}
		if service.IsFunctionURL() {
			route = template.Route{Service: service}
		}
		functions = append(functions, template.Function{ID: id, Routes: []template.Route{route}})
		invokers[id] = localtest.InProcess(func(_ context.Context, e struct{ Path, RawPath string }) (map[string]any, error) {
			return map[string]any{"statusCode": 200, "body": id + e.Path + e.RawPath}, nil
		}, t.Output())
	}
	server := httptest.NewServer(open(t, functions, invokers))
	defer server.Close()
	defer server.Client().CloseIdleConnections()
	var wait sync.WaitGroup
	for n := range 64 {
		wait.Go(func() {
			i := n % 4
			path := fmt.Sprintf("/%d/%d", i, n)
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+path, nil)
			if err != nil {
				t.Error(err)
				return
			}
			if i == 3 {
				r.Host = "f3.localhost"
			}
			if got := bodyOf(t, server.Client(), r); got != fmt.Sprintf("F%d%s", i, path) {
				t.Errorf("%s: %q", path, got)
			}
		})
	}
	wait.Wait()
}
