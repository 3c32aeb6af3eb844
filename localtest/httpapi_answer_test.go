package localtest_test

import (
	"net/http"
	"testing"

	"github.com/lambdasession/lambdasession-go/localtest"
)

func TestHTTPAPIAnswer(t *testing.T) {
	t.Parallel()
	const (
		plain  = "text/plain; charset=utf-8"
		failed = `{"message":"Internal Server Error"}`
	)
	testAnswers(t, localtest.HTTPAPI, []answerTest{
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
			"what belongs to the connection does not go out", `{"statusCode":200,"headers":{"Content-Length":"99","connection":"close","keep-alive":"timeout=5","Transfer-Encoding":"chunked"},"body":"ok"}`,
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
	})
}
