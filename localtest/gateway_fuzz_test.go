package localtest_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"unicode/utf8"

	"github.com/aws/aws-lambda-go/events"

	"github.com/lambdasession/lambdasession-go/localtest"
)

// fuzzedEvent is what any event's body is.
type fuzzedEvent struct {
	Body            string `json:"body"`
	IsBase64Encoded bool   `json:"isBase64Encoded"`
}

// Whatever the request, its event is one that aws-lambda-go's type for it takes,
// and its body is the request's.
func FuzzEvent(f *testing.F) {
	f.Add("GET", "/", "Cookie", "a=1; b=2", []byte(nil))
	f.Add("POST", "/live/tea%20for%2Ftwo?a=%2B+%26&b&a=<", "content-type", "text/plain", []byte("hello"))
	f.Add("PUT", "http://shop.example:8443/?a=1;b=2&%zz=%", "Content-Type", "application/json", []byte(`{"tea":"<ü>"}`))
	f.Add("OPTIONS", "*", "X-Forwarded-For", "203.0.113.9, ", []byte("\x00\xff"))
	f.Add("X", "//?&&=&", "Host", "a\r\nb", []byte("\x1f\x8b"))
	f.Fuzz(func(t *testing.T, method, target, name, value string, body []byte) {
		address, err := url.ParseRequestURI(target)
		if err != nil || len(target)+len(value) > 10_000 {
			return // net/http answers the one by itself, a gateway the other
		}
		for _, shape := range everyShape {
			r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
			r.Method, r.URL, r.RequestURI, r.Host = method, address, target, address.Host
			r.Header = http.Header{name: {value, ""}}
			r = localtest.WithRoute(r, localtest.Route{Stage: "live"})
			reply := through(shape, invokerFunc(func(_ context.Context, payload []byte) ([]byte, error) {
				wantEvent(t, shape, payload)
				var event fuzzedEvent
				if err := json.Unmarshal(payload, &event); err != nil {
					t.Fatal(err)
				}
				got := []byte(event.Body)
				if event.IsBase64Encoded {
					if got, err = base64.StdEncoding.DecodeString(event.Body); err != nil {
						t.Fatal(err)
					}
				}
				if utf8.Valid(body) && !bytes.Equal(got, body) { // of text that is none, JSON cannot say all
					t.Fatalf("%v: body %q, want %q", shape, got, body)
				}
				return noContent(shape), nil
			}), r)
			if reply.Code != http.StatusNoContent {
				t.Fatalf("%v: status %d", shape, reply.Code)
			}
		}
	})
}

func wantEvent(t *testing.T, shape localtest.Shape, payload []byte) {
	t.Helper()
	var event any
	switch shape {
	case localtest.HTTPAPI:
		event = new(events.APIGatewayV2HTTPRequest)
	case localtest.HTTPAPI1, localtest.REST, localtest.RESTStreaming:
		event = new(events.APIGatewayProxyRequest)
	case localtest.ALB, localtest.ALBMultiValue:
		event = new(events.ALBTargetGroupRequest)
	case localtest.FunctionURL, localtest.FunctionURLStreaming:
		event = new(events.LambdaFunctionURLRequest)
	}
	if err := json.Unmarshal(payload, event); err != nil {
		t.Fatalf("%v: %v in %s", shape, err, payload)
	}
}

// Whatever the answer, the client gets a reply that HTTP knows, or is cut off.
func FuzzAnswer(f *testing.F) {
	f.Add([]byte(`{"statusCode":200,"headers":{"Set-Cookie":"a=1"},"multiValueHeaders":{"set-cookie":["b=2","c=3"]},"body":"ok"}`))
	f.Add([]byte(`{"statusCode":201,"cookies":["a=1"],"isBase64Encoded":true,"body":"AAH/"}`))
	f.Add([]byte(`{"statusCode":204,"headers":{"content-type":"text/html","Connection":"close"}}` + delimiter + "x"))
	f.Add([]byte(`{"statusCode":1e3}`))
	f.Add([]byte(`{"headers":{"a\r\nb":"c\r\nd","":""}}` + delimiter))
	f.Add([]byte(`"<p>"`))
	f.Add([]byte("null"))
	f.Add([]byte(delimiter))
	f.Fuzz(func(t *testing.T, answer []byte) {
		for _, shape := range everyShape {
			reply := through(shape, answering(string(answer)), get("/", nil))
			if reply.Code < 200 || reply.Code > 599 {
				t.Fatalf("%v: status %d", shape, reply.Code)
			}
			for _, name := range []string{"Connection", "Transfer-Encoding", "Upgrade"} {
				if values, ok := reply.Header()[name]; ok {
					t.Fatalf("%v: %s is %q", shape, name, values)
				}
			}
		}
	})
}
