package lambdasession_test

import (
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/localtest"
)

// a door is one way for a request into a function. All of them are tested
// alike: a new one is a line here.
type door struct {
	name  string
	shape localtest.Shape // 0: net/http, without any event
	open  func(*lambdasession.Manager, page) any

	// event is the file in testdata/events with AWS's documented sample.
	event string

	// streams: the first byte arrives before the last is written.
	streams bool

	// oneCookie: the gateway takes one Set-Cookie header and no more.
	oneCookie bool
}

var doors = []door{
	{name: "a REST API", shape: localtest.REST, open: through(fromREST, toREST), event: "rest.json"},
	{name: "a REST API that streams", shape: localtest.RESTStreaming, open: through(fromREST, toRESTStream), event: "rest.json", streams: true},
	{name: "an HTTP API", shape: localtest.HTTPAPI, open: through(fromHTTPAPI, toHTTPAPI), event: "httpapi.json"},
	{name: "an HTTP API with payload format 1.0", shape: localtest.HTTPAPI1, open: through(fromREST, toREST), event: "httpapi1.json"},
	{name: "a Function URL", shape: localtest.FunctionURL, open: through(fromFunctionURL, toFunctionURL), event: "functionurl.json"},
	{name: "a Function URL with the types of an HTTP API", shape: localtest.FunctionURL, open: through(fromHTTPAPI, toHTTPAPI), event: "functionurl.json"},
	{name: "a Function URL that streams", shape: localtest.FunctionURLStreaming, open: through(fromFunctionURL, toFunctionURLStream), event: "functionurl.json", streams: true},
	{name: "a load balancer", shape: localtest.ALB, open: through(fromALB, toALB), event: "alb.json", oneCookie: true},
	{name: "a load balancer with multi-value headers", shape: localtest.ALBMultiValue, open: through(fromALB, toALBMultiValue), event: "alb_multi_value.json"},
	{name: "net/http", open: throughNetHTTP, streams: true},
}

// a page is what a door leads to. It knows nothing of events.
type page func(context.Context, pageRequest) (pageResponse, error)

type pageRequest struct {
	method, path string
	body         []byte
}

type pageResponse struct {
	header http.Header // names in any case
	body   []byte
	stream io.Reader // if not nil, instead of body
}

// through makes a door of how a page reads one type of event and answers with
// one type of response.
func through[In lambdasession.HTTPEvent, Out lambdasession.HTTPResponse](read func(In) pageRequest, write func(pageResponse) Out) func(*lambdasession.Manager, page) any {
	return func(m *lambdasession.Manager, p page) any {
		return lambdasession.Wrap(m, func(ctx context.Context, in In) (Out, error) {
			out, err := p(ctx, read(in))
			return write(out), err
		})
	}
}

// throughNetHTTP makes an http.Handler, which has no error to return.
func throughNetHTTP(m *lambdasession.Manager, p page) any {
	return m.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(err)
		}
		out, err := p(r.Context(), pageRequest{r.Method, r.URL.Path, body})
		if err != nil {
			m.WriteError(w, r, err)
			return
		}
		for name, values := range out.header {
			for _, value := range values {
				w.Header().Add(name, value)
			}
		}
		_, _ = io.Copy(flushing{w}, out.reader()) // a failed commit has answered already
	}))
}

// flushing sends every byte at once.
type flushing struct{ http.ResponseWriter }

func (w flushing) Write(p []byte) (int, error) {
	n, err := w.ResponseWriter.Write(p)
	if err == nil {
		err = http.NewResponseController(w.ResponseWriter).Flush()
	}
	return n, err
}

func decodedBody(body string, encoded bool) []byte {
	if !encoded {
		return []byte(body)
	}
	decoded, err := base64.StdEncoding.DecodeString(body)
	if err != nil {
		panic(err)
	}
	return decoded
}

