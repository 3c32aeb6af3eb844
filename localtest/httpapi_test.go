package localtest_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/localtest"
)

func TestHTTPAPIEvent(t *testing.T) {
	t.Parallel()

	t.Run("leaves out what the request does not have", func(t *testing.T) {
		t.Parallel()
		event := eventOf(t, localtest.HTTPAPI, get("/", nil))
		for _, absent := range []string{"cookies", "queryStringParameters", "pathParameters", "stageVariables", "body"} {
			if value, ok := event[absent]; ok {
				t.Errorf("%s is %v", absent, value)
			}
		}
		if event["rawQueryString"] != "" || event["isBase64Encoded"] != false {
			t.Errorf("rawQueryString is %q, isBase64Encoded %v", event["rawQueryString"], event["isBase64Encoded"])
		}
	})

	t.Run("says which route and stage it came by", func(t *testing.T) {
		t.Parallel()
		event := eventOf(t, localtest.HTTPAPI, localtest.WithRoute(get("/live/products/7", nil), localtest.Route{Key: "GET /products/{id}", Stage: "live"}))
		context := event["requestContext"].(map[string]any)
		got := []any{event["routeKey"], context["routeKey"], context["stage"], event["rawPath"]}
		if diff := cmp.Diff([]any{"GET /products/{id}", "GET /products/{id}", "live", "/live/products/7"}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})

	t.Run("has paths and parameters decoded, and the query string as it came", func(t *testing.T) {
		t.Parallel()
		event := eventOf(t, localtest.HTTPAPI, get("/tea%20for%20two?a=%2B+%26&b&a=<", nil))
		got := []any{event["rawPath"], event["rawQueryString"], event["queryStringParameters"]}
		want := []any{"/tea for two", "a=%2B+%26&b&a=<", map[string]any{"a": "+ &,<", "b": ""}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})

	t.Run("escapes nothing that JSON does not make it", func(t *testing.T) {
		t.Parallel()
		through(localtest.HTTPAPI, invokerFunc(func(_ context.Context, event []byte) ([]byte, error) {
			if !strings.Contains(string(event), `"rawQueryString":"q=<&>"`) {
				t.Errorf("event %s", event)
			}
			return nil, nil
		}), get("/?q=<&>", nil))
	})

	t.Run("has names of headers in lower case, repeated ones joined, and none of the connection", func(t *testing.T) {
		t.Parallel()
		r := get("http://shop.example:8443/", http.Header{
			"Accept": {"text/html", "text/*;q=0.5"}, "X-Custom": {"a, b"},
			"Connection": {"keep-alive"}, "Te": {"trailers"}, "Upgrade": {"h2c"}, "Cookie": {"a=1"},
		})
		headers := eventOf(t, localtest.HTTPAPI, r)["headers"].(map[string]any)
		trace, _ := headers["x-amzn-trace-id"].(string)
		if !strings.HasPrefix(trace, "Root=1-") || strings.Contains(trace, ";") {
			t.Errorf("x-amzn-trace-id is %q", trace)
		}
		delete(headers, "x-amzn-trace-id")
		want := map[string]any{
			"accept": "text/html,text/*;q=0.5", "x-custom": "a, b",
			"content-length": "0", "host": "shop.example:8443",
			"x-forwarded-for": "192.0.2.1", "x-forwarded-port": "8443", "x-forwarded-proto": "http",
		}
		if diff := cmp.Diff(want, headers); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})

	t.Run("says by which protocol and port the client came", func(t *testing.T) {
		t.Parallel()
		headers := eventOf(t, localtest.HTTPAPI, get("https://shop.example/", nil))["headers"].(map[string]any)
		if got := headers["x-forwarded-proto"]; got != "https" {
			t.Errorf("x-forwarded-proto is %q", got)
		}
		if got := headers["x-forwarded-port"]; got != "443" {
			t.Errorf("x-forwarded-port is %q", got)
		}
	})

	t.Run("adds the client to those that the request was forwarded for", func(t *testing.T) {
		t.Parallel()
		headers := eventOf(t, localtest.HTTPAPI, get("/", http.Header{"X-Forwarded-For": {"203.0.113.9"}}))["headers"].(map[string]any)
		if got := headers["x-forwarded-for"]; got != "203.0.113.9, 192.0.2.1" {
			t.Errorf("x-forwarded-for is %q", got)
		}
	})

	t.Run("has the cookies one by one, as they came", func(t *testing.T) {
		t.Parallel()
		event := eventOf(t, localtest.HTTPAPI, get("/", http.Header{"Cookie": {`a=1; b="x y";c=%3B`, "; d=a=b; a=2"}}))
		want := []any{"a=1", `b="x y"`, "c=%3B", "d=a=b", "a=2"}
		if diff := cmp.Diff(want, event["cookies"]); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})

	t.Run("has a body in base64 unless its type is text", func(t *testing.T) {
		t.Parallel()
		for contentType, want := range map[string]bool{
			"text/html; charset=utf-8":          false,
			"application/json":                  false,
			"Application/JSON;charset=utf-8":    false,
			"application/xml":                   false,
			"application/javascript":            false,
			"application/x-www-form-urlencoded": true,
			"multipart/form-data; boundary=x":   true,
			"application/octet-stream":          true,
			"application/problem+json":          true,
			"":                                  true,
		} {
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("a=<1>"))
			r.Header.Set("Content-Type", contentType)
			event := eventOf(t, localtest.HTTPAPI, r)
			body := map[bool]string{false: "a=<1>", true: "YT08MT4="}[want]
			if event["isBase64Encoded"] != want || event["body"] != body {
				t.Errorf("%q: isBase64Encoded is %v, body %q", contentType, event["isBase64Encoded"], event["body"])
			}
			if length := event["headers"].(map[string]any)["content-length"]; length != "5" {
				t.Errorf("%q: content-length is %q", contentType, length)
			}
		}
	})

	t.Run("has a compressed body in base64, whatever its type", func(t *testing.T) {
		t.Parallel()
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("\x1f\x8b\x08"))
		r.Header = http.Header{"Content-Type": {"text/plain"}, "Content-Encoding": {"gzip"}}
		if event := eventOf(t, localtest.HTTPAPI, r); event["isBase64Encoded"] != true || event["body"] != "H4sI" {
			t.Errorf("isBase64Encoded is %v, body %q", event["isBase64Encoded"], event["body"])
		}
	})
}
