package lambdasession

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// API Gateway HTTP APIs, payload format 2.0
// (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html).

// readHTTPAPI reads the cookies from the header if there is one, else from the
// list: Function URLs, whose events have the same shape, send both.
func readHTTPAPI(e events.APIGatewayV2HTTPRequest) Request {
	r := Request{
		Method:    e.RequestContext.HTTP.Method,
		Host:      headerIn(e.Headers, "host"),
		Cookies:   e.Cookies,
		Origin:    headerIn(e.Headers, "origin"),
		FetchSite: headerIn(e.Headers, "sec-fetch-site"),
	}
	if line := headerIn(e.Headers, "cookie"); line != "" {
		r.Cookies = []string{line}
	}
	if r.Host == "" {
		r.Host = e.RequestContext.DomainName
	}
	return r
}

var httpAPIDoor = door[events.APIGatewayV2HTTPResponse]{
	amend: func(out events.APIGatewayV2HTTPResponse, h http.Header) events.APIGatewayV2HTTPResponse {
		out.Headers = amendMap(out.Headers, h)
		out.Cookies = append(slices.Clip(out.Cookies), h["Set-Cookie"]...)
		return out
	},
	replace: func(r Reply) events.APIGatewayV2HTTPResponse {
		headers := make(map[string]string, len(r.Header))
		for name, values := range r.Header {
			headers[name] = strings.Join(values, ", ")
		}
		return events.APIGatewayV2HTTPResponse{StatusCode: r.Status, Headers: headers, Body: string(r.Body)}
	},
}

// amendMap is amend for a header with one value a name, whose names may be
// written in any case. It returns a copy, and leaves the cookies to the caller.
func amendMap(headers map[string]string, session http.Header) map[string]string {
	headers = maps.Clone(headers)
	if headers == nil {
		headers = map[string]string{}
	}
	vary := nameIn(headers, "Vary")
	switch {
	case headers[vary] == "":
		headers[vary] = "Cookie"
	case !variesOnCookie(headers[vary]):
		headers[vary] += ", Cookie"
	}
	cache := nameIn(headers, "Cache-Control")
	if directive := session.Get("Cache-Control"); directive == cacheNothing || headers[cache] == "" {
		headers[cache] = directive
	}
	return headers
}

// nameIn returns name as it is written in headers.
func nameIn(headers map[string]string, name string) string {
	if _, ok := headers[name]; ok {
		return name
	}
	for n := range headers {
		if strings.EqualFold(n, name) {
			return n
		}
	}
	return name
}
