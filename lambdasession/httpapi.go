package lambdasession

import (
	"net/http"
	"slices"

	"github.com/aws/aws-lambda-go/events"
)

// API Gateway HTTP APIs, payload format 2.0
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).

var httpAPIEntry = entry[events.APIGatewayV2HTTPRequest]{
	from: gatewayHTTPAPI,
	read: func(e events.APIGatewayV2HTTPRequest) Request {
		return readHTTP(e.RequestContext.HTTP.Method, e.RequestContext.DomainName, e.Headers, e.Cookies)
	},
}

var httpAPIDoor = door[events.APIGatewayV2HTTPResponse]{
	to: gatewayHTTPAPI,
	amend: func(out events.APIGatewayV2HTTPResponse, h http.Header, _ Request) (events.APIGatewayV2HTTPResponse, error) {
		out.Headers = amendSingle(out.Headers, h)
		out.Cookies = append(slices.Clip(out.Cookies), h["Set-Cookie"]...)
		return out, nil
	},
	replace: func(r Reply, _ Request) events.APIGatewayV2HTTPResponse {
		body, encoded := r.text()
		return events.APIGatewayV2HTTPResponse{
			StatusCode: r.Status, Headers: joined(r.Header), Body: body, IsBase64Encoded: encoded,
		}
	},
}
