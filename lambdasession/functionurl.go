package lambdasession

import (
	"bytes"
	"io"
	"net/http"
	"slices"

	"github.com/aws/aws-lambda-go/events"
)

// Lambda Function URLs (https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html).

var functionURLEntry = entry[events.LambdaFunctionURLRequest]{
	from: gatewayHTTPAPI,
	read: func(e events.LambdaFunctionURLRequest) Request {
		return readHTTP(e.RequestContext.HTTP.Method, e.RequestContext.DomainName, e.Headers, e.Cookies)
	},
}

var functionURLDoor = door[events.LambdaFunctionURLResponse]{
	to: gatewayHTTPAPI,
	amend: func(out events.LambdaFunctionURLResponse, h http.Header, _ Request) (events.LambdaFunctionURLResponse, error) {
		out.Headers = amendSingle(out.Headers, h)
		out.Cookies = append(slices.Clip(out.Cookies), h["Set-Cookie"]...)
		return out, nil
	},
	replace: func(r Reply, _ Request) events.LambdaFunctionURLResponse {
		body, encoded := r.text()
		return events.LambdaFunctionURLResponse{
			StatusCode: r.Status, Headers: joined(r.Header), Body: body, IsBase64Encoded: encoded,
		}
	},
}

var functionURLStreamingDoor = door[*events.LambdaFunctionURLStreamingResponse]{
	to: gatewayHTTPAPI,
	amend: func(out *events.LambdaFunctionURLStreamingResponse, h http.Header, _ Request) (*events.LambdaFunctionURLStreamingResponse, error) {
		if out == nil {
			return nil, nil
		}
		amended := copyFunctionURLStream(out)
		amended.Headers = amendSingle(out.Headers, h)
		amended.Cookies = append(slices.Clip(out.Cookies), h["Set-Cookie"]...)
		return amended, nil
	},
	replace: func(r Reply, _ Request) *events.LambdaFunctionURLStreamingResponse {
		return &events.LambdaFunctionURLStreamingResponse{
			StatusCode: r.Status, Headers: joined(r.Header), Body: bytes.NewReader(r.Body),
		}
	},
	holdBody: func(out *events.LambdaFunctionURLStreamingResponse, end func()) (*events.LambdaFunctionURLStreamingResponse, bool) {
		if out == nil {
			return nil, false
		}
		held := copyFunctionURLStream(out)
		held.Body = &heldBody{Reader: out.Body, end: end}
		return held, true
	},
	closeBody: func(out *events.LambdaFunctionURLStreamingResponse) {
		if out != nil {
			_ = closeBody(out.Body) // it will not leave: nobody is left to tell
		}
	},
}

// copyFunctionURLStream copies the exported fields: the rest is the state of a
// response that is being read already.
func copyFunctionURLStream(out *events.LambdaFunctionURLStreamingResponse) *events.LambdaFunctionURLStreamingResponse {
	return &events.LambdaFunctionURLStreamingResponse{
		StatusCode: out.StatusCode, Headers: out.Headers, Body: out.Body, Cookies: out.Cookies,
	}
}

// a heldBody is a streaming body whose end is that of the exchange.
type heldBody struct {
	io.Reader // may be nil: an empty body
	end       func()
}

func (b *heldBody) Read(p []byte) (int, error) {
	if b.Reader == nil {
		return 0, io.EOF
	}
	return b.Reader.Read(p)
}

func (b *heldBody) Close() error {
	defer b.end()
	return closeBody(b.Reader)
}

func closeBody(body io.Reader) error {
	if closer, ok := body.(io.Closer); ok {
		return closer.Close()
	}
	return nil
}
