package localtest_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lambdasession/lambdasession-go/localtest"
)

func TestStreamsEnd(t *testing.T) {
	t.Parallel()

	t.Run("a function that is late is cut off", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			fn := streamInvoker(func(ctx context.Context, pass func(string, io.Reader) error) error {
				return pass("text/plain", io.MultiReader(strings.NewReader("half"), waiting{ctx}))
			})
			began := time.Now()
			recorder := httptest.NewRecorder()
			defer func() {
				if p := recover(); p != http.ErrAbortHandler {
					t.Errorf("panic: %v", p)
				}
				if waited := time.Since(began); waited != 15*time.Minute || recorder.Body.String() != "half" {
					t.Errorf("after %v, with %q", waited, recorder.Body)
				}
			}()
			localtest.Gateway(localtest.FunctionURLStreaming, fn).ServeHTTP(recorder, get("/", nil))
			t.Error("it was not")
		})
	})

	t.Run("a stream of more than 200 MB is cut off", func(t *testing.T) {
		t.Parallel()
		for extra, cut := range map[int64]bool{0: false, 1: true} {
			fn := streamInvoker(func(_ context.Context, pass func(string, io.Reader) error) error {
				return pass("text/plain", io.LimitReader(endless{}, 200<<20+extra))
			})
			func() {
				defer func() {
					if p := recover(); (p == http.ErrAbortHandler) != cut {
						t.Errorf("%d bytes more: panic: %v", extra, p)
					}
				}()
				localtest.Gateway(localtest.FunctionURLStreaming, fn).ServeHTTP(discarding{}, get("/", nil))
			}()
		}
	})
}

func TestPreludes(t *testing.T) {
	t.Parallel()
	const failed = "Internal Server Error"
	testAnswers(t, localtest.FunctionURLStreaming, []answerTest{
		{
			"status, headers and cookies go out, and the body after them",
			`{"statusCode":201,"headers":{"content-type":"text/html","x-a":"1"},"cookies":["a=1","b=2"]}` + delimiter + "<p>",
			201, "<p>",
			http.Header{"Content-Type": {"text/html"}, "X-A": {"1"}, "Set-Cookie": {"a=1", "b=2"}},
		},
		{"a prelude of nothing is a 200 of octets", `{}` + delimiter + "x", 200, "x", http.Header{"Content-Type": {"application/octet-stream"}}},
		{"a body may begin with zero bytes", `{}` + delimiter + "\x00\x00x", 200, "\x00\x00x", http.Header{"Content-Type": {"application/octet-stream"}}},
		{
			"neither what belongs to the connection nor a length goes out", `{"headers":{"content-length":"99","keep-alive":"timeout=5"}}` + delimiter + "x",
			200, "x",
			http.Header{"Content-Type": {"application/octet-stream"}},
		},
		{"a 204 has no type", `{"statusCode":204}` + delimiter, 204, "", http.Header{}},
		{
			"multiple values of a header have no effect on a function URL", `{"multiValueHeaders":{"X-A":["1"]}}` + delimiter,
			200, "",
			http.Header{"Content-Type": {"application/octet-stream"}},
		},
		{"a prelude that is not JSON is no answer", `{"statusCode":` + delimiter, 502, failed, nil},
		{"a prelude of another status than 200 to 599 is no answer", `{"statusCode":100}` + delimiter, 502, failed, nil},
	})
	t.Run("of a REST API", func(t *testing.T) {
		t.Parallel()
		const failed = `{"message": "Internal server error"}`
		long := strings.Repeat("x", 16<<10)
		testAnswers(t, localtest.RESTStreaming, []answerTest{
			{
				"status, both kinds of headers and cookies go out",
				`{"statusCode":404,"headers":{"X-A":"1","X-B":"2"},"multiValueHeaders":{"x-b":["3","4"]},"cookies":["a=1"]}` + delimiter + "x",
				404, "x",
				http.Header{"Content-Type": {"application/json"}, "X-A": {"1"}, "X-B": {"3", "4"}, "Set-Cookie": {"a=1"}},
			},
			{"an answer without a prelude is none", `{"statusCode":200,"body":"x"}`, 502, failed, nil},
			{"an answer with half a delimiter is none", `{}` + delimiter[:7], 502, failed, nil},
			{"an answer with zero bytes but no delimiter is none", `{}` + delimiter[:7] + "x", 502, failed, nil},
			{"a prelude of more than 16 KB is no answer", `{"headers":{"x":"` + long + `"}}` + delimiter, 502, failed, nil},
		})
	})
}
