package localtest

import (
	"cmp"
	"encoding/base64"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"
)

// rest is [REST].
// https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
type rest struct{}

// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
func (rest) limits() limits {
	return limits{
		headerBytes: 10240,
		bodyBytes:   10 << 20,
		answerBytes: lambdaAnswerBytes,
		timeout:     29 * time.Second,
	}
}

func (rest) stamp(header http.Header, r gatewayRequest) {
	header.Set("X-Amzn-Requestid", r.invocation)
	header.Set("X-Amz-Apigw-Id", r.id)
}

// payload1Event is an event of payload format version 1.0, which REST APIs do not
// call so. What is empty is null.
type payload1Event struct {
	Version                         string              `json:"version,omitempty"`
	Resource                        string              `json:"resource"`
	Path                            string              `json:"path"`
	HTTPMethod                      string              `json:"httpMethod"`
	Headers                         map[string]string   `json:"headers"`
	MultiValueHeaders               map[string][]string `json:"multiValueHeaders"`
	QueryStringParameters           map[string]string   `json:"queryStringParameters"`
	MultiValueQueryStringParameters map[string][]string `json:"multiValueQueryStringParameters"`
	RequestContext                  payload1Context     `json:"requestContext"`
	PathParameters                  map[string]string   `json:"pathParameters"`
	StageVariables                  map[string]string   `json:"stageVariables"`
	Body                            *string             `json:"body"`
	IsBase64Encoded                 bool                `json:"isBase64Encoded"`
}

type payload1Context struct {
	AccountID         string             `json:"accountId"`
	APIID             string             `json:"apiId"`
	DomainName        string             `json:"domainName"`
	DomainPrefix      string             `json:"domainPrefix"`
	ExtendedRequestID string             `json:"extendedRequestId"`
	HTTPMethod        string             `json:"httpMethod"`
	Identity          map[string]*string `json:"identity"`
	Path              string             `json:"path"`
	Protocol          string             `json:"protocol"`
	RequestID         string             `json:"requestId"`
	RequestTime       string             `json:"requestTime"`
	RequestTimeEpoch  int64              `json:"requestTimeEpoch"` // milliseconds
	ResourceID        *string            `json:"resourceId"`
	ResourcePath      string             `json:"resourcePath"`
	Stage             string             `json:"stage"`
}

func (rest) event(r gatewayRequest) any {
	header := eventHeader(r)
	delete(header, "content-length")

	event := newPayload1Event(r, header)
	event.Path = r.URL.EscapedPath() // as it came, like the parameters made of it
	event.RequestContext.Path = event.Path
	event.RequestContext.Stage = cmp.Or(r.route.Stage, "prod")
	event.RequestContext.RequestID = r.invocation
	event.RequestContext.ResourceID = new("local")
	if r.route.Stage != "" && !r.route.CustomDomain {
		event.Path = withoutStage(event.Path, r.route.Stage)
	}
	event.Resource = r.route.path()
	if r.route.Key == "" {
		event.Resource, event.PathParameters = catchAll(event.Path)
	}
	event.RequestContext.ResourcePath = event.Resource
	if !utf8.Valid(r.body) {
		event.Body, event.IsBase64Encoded = new(base64.StdEncoding.EncodeToString(r.body)), true
	} else if len(r.body) > 0 {
		event.Body = new(string(r.body))
	}
	return event
}

// withoutStage is a path without the stage in front of it, which is not there
// when the API has a domain name of its own.
func withoutStage(path, stage string) string {
	rest, ok := strings.CutPrefix(path, "/"+stage)
	switch {
	case ok && rest == "":
		return "/"
	case ok && rest[0] == '/':
		return rest
	default:
		return path
	}
}

// catchAll is the resource of an API that has / and /{proxy+}.
func catchAll(path string) (resource string, parameters map[string]string) {
	if path == "/" || path == "" {
		return "/", nil
	}
	return "/{proxy+}", map[string]string{"proxy": strings.TrimPrefix(path, "/")}
}

// newPayload1Event is what events of REST APIs and of HTTP APIs have in common.
func newPayload1Event(r gatewayRequest, header map[string][]string) payload1Event {
	header = gatewayNames(header)
	event := payload1Event{
		HTTPMethod:        r.Method,
		Headers:           last(header),
		MultiValueHeaders: header,
		RequestContext: payload1Context{
			AccountID:         account,
			APIID:             apiID,
			DomainName:        r.Host, // with its port, so that it can be compared to an Origin
			DomainPrefix:      domainPrefix(r),
			ExtendedRequestID: r.id,
			HTTPMethod:        r.Method,
			Identity:          payload1Identity(r),
			Protocol:          r.Proto,
			RequestTime:       eventTime(r.time),
			RequestTimeEpoch:  r.time.UnixMilli(),
		},
		PathParameters: r.route.PathParameters,
		StageVariables: r.route.StageVariables,
	}
	if query := r.URL.Query(); len(query) > 0 {
		event.QueryStringParameters, event.MultiValueQueryStringParameters = last(query), query
	}
	return event
}

// gatewayNames writes the names that API Gateway itself puts into a header as it
// does. Those of the client are as it sent them: in lower case, as browsers do.
func gatewayNames(header map[string][]string) map[string][]string {
	named := make(map[string][]string, len(header))
	for name, values := range header {
		switch name {
		case "content-length", "host", "user-agent", "x-amzn-trace-id", "x-forwarded-for", "x-forwarded-port", "x-forwarded-proto":
			name = http.CanonicalHeaderKey(name)
		}
		named[name] = values
	}
	return named
}

// payload1Identity says who sent the request. What only IAM and Cognito know is
// null.
func payload1Identity(r gatewayRequest) map[string]*string {
	return map[string]*string{
		"sourceIp": new(sourceIP(r.Request)), "userAgent": new(r.UserAgent()),

		"accessKey": nil, "accountId": nil, "caller": nil, "principalOrgId": nil, "user": nil, "userArn": nil,
		"cognitoAuthenticationProvider": nil, "cognitoAuthenticationType": nil,
		"cognitoIdentityId": nil, "cognitoIdentityPoolId": nil,
	}
}
