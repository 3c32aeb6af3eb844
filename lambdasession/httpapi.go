package lambdasession

import (
	"encoding/base64"
	"maps"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

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
		out := events.APIGatewayV2HTTPResponse{StatusCode: r.Status, Headers: headers, Body: string(r.Body)}
		if !utf8.Valid(r.Body) { // JSON could not carry it
			out.Body, out.IsBase64Encoded = base64.StdEncoding.EncodeToString(r.Body), true
		}
		return out
	},
}

// amendMap is amend for a header with one value a name, whose names may be
// written in any case. It returns a copy, and leaves the cookies to the caller.
func amendMap(headers map[string]string, session http.Header) map[string]string {
	headers = maps.Clone(headers)
	if headers == nil {
		headers = map[string]string{}
	}
	vary, cache := take(headers, "Vary"), take(headers, "Cache-Control")
	switch {
	case vary == "":
		vary = "Cookie"
	case !variesOnCookie(vary):
		vary += ", Cookie"
	}
	if directive := session.Get("Cache-Control"); directive == cacheNothing || cache == "" {
		cache = directive
	}
	headers["Vary"], headers["Cache-Control"] = vary, cache
	return headers
}

// take removes a header, in whatever case it is written and however often, and
// returns its values as one. Of a second spelling left behind, a gateway might
// send that one instead.
func take(headers map[string]string, name string) string {
	var values []string
	for n, v := range headers {
		if strings.EqualFold(n, name) {
			delete(headers, n)
			if v != "" {
				values = append(values, v)
			}
		}
	}
	slices.Sort(values) // a map has no order of its own
	return strings.Join(values, ", ")
}