func fromHTTPAPI(e events.APIGatewayV2HTTPRequest) pageRequest {
	return pageRequest{e.RequestContext.HTTP.Method, e.RawPath, decodedBody(e.Body, e.IsBase64Encoded)}
}

func fromFunctionURL(e *events.LambdaFunctionURLRequest) pageRequest {
	return pageRequest{e.RequestContext.HTTP.Method, e.RawPath, decodedBody(e.Body, e.IsBase64Encoded)}
}

func fromREST(e events.APIGatewayProxyRequest) pageRequest {
	return pageRequest{e.HTTPMethod, e.Path, decodedBody(e.Body, e.IsBase64Encoded)}
}

func fromALB(e events.ALBTargetGroupRequest) pageRequest {
	return pageRequest{e.HTTPMethod, e.Path, decodedBody(e.Body, e.IsBase64Encoded)}
}

func toHTTPAPI(p pageResponse) *events.APIGatewayV2HTTPResponse {
	headers, cookies := p.joined()
	return &events.APIGatewayV2HTTPResponse{
		StatusCode: http.StatusOK, Headers: headers, Cookies: cookies, Body: p.encoded(), IsBase64Encoded: true,
	}
}

func toFunctionURL(p pageResponse) events.LambdaFunctionURLResponse {
	headers, cookies := p.joined()
	return events.LambdaFunctionURLResponse{
		StatusCode: http.StatusOK, Headers: headers, Cookies: cookies, Body: p.encoded(), IsBase64Encoded: true,
	}
}

func toFunctionURLStream(p pageResponse) *events.LambdaFunctionURLStreamingResponse {
	headers, cookies := p.joined()
	return &events.LambdaFunctionURLStreamingResponse{
		StatusCode: http.StatusOK, Headers: headers, Cookies: cookies, Body: p.reader(),
	}
}

func toREST(p pageResponse) events.APIGatewayProxyResponse {
	return events.APIGatewayProxyResponse{
		StatusCode: http.StatusOK, MultiValueHeaders: p.header, Body: p.encoded(), IsBase64Encoded: true,
	}
}

func toRESTStream(p pageResponse) *events.APIGatewayProxyStreamingResponse {
	return &events.APIGatewayProxyStreamingResponse{
		StatusCode: http.StatusOK, MultiValueHeaders: p.header, Body: p.reader(),
	}
}

func toALB(p pageResponse) events.ALBTargetGroupResponse {
	headers, cookies := p.joined()
	for _, cookie := range cookies {
		headers["set-cookie"] = cookie // there is room for one
	}
	return events.ALBTargetGroupResponse{
		StatusCode: http.StatusOK, StatusDescription: "200 OK", Headers: headers, Body: p.encoded(), IsBase64Encoded: true,
	}
}

func toALBMultiValue(p pageResponse) *events.ALBTargetGroupResponse {
	return &events.ALBTargetGroupResponse{
		StatusCode: http.StatusOK, StatusDescription: "200 OK", MultiValueHeaders: p.header, Body: p.encoded(), IsBase64Encoded: true,
	}
}

// joined is the header with one value a name, and the cookies apart.
func (p pageResponse) joined() (headers map[string]string, cookies []string) {
	headers = map[string]string{}
	for name, values := range p.header {
		if strings.EqualFold(name, "Set-Cookie") {
			cookies = append(cookies, values...)
			continue
		}
		headers[name] = strings.Join(values, ", ")
	}
	return headers, cookies
}

func (p pageResponse) encoded() string { return base64.StdEncoding.EncodeToString(p.body) }

func (p pageResponse) reader() io.Reader {
	if p.stream != nil {
		return p.stream
	}
	return strings.NewReader(string(p.body))
}

// eachDoor runs a test once for every door.
func eachDoor(t *testing.T, run func(*testing.T, door)) {
	t.Helper()
	for _, d := range doors {
		t.Run("through "+d.name, func(t *testing.T) {
			t.Parallel()
			run(t, d)
		})
	}
}
