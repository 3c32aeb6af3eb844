package localtest_test

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambdaurl"

	"github.com/lambdasession/lambdasession-go/localtest"
)

// Every handler sets two cookies, where its door lets two through, and answers
// with those that it got.
func TestServeOfEveryShape(t *testing.T) {
	t.Parallel()
	cookies := []string{"__Host-a=1; Path=/; Secure; HttpOnly", "b=2; Secure"}
	multi := map[string][]string{"Set-Cookie": cookies, "Content-Type": {"text/plain"}}
	got := func(header http.Header) string { return strings.Join(header["Cookie"], "; ") }

	handlers := map[localtest.Shape]any{
		localtest.HTTPAPI: func(_ context.Context, r events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
			return events.APIGatewayV2HTTPResponse{StatusCode: 200, Cookies: cookies, Body: strings.Join(r.Cookies, "; ")}, nil
		},
		localtest.HTTPAPI1: func(r events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error) {
			return events.APIGatewayProxyResponse{StatusCode: 200, MultiValueHeaders: multi, Body: r.Headers["cookie"]}, nil
		},
		localtest.REST: func(r *events.APIGatewayProxyRequest) (*events.APIGatewayProxyResponse, error) {
			return &events.APIGatewayProxyResponse{StatusCode: 200, MultiValueHeaders: multi, Body: r.Headers["cookie"]}, nil
		},
		localtest.RESTStreaming: func(r events.APIGatewayProxyRequest) (*events.APIGatewayProxyStreamingResponse, error) {
			return &events.APIGatewayProxyStreamingResponse{
				MultiValueHeaders: map[string][]string{"Set-Cookie": cookies[:1]}, Cookies: cookies[1:],
				Body: strings.NewReader(r.Headers["cookie"]),
			}, nil
		},
		localtest.ALB: func(r events.ALBTargetGroupRequest) (events.ALBTargetGroupResponse, error) {
			return events.ALBTargetGroupResponse{StatusCode: 200, Headers: map[string]string{"Set-Cookie": cookies[0]}, Body: r.Headers["cookie"]}, nil
		},
		localtest.ALBMultiValue: func(r events.ALBTargetGroupRequest) (events.ALBTargetGroupResponse, error) {
			return events.ALBTargetGroupResponse{StatusCode: 200, MultiValueHeaders: multi, Body: strings.Join(r.MultiValueHeaders["cookie"], "; ")}, nil
		},
		localtest.FunctionURL: func(r events.LambdaFunctionURLRequest) (events.LambdaFunctionURLResponse, error) {
			return events.LambdaFunctionURLResponse{StatusCode: 200, Cookies: cookies, Body: strings.Join(r.Cookies, "; ")}, nil
		},
		localtest.FunctionURLStreaming: lambdaurl.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			for _, cookie := range cookies {
				w.Header().Add("Set-Cookie", cookie)
			}
			_, _ = io.WriteString(w, got(r.Header))
		})),
	}
	for _, shape := range everyShape {
		t.Run(shape.String(), func(t *testing.T) {
			t.Parallel()
			server := localtest.Serve(t, shape, handlers[shape])
			var err error
			if server.Client().Jar, err = cookiejar.New(nil); err != nil {
				t.Fatal(err)
			}
			first, before := fetch(t, server, get("/", nil))
			second, after := fetch(t, server, get("/", nil))
			want := []string{"__Host-a=1", "b=2"}
			if shape == localtest.ALB {
				want = want[:1]
			}
			kept := strings.Split(after, "; ")
			slices.Sort(kept)
			if first.StatusCode != 200 || second.StatusCode != 200 || before != "" || !slices.Equal(kept, want) {
				t.Errorf("status %d, cookies %q; then status %d, cookies %q", first.StatusCode, before, second.StatusCode, after)
			}
		})
	}
}

func TestServeLogsWhyAnAnswerIsRefused(t *testing.T) {
	t.Parallel()
	for reason, test := range map[string]struct {
		shape  localtest.Shape
		answer any
	}{
		`it has "cookies", which a REST API does not take`: {
			localtest.REST, events.LambdaFunctionURLResponse{StatusCode: 200},
		},
		"switch on lambda.multi_value_headers.enabled": {
			localtest.ALB, events.ALBTargetGroupResponse{StatusCode: 200, MultiValueHeaders: map[string][]string{"X": {"1"}}},
		},
		"its statusCode is 0": {localtest.HTTPAPI, events.APIGatewayV2HTTPResponse{}},
		"it ends before a delimiter of 8 zero bytes": {
			localtest.RESTStreaming, events.APIGatewayProxyResponse{StatusCode: 200},
		},
	} {
		log := &logOf{TB: t}
		server := localtest.Serve(log, test.shape, func() (any, error) { return test.answer, nil })
		recorder := httptest.NewRecorder()
		server.Config.Handler.ServeHTTP(recorder, get("/", nil))
		if recorder.Code < 500 || !strings.Contains(log.String(), reason) {
			t.Errorf("%v: status %d, the log is %q", test.shape, recorder.Code, log)
		}
	}
}
