package lambdasession

import (
	"bytes"
	"net/http"

	"github.com/aws/aws-lambda-go/events"
)

// API Gateway REST APIs
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html),
// HTTP APIs with payload format 1.0, and response streaming of REST APIs
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html).

var restEntry = entry[events.APIGatewayProxyRequest]{
	from: gatewayREST,
	read: func(e events.APIGatewayProxyRequest) Request {
		return readProxy(e.HTTPMethod, e.RequestContext.DomainName, e.Headers, e.MultiValueHeaders)
	},
}

var restDoor = door[events.APIGatewayProxyResponse]{
	to: gatewayREST,
	amend: func(out events.APIGatewayProxyResponse, h http.Header, _ Request) (events.APIGatewayProxyResponse, error) {
		out.Headers, out.MultiValueHeaders = amendMulti(out.Headers, out.MultiValueHeaders, h)
		return out, nil
	},
	replace: func(r Reply, _ Request) events.APIGatewayProxyResponse {
		body, encoded := r.text()
		return events.APIGatewayProxyResponse{
			StatusCode: r.Status, MultiValueHeaders: r.Header, Body: body, IsBase64Encoded: encoded,
		}
	},
}

var restStreamingDoor = door[*events.APIGatewayProxyStreamingResponse]{
	to: gatewayREST,
	amend: func(out *events.APIGatewayProxyStreamingResponse, h http.Header, _ Request) (*events.APIGatewayProxyStreamingResponse, error) {
		if out == nil {
			return nil, nil
		}
		amended := copyRESTStream(out)
		amended.Headers, amended.MultiValueHeaders = amendMulti(out.Headers, out.MultiValueHeaders, h)
		return amended, nil
	},
	replace: func(r Reply, _ Request) *events.APIGatewayProxyStreamingResponse {
		return &events.APIGatewayProxyStreamingResponse{
			StatusCode: r.Status, MultiValueHeaders: r.Header, Body: bytes.NewReader(r.Body),
		}
	},
	holdBody: func(out *events.APIGatewayProxyStreamingResponse, end func()) (*events.APIGatewayProxyStreamingResponse, bool) {
		if out == nil {
			return nil, false
		}
		held := copyRESTStream(out)
		held.Body = &heldBody{Reader: out.Body, end: end}
		return held, true
	},
	closeBody: func(out *events.APIGatewayProxyStreamingResponse) {
		if out != nil {
			_ = closeBody(out.Body) // it will not leave: nobody is left to tell
		}
	},
}

func copyRESTStream(out *events.APIGatewayProxyStreamingResponse) *events.APIGatewayProxyStreamingResponse {
	return &events.APIGatewayProxyStreamingResponse{
		StatusCode: out.StatusCode, Headers: out.Headers, MultiValueHeaders: out.MultiValueHeaders,
		Body: out.Body, Cookies: out.Cookies,
	}
}
