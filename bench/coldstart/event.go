package main

import (
	"encoding/json"
	"net/http"

	"github.com/aws/aws-lambda-go/events"
)

const host = "shop.example.com"

// anyRoute is the route that takes what no other does.
const anyRoute = "$default"

// httpAPI is a visitor's GET of a page as an HTTP API sends it by that route.
func httpAPI(route, path string) *events.APIGatewayV2HTTPRequest {
	return &events.APIGatewayV2HTTPRequest{
		Version: "2.0", RouteKey: route, RawPath: path,
		Headers: map[string]string{"host": host, "accept": "*/*"},
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			DomainName: host, Stage: "$default", RouteKey: route,
			HTTP: events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: http.MethodGet, Path: path, Protocol: "HTTP/1.1", SourceIP: "192.0.2.1"},
		},
	}
}

// functionURL is the same as a Function URL sends it.
func functionURL(path string) *events.LambdaFunctionURLRequest {
	return &events.LambdaFunctionURLRequest{
		Version: "2.0", RawPath: path,
		Headers: map[string]string{"host": host, "accept": "*/*"},
		RequestContext: events.LambdaFunctionURLRequestContext{
			DomainName: host,
			HTTP:       events.LambdaFunctionURLRequestContextHTTPDescription{Method: http.MethodGet, Path: path, Protocol: "HTTP/1.1", SourceIP: "192.0.2.1"},
		},
	}
}

// restAPI is the same as a REST API sends it.
func restAPI(path string) *events.APIGatewayProxyRequest {
	return &events.APIGatewayProxyRequest{
		Resource: path, Path: path, HTTPMethod: http.MethodGet,
		Headers:           map[string]string{"Host": host, "Accept": "*/*"},
		MultiValueHeaders: map[string][]string{"Host": {host}, "Accept": {"*/*"}},
		RequestContext:    events.APIGatewayProxyRequestContext{DomainName: host, HTTPMethod: http.MethodGet, Path: path, Stage: "Prod"},
	}
}

func encode(event any) ([]byte, error) { return json.Marshal(event) }
