package localtest_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/localtest"
)

func TestFunctionURLEvent(t *testing.T) {
	t.Parallel()

	t.Run("has the cookies one by one, and their header as well", func(t *testing.T) {
		t.Parallel()
		event := eventOf(t, localtest.FunctionURL, get("/", http.Header{"Cookie": {`a=1; b="x y"`, "c=3"}}))
		got := []any{event["cookies"], event["headers"].(map[string]any)["cookie"]}
		want := []any{[]any{"a=1", `b="x y"`, "c=3"}, `a=1; b="x y"; c=3`}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})

	t.Run("has the raw path as it came, and the path decoded", func(t *testing.T) {
		t.Parallel()
		event := eventOf(t, localtest.FunctionURL, get("/tea%20for%2Ftwo?a=%2B+%26&a=<", nil))
		got := []any{
			event["rawPath"], event["requestContext"].(map[string]any)["http"].(map[string]any)["path"],
			event["rawQueryString"], event["queryStringParameters"],
		}
		want := []any{"/tea%20for%2Ftwo", "/tea for/two", "a=%2B+%26&a=<", map[string]any{"a": "+ &,<"}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})

	t.Run("leaves out what the request does not have", func(t *testing.T) {
		t.Parallel()
		event := eventOf(t, localtest.FunctionURL, get("/", nil))
		for _, absent := range []string{"cookies", "queryStringParameters", "pathParameters", "stageVariables", "body"} {
			if value, ok := event[absent]; ok {
				t.Errorf("%s is %v", absent, value)
			}
		}
	})
}

func TestFunctionURLAnswer(t *testing.T) {
	t.Parallel()
	const failed = "Internal Server Error"
	testAnswers(t, localtest.FunctionURL, []answerTest{
		{
			"status, headers, cookies and body go out",
			`{"statusCode":201,"headers":{"content-type":"text/html"},"cookies":["a=1","b=2"],"body":"<p>"}`,
			201, "<p>",
			http.Header{"Content-Type": {"text/html"}, "Set-Cookie": {"a=1", "b=2"}},
		},
		{"a body without a type is of JSON", `{"statusCode":200,"body":"<p>"}`, 200, "<p>", nil},
		{"a base64 body is decoded", `{"statusCode":200,"isBase64Encoded":true,"body":"AAH/"}`, 200, "\x00\x01\xff", nil},
		{"an object without a status is a body of JSON", `{"hello":["world"]}`, 200, `{"hello":["world"]}`, nil},
		{"a string is a body", `"<p>"`, 200, `<p>`, nil},
		{"status 0, which Go makes of none, is no answer", `{"statusCode":0}`, 502, failed, nil},
		{"a body that is no string is no answer", `{"statusCode":200,"body":{}}`, 502, failed, nil},
	})
}
