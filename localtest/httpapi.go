package localtest

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// httpAPI is [HTTPAPI].
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
type httpAPI struct{}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
func (httpAPI) limits() limits {
	return limits{
		headerBytes: 10240,
		bodyBytes:   10 << 20,
		answerBytes: lambdaAnswerBytes,
		timeout:     30 * time.Second,
	}
}

func (httpAPI) stamp(header http.Header, r gatewayRequest) {
	header.Set("Apigw-Requestid", r.id)
}

// payload2Event is an event of payload format version 2.0. What is empty is left
// out where AWS leaves it out, which the types of aws-lambda-go, made for reading,
// do not do throughout.
type payload2Event struct {
	Version               string            `json:"version"`
	RouteKey              string            `json:"routeKey"`
	RawPath               string            `json:"rawPath"`
	RawQueryString        string            `json:"rawQueryString"`
	Cookies               []string          `json:"cookies,omitempty"`
	Headers               map[string]string `json:"headers"`
	QueryStringParameters map[string]string `json:"queryStringParameters,omitempty"`
	RequestContext        payload2Context   `json:"requestContext"`
	Body                  string            `json:"body,omitempty"`
	PathParameters        map[string]string `json:"pathParameters,omitempty"`
	IsBase64Encoded       bool              `json:"isBase64Encoded"`
	StageVariables        map[string]string `json:"stageVariables,omitempty"`
}

type payload2Context struct {
	AccountID    string       `json:"accountId"`
	APIID        string       `json:"apiId"`
	DomainName   string       `json:"domainName"`
	DomainPrefix string       `json:"domainPrefix"`
	HTTP         payload2HTTP `json:"http"`
	RequestID    string       `json:"requestId"`
	RouteKey     string       `json:"routeKey"`
	Stage        string       `json:"stage"`
	Time         string       `json:"time"`
	TimeEpoch    int64        `json:"timeEpoch"` // milliseconds
}

type payload2HTTP struct {
	Method    string `json:"method"`
	Path      string `json:"path"`
	Protocol  string `json:"protocol"`
	SourceIP  string `json:"sourceIp"`
	UserAgent string `json:"userAgent"`
}

func (httpAPI) event(r gatewayRequest) any {
	header := eventHeader(r)
	delete(header, "cookie") // they are in Cookies
	header["content-length"] = []string{strconv.Itoa(len(r.body))}

	event := newPayload2Event(r, header)
	event.RouteKey = r.route.key()
	event.RawPath = r.URL.Path // decoded, in spite of its name
	event.PathParameters = r.route.PathParameters
	event.StageVariables = r.route.StageVariables
	event.RequestContext.AccountID = account
	event.RequestContext.RequestID = r.id
	event.RequestContext.RouteKey = r.route.key()
	event.RequestContext.Stage = r.route.stage()
	return event
}

// newPayload2Event is what events of HTTP APIs and of function URLs have in
// common.
func newPayload2Event(r gatewayRequest, header map[string][]string) payload2Event {
	body, encoded := eventBody(r.Header, r.body)
	return payload2Event{
		Version:               "2.0",
		RawQueryString:        r.URL.RawQuery,
		Cookies:               splitCookies(r.Header["Cookie"]),
		Headers:               joined(header),
		QueryStringParameters: joined(r.URL.Query()),
		RequestContext: payload2Context{
			APIID:        apiID,
			DomainName:   r.Host, // with its port, so that it can be compared to an Origin
			DomainPrefix: domainPrefix(r),
			HTTP: payload2HTTP{
				Method:    r.Method,
				Path:      r.URL.Path,
				Protocol:  r.Proto,
				SourceIP:  sourceIP(r.Request),
				UserAgent: r.UserAgent(),
			},
			Time:      eventTime(r.time),
			TimeEpoch: r.time.UnixMilli(),
		},
		Body:            body,
		IsBase64Encoded: encoded,
	}
}

// apiID is the id of every API and function URL.
const apiID = "local"

func domainPrefix(r gatewayRequest) string {
	prefix, _, _ := strings.Cut(r.Host, ".")
	return prefix
}

func eventTime(t time.Time) string {
	return t.UTC().Format("02/Jan/2006:15:04:05 -0700")
}
