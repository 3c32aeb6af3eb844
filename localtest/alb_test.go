package localtest_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/localtest"
)

func TestALBEvent(t *testing.T) {
	t.Parallel()

	t.Run("has one value for each name, the last", func(t *testing.T) {
		t.Parallel()
		event := eventOf(t, localtest.ALB, get("/?a=1&a=2&b", http.Header{"Accept": {"text/html", "text/plain"}}))
		got := []any{event["queryStringParameters"], event["headers"].(map[string]any)["accept"]}
		if diff := cmp.Diff([]any{map[string]any{"a": "2", "b": ""}, "text/plain"}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		for _, name := range []string{"multiValueHeaders", "multiValueQueryStringParameters"} {
			if value, ok := event[name]; ok {
				t.Errorf("%s is %v", name, value)
			}
		}
	})

	t.Run("has lists of values where that is switched on", func(t *testing.T) {
		t.Parallel()
		event := eventOf(t, localtest.ALBMultiValue, get("/?a=1&a=2&b", http.Header{"Accept": {"text/html", "text/plain"}}))
		got := []any{event["multiValueQueryStringParameters"], event["multiValueHeaders"].(map[string]any)["accept"]}
		want := []any{map[string]any{"a": []any{"1", "2"}, "b": []any{""}}, []any{"text/html", "text/plain"}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		for _, name := range []string{"headers", "queryStringParameters"} {
			if value, ok := event[name]; ok {
				t.Errorf("%s is %v", name, value)
			}
		}
	})

	t.Run("has parameters even if there are none", func(t *testing.T) {
		t.Parallel()
		event := eventOf(t, localtest.ALB, get("/", nil))
		got := []any{event["queryStringParameters"], event["body"], event["isBase64Encoded"]}
		if diff := cmp.Diff([]any{map[string]any{}, "", false}, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})

	t.Run("has path and parameters as they came, encoded", func(t *testing.T) {
		t.Parallel()
		event := eventOf(t, localtest.ALB, get("/tea%20for%20two?a%5B%5D=%2B+%26&&b=c=d", nil))
		got := []any{event["path"], event["queryStringParameters"]}
		want := []any{"/tea%20for%20two", map[string]any{"a%5B%5D": "%2B+%26", "b": "c=d"}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})

	t.Run("has a body in base64 unless its type is text", func(t *testing.T) {
		t.Parallel()
		for contentType, want := range map[string][]any{
			"application/json": {"a=<1>", false},
			"image/png":        {"YT08MT4=", true},
		} {
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("a=<1>"))
			r.Header.Set("Content-Type", contentType)
			event := eventOf(t, localtest.ALB, r)
			if diff := cmp.Diff(want, []any{event["body"], event["isBase64Encoded"]}); diff != "" {
				t.Errorf("%s (-want +got):\n%s", contentType, diff)
			}
		}
	})
}

const badGateway = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"

func TestALBAnswer(t *testing.T) {
	t.Parallel()
	octets, html := http.Header{"Content-Type": {"application/octet-stream"}}, http.Header{"Content-Type": {"text/html"}}

	t.Run("with single values", func(t *testing.T) {
		t.Parallel()
		testAnswers(t, localtest.ALB, []answerTest{
			{
				"status, headers and body go out", `{"statusCode":404,"statusDescription":"404 Not Found","headers":{"content-type":"text/plain","X-A":"1, 2"},"body":"no"}`,
				404, "no",
				http.Header{"Content-Type": {"text/plain"}, "X-A": {"1, 2"}},
			},
			{
				"of names that differ in case alone one goes out", `{"statusCode":200,"headers":{"Set-Cookie":"a=1","set-cookie":"b=2"}}`,
				200, "",
				http.Header{"Content-Type": {"application/octet-stream"}, "Set-Cookie": {"b=2"}},
			},
			{
				"multiple values beside them have no effect", `{"statusCode":200,"headers":{"X-A":"1"},"multiValueHeaders":{"X-B":["2"]}}`,
				200, "",
				http.Header{"Content-Type": {"application/octet-stream"}, "X-A": {"1"}},
			},
			{"a base64 body is decoded", `{"statusCode":200,"isBase64Encoded":true,"body":"AAH/"}`, 200, "\x00\x01\xff", octets},
			{"members that are not known have no effect", `{"statusCode":200,"cookies":["a=1"]}`, 200, "", octets},

			{"multiple values alone are no answer", `{"statusCode":200,"headers":null,"multiValueHeaders":{"X-A":["1"]}}`, 502, badGateway, html},
			{"an object without a status is no answer", `{"hello":"world"}`, 502, badGateway, html},
			{"a string is no answer", `"<p>"`, 502, badGateway, html},
			{"a body that is not base64 is no answer", `{"statusCode":200,"isBase64Encoded":true,"body":"<p>"}`, 502, badGateway, html},
		})
	})

	t.Run("with multiple values", func(t *testing.T) {
		t.Parallel()
		testAnswers(t, localtest.ALBMultiValue, []answerTest{
			{
				"every value goes out", `{"statusCode":200,"multiValueHeaders":{"Set-Cookie":["a=1","b=2"]}}`,
				200, "",
				http.Header{"Content-Type": {"application/octet-stream"}, "Set-Cookie": {"a=1", "b=2"}},
			},
			{
				"single values beside them have no effect", `{"statusCode":200,"headers":{"X-A":"1"},"multiValueHeaders":{"X-B":["2"]}}`,
				200, "",
				http.Header{"Content-Type": {"application/octet-stream"}, "X-B": {"2"}},
			},
			{"single values alone are no answer", `{"statusCode":200,"headers":{"X-A":"1"},"multiValueHeaders":null}`, 502, badGateway, html},
			{"no headers at all are an answer", `{"statusCode":200,"headers":null,"multiValueHeaders":null,"body":"ok"}`, 200, "ok", octets},
		})
	})
}
