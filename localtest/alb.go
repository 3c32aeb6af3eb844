package localtest

import (
	"net/http"
	"strings"
)

// alb is [ALB] and [ALBMultiValue].
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
type alb struct{ multiValue bool }

// A load balancer waits for as long as the function may take.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-limits.html
func (alb) limits() limits {
	return limits{
		headerBytes: 64 << 10,
		bodyBytes:   1 << 20,
		answerBytes: 1 << 20,
		timeout:     lambdaTimeout,
	}
}

func (alb) stamp(header http.Header, _ gatewayRequest) {
	header.Set("Server", "awselb/2.0")
}

// albEvent has either single values or lists of them.
type albEvent struct {
	RequestContext                  albContext          `json:"requestContext"`
	HTTPMethod                      string              `json:"httpMethod"`
	Path                            string              `json:"path"`
	QueryStringParameters           map[string]string   `json:"queryStringParameters,omitzero"`
	MultiValueQueryStringParameters map[string][]string `json:"multiValueQueryStringParameters,omitzero"`
	Headers                         map[string]string   `json:"headers,omitzero"`
	MultiValueHeaders               map[string][]string `json:"multiValueHeaders,omitzero"`
	Body                            string              `json:"body"`
	IsBase64Encoded                 bool                `json:"isBase64Encoded"`
}

type albContext struct {
	ELB struct {
		TargetGroupARN string `json:"targetGroupArn"`
	} `json:"elb"`
}

func (a alb) event(r gatewayRequest) any {
	event := albEvent{HTTPMethod: r.Method, Path: r.URL.EscapedPath()}
	event.RequestContext.ELB.TargetGroupARN = "arn:aws:elasticloadbalancing:" + region + ":" + account + ":targetgroup/localtest/0123456789abcdef"
	event.Body, event.IsBase64Encoded = eventBody(r.Header, r.body)
	header, query := eventHeader(r), rawQuery(r.URL.RawQuery)
	if a.multiValue {
		event.MultiValueHeaders, event.MultiValueQueryStringParameters = header, query
	} else {
		event.Headers, event.QueryStringParameters = last(header), last(query)
	}
	return event
}

// rawQuery splits a query into its parameters without decoding them, which load
// balancers leave to the function.
func rawQuery(query string) map[string][]string {
	parameters := map[string][]string{}
	for pair := range strings.SplitSeq(query, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		parameters[name] = append(parameters[name], value)
	}
	return parameters
}
