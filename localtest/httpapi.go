package localtest

import (
	"encoding/base64"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// httpAPI is [HTTPAPI].
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
type httpAPI struct{}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
func (httpAPI) limits() limits {
	return limits{headerBytes: 10240, bodyBytes: 10 << 20, timeout: 30 * time.Second}
}

// httpAPIEvent is an event of payload format version 2.0. What is empty is left
// out where API Gateway leaves it out, which the types of aws-lambda-go, made
// for reading, do not do throughout.
type httpAPIEvent struct {
	Version               string            `json:"version"`
	RouteKey              string            `json:"routeKey"`
	RawPath               string            `json:"rawPath"`
	RawQueryString        string            `json:"rawQueryString"`
	Cookies               []string          `json:"cookies,omitempty"`
	Headers               map[string]string `json:"headers"`
	QueryStringParameters map[string]string `json:"queryStringParameters,omitempty"`
	RequestContext        httpAPIContext    `json:"requestContext"`
	Body                  string            `json:"body,omitempty"`
	PathParameters        map[string]string `json:"pathParameters,omitempty"`
	IsBase64Encoded       bool              `json:"isBase64Encoded"`
	StageVariables        map[string]string `json:"stageVariables,omitempty"`
}

type httpAPIContext struct {
	AccountID    string      `json:"accountId"`
	APIID        string      `json:"apiId"`
	DomainName   string      `json:"domainName"`
	DomainPrefix string      `json:"domainPrefix"`
	HTTP         httpAPIHTTP `json:"http"`
	RequestID    string      `json:"requestId"`
	RouteKey     string      `json:"routeKey"`
	Stage        string      `json:"stage"`
	Time         string      `json:"time"`
	TimeEpoch    int64       `json:"timeEpoch"` // milliseconds
}

type httpAPIHTTP struct {
	Method    string `json:"method"`
	Path      string `json:"path"`
	Protocol  string `json:"protocol"`
	SourceIP  string `json:"sourceIp"`
	UserAgent string `json:"userAgent"`
}

func (httpAPI) event(r gatewayRequest) any {
	body, encoded := eventBody(r.Header, r.body)
	prefix, _, _ := strings.Cut(r.Host, ".")
	return httpAPIEvent{
		Version:               "2.0",
		RouteKey:              r.route.Key,
		RawPath:               r.URL.Path, // decoded, in spite of its name
		RawQueryString:        r.URL.RawQuery,
		Cookies:               splitCookies(r.Header["Cookie"]),
		Headers:               eventHeaders(r),
		QueryStringParameters: joinValues(r.URL.Query()),
		RequestContext: httpAPIContext{
			AccountID:    account,
			APIID:        "local",
			DomainName:   r.Host, // with its port, so that it can be compared to an Origin
			DomainPrefix: prefix,
			HTTP: httpAPIHTTP{
				Method:    r.Method,
				Path:      r.URL.Path,
				Protocol:  r.Proto,
				SourceIP:  sourceIP(r.Request),
				UserAgent: r.UserAgent(),
			},
			RequestID: r.id,
			RouteKey:  r.route.Key,
			Stage:     r.route.Stage,
			Time:      r.time.UTC().Format("02/Jan/2006:15:04:05 -0700"),
			TimeEpoch: r.time.UnixMilli(),
		},
		Body:            body,
		PathParameters:  r.route.PathParameters,
		IsBase64Encoded: encoded,
		StageVariables:  r.route.StageVariables,
	}
}

// eventHeaders are the headers of an event: names in lower case, repeated ones
// joined. The cookies are elsewhere; what belongs to the connection is not
// passed on (RFC 9110 section 7.6.1); what a proxy adds is added.
func eventHeaders(r gatewayRequest) map[string]string {
	headers := map[string]string{}
	for name, values := range r.Header {
		headers[strings.ToLower(name)] = strings.Join(values, ",")
	}
	delete(headers, "cookie")
	for _, name := range connectionHeaders {
		delete(headers, strings.ToLower(name))
	}
	headers["host"] = r.Host
	headers["content-length"] = strconv.Itoa(len(r.body))
	headers["x-forwarded-for"] = strings.TrimPrefix(headers["x-forwarded-for"]+", "+sourceIP(r.Request), ", ")
	headers["x-forwarded-proto"], headers["x-forwarded-port"] = "http", "80"
	if r.TLS != nil {
		headers["x-forwarded-proto"], headers["x-forwarded-port"] = "https", "443"
	}
	if _, port, err := net.SplitHostPort(r.Host); err == nil {
		headers["x-forwarded-port"] = port
	}
	if headers["x-amzn-trace-id"] == "" {
		headers["x-amzn-trace-id"], _, _ = strings.Cut(newTraceID(), ";")
	}
	return headers
}

// connectionHeaders concern one connection alone.
var connectionHeaders = []string{
	"Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization",
	"Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade",
}

// splitCookies splits Cookie headers into name=value pairs as they came.
func splitCookies(headers []string) []string {
	var cookies []string
	for _, header := range headers {
		for cookie := range strings.SplitSeq(header, ";") {
			if cookie = strings.TrimSpace(cookie); cookie != "" {
				cookies = append(cookies, cookie)
			}
		}
	}
	return cookies
}

func joinValues(query url.Values) map[string]string {
	parameters := map[string]string{}
	for name, values := range query {
		parameters[name] = strings.Join(values, ",")
	}
	return parameters
}

// eventBody encodes a body that is not known to be text. AWS lists what is text
// for load balancers, and API Gateway goes by the same list; forms are not on it.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
func eventBody(header http.Header, body []byte) (_ string, encoded bool) {
	if len(body) == 0 {
		return "", false
	}
	if header.Get("Content-Encoding") == "" && isText(header.Get("Content-Type")) {
		return string(body), false
	}
	return base64.StdEncoding.EncodeToString(body), true
}

func isText(contentType string) bool {
	mediaType, _, _ := strings.Cut(contentType, ";")
	mediaType = strings.ToLower(strings.TrimSpace(mediaType))
	switch mediaType {
	case "application/json", "application/javascript", "application/xml":
		return true
	default:
		return strings.HasPrefix(mediaType, "text/")
	}
}

func sourceIP(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
