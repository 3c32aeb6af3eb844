package localtest_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/localtest"
)

func TestHTTPAPIAnswer(t *testing.T) {
	t.Parallel()
	const (
		plain  = "text/plain; charset=utf-8"
		failed = `{"message":"Internal Server Error"}`
	)
	tests := []struct {
		name, payload string
		status        int
		body          string
		header        http.Header // beside Apigw-Requestid and Content-Length
	}{
		{
			"status, headers and body go out", `{"statusCode":404,"headers":{"content-type":"text/html","X-A":"1, 2"},"body":"<p>"}`,
			404, "<p>",
			http.Header{"Content-Type": {"text/html"}, "X-A": {"1, 2"}},
		},
		{
			"every cookie becomes a Set-Cookie, beside the one among the headers",
			`{"statusCode":200,"headers":{"set-cookie":"a=1"},"cookies":["b=2; Path=/","c=3; Expires=Wed, 09 Jun 2027 10:18:14 GMT"]}`,
			200, "",
			http.Header{"Content-Type": {plain}, "Set-Cookie": {"a=1", "b=2; Path=/", "c=3; Expires=Wed, 09 Jun 2027 10:18:14 GMT"}},
		},
		{"a base64 body is decoded", `{"statusCode":200,"isBase64Encoded":true,"body":"AAH/"}`, 200, "\x00\x01\xff", http.Header{"Content-Type": {plain}}},
		{"members that are null count as absent", `{"statusCode":200,"headers":null,"cookies":null,"body":null}`, 200, "", http.Header{"Content-Type": {plain}}},
		{"multiValueHeaders have no effect", `{"statusCode":200,"multiValueHeaders":{"Set-Cookie":["a=1"]}}`, 200, "", http.Header{"Content-Type": {plain}}},
		{
			"what belongs to the connection does not go out", `{"statusCode":200,"headers":{"Content-Length":"99","connection":"close","Transfer-Encoding":"chunked"},"body":"ok"}`,
			200, "ok",
			http.Header{"Content-Type": {plain}},
		},
		{"a 204 has no type and no length", `{"statusCode":204,"headers":{"content-length":"99"}}`, 204, "", http.Header{}},
		{"a 304 keeps its headers", `{"statusCode":304,"headers":{"etag":"\"x\""}}`, 304, "", http.Header{"Etag": {`"x"`}}},

		{"an object without a status is a body of JSON", `{"hello":["world"]}`, 200, `{"hello":["world"]}`, nil},
		{"a string is a body", `"<p>"`, 200, `<p>`, nil},
		{"a number is a body", `42`, 200, `42`, nil},
		{"null is a body", `null`, 200, `null`, nil},
		{"nothing is a body", ``, 200, ``, nil},
		{"what is not JSON is a body", `{"cut off`, 200, `{"cut off`, nil},

		{"status 0, which Go makes of none, is no answer", `{"statusCode":0,"body":"x"}`, 500, failed, nil},
		{"a status that is no number is no answer", `{"statusCode":"200"}`, 500, failed, nil},
		{"a status that is null is no answer", `{"statusCode":null}`, 500, failed, nil},
		{"a status that announces another one is no answer", `{"statusCode":103}`, 500, failed, nil},
		{"a status of four digits is no answer", `{"statusCode":2000}`, 500, failed, nil},
		{"a header that is no string is no answer", `{"statusCode":200,"headers":{"x":["1"]}}`, 500, failed, nil},
		{"a body that is no string is no answer", `{"statusCode":200,"body":{}}`, 500, failed, nil},
		{"a body that is not base64 is no answer", `{"statusCode":200,"isBase64Encoded":true,"body":"<p>"}`, 500, failed, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(localtest.Gateway(localtest.HTTPAPI, invokerFunc(func(context.Context, []byte) ([]byte, error) {
				return []byte(test.payload), nil
			})))
			t.Cleanup(server.Close)
			response, body := fetch(t, server, get("/", nil))
			if test.header == nil {
				test.header = http.Header{"Content-Type": {"application/json"}}
			}
			response.Header.Del("Apigw-Requestid")
			response.Header.Del("Content-Length")
			response.Header.Del("Date")
			if response.StatusCode != test.status || body != test.body || response.ContentLength != int64(len(test.body)) {
				t.Errorf("status %d, body %q, length %d; want %d, %q", response.StatusCode, body, response.ContentLength, test.status, test.body)
			}
			if diff := cmp.Diff(test.header, response.Header); diff != "" {
				t.Errorf("header (-want +got):\n%s", diff)
			}
		})
	}
}

// fetch sends r to the server and reads the whole response.
func fetch(t *testing.T, server *httptest.Server, r *http.Request) (*http.Response, string) {
	t.Helper()
	url := server.URL + r.URL.RequestURI()
	sent, err := http.NewRequestWithContext(t.Context(), r.Method, url, r.Body)
	if err != nil {
		t.Fatal(err)
	}
	sent.Header = r.Header
	response, err := server.Client().Do(sent)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response, string(body)
}
