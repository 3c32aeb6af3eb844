package localtest_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/localtest"
)

func TestHTTPAPI1Event(t *testing.T) {
	t.Parallel()

	t.Run("has the path decoded, unlike a REST API's", func(t *testing.T) {
		t.Parallel()
		event := eventOf(t, localtest.HTTPAPI1, get("/tea%20for%20two", nil))
		got := []any{event["path"], event["requestContext"].(map[string]any)["path"], event["resource"], event["pathParameters"]}
		if diff := cmp.Diff([]any{"/tea for two", "/tea for two", "$default", nil}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})

	t.Run("has a form in base64, unlike a REST API's", func(t *testing.T) {
		t.Parallel()
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("a=<1>"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		event := eventOf(t, localtest.HTTPAPI1, r)
		if diff := cmp.Diff([]any{"YT08MT4=", true}, []any{event["body"], event["isBase64Encoded"]}); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if length := event["headers"].(map[string]any)["Content-Length"]; length != "5" {
			t.Errorf("Content-Length is %q", length)
		}
	})

	t.Run("has the last of several values, and all of them", func(t *testing.T) {
		t.Parallel()
		event := eventOf(t, localtest.HTTPAPI1, get("/?a=1&a=2", http.Header{"Cookie": {"a=1", "b=2"}}))
		got := []any{
			event["queryStringParameters"], event["multiValueQueryStringParameters"],
			event["headers"].(map[string]any)["cookie"], event["multiValueHeaders"].(map[string]any)["cookie"],
		}
		want := []any{map[string]any{"a": "2"}, map[string]any{"a": []any{"1", "2"}}, "b=2", []any{"a=1", "b=2"}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func TestHTTPAPI1Answer(t *testing.T) {
	t.Parallel()
	const (
		plain  = "text/plain; charset=utf-8"
		failed = `{"message":"Internal Server Error"}`
	)
	testAnswers(t, localtest.HTTPAPI1, []answerTest{
		{
			"both kinds of headers are merged",
			`{"statusCode":201,"headers":{"X-A":"1","set-cookie":"a=1"},"multiValueHeaders":{"Set-Cookie":["b=2","c=3"]},"body":"ok"}`,
			201, "ok",
			http.Header{"Content-Type": {plain}, "X-A": {"1"}, "Set-Cookie": {"b=2", "c=3"}},
		},
		{"cookies have no effect", `{"statusCode":200,"cookies":["a=1"]}`, 200, "", http.Header{"Content-Type": {plain}}},
		{"a base64 body is decoded", `{"statusCode":200,"isBase64Encoded":true,"body":"AAH/"}`, 200, "\x00\x01\xff", http.Header{"Content-Type": {plain}}},
		{"nothing is inferred from an object without a status", `{"hello":"world"}`, 500, failed, nil},
		{"nothing is inferred from a string", `"<p>"`, 500, failed, nil},
		{"status 0, which Go makes of none, is no answer", `{"statusCode":0}`, 500, failed, nil},
	})
}
