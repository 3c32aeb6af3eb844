package localtest_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/localtest"
)

func TestRESTEvent(t *testing.T) {
	t.Parallel()

	t.Run("says null of what the request does not have", func(t *testing.T) {
		t.Parallel()
		event := eventOf(t, localtest.REST, get("/", nil))
		for _, name := range []string{
			"queryStringParameters", "multiValueQueryStringParameters", "pathParameters", "stageVariables", "body",
		} {
			if value, ok := event[name]; !ok || value != nil {
				t.Errorf("%s is %v", name, value)
			}
		}
		if event["isBase64Encoded"] != false {
			t.Errorf("isBase64Encoded is %v", event["isBase64Encoded"])
		}
	})

	t.Run("has the path and its parameters as they came, and those of the query decoded", func(t *testing.T) {
		t.Parallel()
		event := eventOf(t, localtest.REST, get("/tea%20for%2Ftwo?a=%2B+%26&b&a=%3C", nil))
		got := []any{
			event["path"], event["requestContext"].(map[string]any)["path"], event["pathParameters"],
			event["queryStringParameters"], event["multiValueQueryStringParameters"],
		}
		want := []any{
			"/tea%20for%2Ftwo", "/tea%20for%2Ftwo",
			map[string]any{"proxy": "tea%20for%2Ftwo"},
			map[string]any{"a": "<", "b": ""},
			map[string]any{"a": []any{"+ &", "<"}, "b": []any{""}},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})

	t.Run("has the stage in front of the path only if the client had it there", func(t *testing.T) {
		t.Parallel()
		for _, test := range []struct{ sent, stage, path, resource string }{
			{"/cart", "", "/cart", "/{proxy+}"},
			{"/prod/cart", "", "/prod/cart", "/{proxy+}"},
			{"/live/cart", "live", "/cart", "/{proxy+}"},
			{"/live/", "live", "/", "/"},
			{"/live", "live", "/", "/"},
			{"/lively/cart", "live", "/lively/cart", "/{proxy+}"}, // with a domain name of its own
		} {
			event := eventOf(t, localtest.REST, localtest.WithRoute(get(test.sent, nil), localtest.Route{Stage: test.stage}))
			context := event["requestContext"].(map[string]any)
			got := []any{event["path"], context["path"], context["stage"], event["resource"], context["resourcePath"]}
			stage := test.stage
			if stage == "" {
				stage = "prod"
			}
			if diff := cmp.Diff([]any{test.path, test.sent, stage, test.resource, test.resource}, got); diff != "" {
				t.Errorf("%s on stage %q (-want +got):\n%s", test.sent, test.stage, diff)
			}
		}
	})

	t.Run("has the whole path if the API has a domain name of its own", func(t *testing.T) {
		t.Parallel()
		event := eventOf(t, localtest.REST, localtest.WithRoute(get("/live/cart", nil), localtest.Route{Stage: "live", CustomDomain: true}))
		context := event["requestContext"].(map[string]any)
		got := []any{event["path"], context["path"], context["stage"]}
		if diff := cmp.Diff([]any{"/live/cart", "/live/cart", "live"}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})

	t.Run("says which resource it came by", func(t *testing.T) {
		t.Parallel()
		event := eventOf(t, localtest.REST, localtest.WithRoute(get("/products/7", nil), localtest.Route{
			Key: "GET /products/{id}", PathParameters: map[string]string{"id": "7"}, StageVariables: map[string]string{"colour": "blue"},
		}))
		got := []any{event["resource"], event["pathParameters"], event["stageVariables"]}
		want := []any{"/products/{id}", map[string]any{"id": "7"}, map[string]any{"colour": "blue"}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})

	t.Run("has names of headers in the case that API Gateway and browsers write them", func(t *testing.T) {
		t.Parallel()
		event := eventOf(t, localtest.REST, get("/", http.Header{
			"Accept": {"text/html", "text/*;q=0.5"}, "Cookie": {"a=1; b=2"}, "User-Agent": {"agent"},
			"X-Amzn-Trace-Id": {"Root=1-0"},
		}))
		want := map[string]any{
			"Host": []any{"example.com"}, "User-Agent": []any{"agent"}, "X-Amzn-Trace-Id": []any{"Root=1-0"},
			"X-Forwarded-For": []any{"192.0.2.1"}, "X-Forwarded-Port": []any{"80"}, "X-Forwarded-Proto": []any{"http"},
			"accept": []any{"text/html", "text/*;q=0.5"}, "cookie": []any{"a=1; b=2"},
		}
		if diff := cmp.Diff(want, event["multiValueHeaders"]); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if got := event["headers"].(map[string]any)["accept"]; got != "text/*;q=0.5" {
			t.Errorf("of two, headers has %q, want the last", got)
		}
	})

	t.Run("has a body in base64 only if it is not UTF-8", func(t *testing.T) {
		t.Parallel()
		for body, want := range map[string][]any{
			`{"tea":"<ü>"}`: {`{"tea":"<ü>"}`, false},
			"a=1&b=2":       {"a=1&b=2", false},
			"\x89PNG":       {"iVBORw==", true},
		} {
			event := eventOf(t, localtest.REST, httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body)))
			if diff := cmp.Diff(want, []any{event["body"], event["isBase64Encoded"]}); diff != "" {
				t.Errorf("%q (-want +got):\n%s", body, diff)
			}
		}
	})
}

func TestRESTAnswer(t *testing.T) {
	t.Parallel()
	const failed = `{"message": "Internal server error"}`
	testAnswers(t, localtest.REST, []answerTest{
		{
			"status, headers and body go out", `{"statusCode":404,"headers":{"content-type":"text/html","X-A":"1, 2"},"body":"<p>"}`,
			404, "<p>",
			http.Header{"Content-Type": {"text/html"}, "X-A": {"1, 2"}},
		},
		{
			"every value of a multi-value header goes out", `{"statusCode":200,"multiValueHeaders":{"Set-Cookie":["a=1","b=2"]}}`,
			200, "",
			http.Header{"Content-Type": {"application/json"}, "Set-Cookie": {"a=1", "b=2"}},
		},
		{
			"both kinds of headers are merged",
			`{"statusCode":200,"headers":{"X-A":"1"},"multiValueHeaders":{"X-B":["2","3"]}}`,
			200, "",
			http.Header{"Content-Type": {"application/json"}, "X-A": {"1"}, "X-B": {"2", "3"}},
		},
		{
			"a name that is of both kinds has only the multiple values",
			`{"statusCode":200,"headers":{"set-cookie":"a=1"},"multiValueHeaders":{"Set-Cookie":["b=2","c=3"]}}`,
			200, "",
			http.Header{"Content-Type": {"application/json"}, "Set-Cookie": {"b=2", "c=3"}},
		},
		{"a base64 body is decoded", `{"statusCode":200,"isBase64Encoded":true,"body":"AAH/"}`, 200, "\x00\x01\xff", nil},
		{"members that are null count as absent", `{"statusCode":200,"headers":null,"multiValueHeaders":null,"body":null}`, 200, "", nil},
		{"an empty object is an empty reply", `{}`, 200, "", nil},
		{
			"what belongs to the connection does not go out",
			`{"statusCode":200,"headers":{"Content-Length":"99"},"multiValueHeaders":{"keep-alive":["timeout=5"]},"body":"ok"}`,
			200, "ok", nil,
		},
		{"a 204 has no type", `{"statusCode":204}`, 204, "", http.Header{}},

		{"a member that is not known is no answer", `{"statusCode":200,"cookies":[]}`, 502, failed, nil},
		{"a member in another case is not known", `{"StatusCode":200}`, 502, failed, nil},
		{"an object of the application's own is no answer", `{"hello":"world"}`, 502, failed, nil},
		{"a string is no answer", `"<p>"`, 502, failed, nil},
		{"null is no answer", `null`, 502, failed, nil},
		{"nothing is no answer", ``, 502, failed, nil},
		{"status 0, which Go makes of none, is no answer", `{"statusCode":0}`, 502, failed, nil},
		{"a header that is no string is no answer", `{"statusCode":200,"headers":{"x":["1"]}}`, 502, failed, nil},
		{"a multi-value header that is no list is no answer", `{"statusCode":200,"multiValueHeaders":{"x":"1"}}`, 502, failed, nil},
		{"a body that is no string is no answer", `{"statusCode":200,"body":{}}`, 502, failed, nil},
		{"a body that is not base64 is no answer", `{"statusCode":200,"isBase64Encoded":true,"body":"<p>"}`, 502, failed, nil},
	})
}
