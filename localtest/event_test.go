package localtest_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/localtest"
)

// eventOf returns the event that a gateway makes of a request.
func eventOf(t *testing.T, shape localtest.Shape, r *http.Request) map[string]any {
	t.Helper()
	var event map[string]any
	reply := through(shape, invokerFunc(func(_ context.Context, payload []byte) ([]byte, error) {
		return noContent(shape), json.Unmarshal(payload, &event)
	}), r)
	if reply.Code != http.StatusNoContent {
		t.Fatalf("%v: status %d: %s", shape, reply.Code, reply.Body)
	}
	return event
}

// noContent is an answer of status 204.
func noContent(shape localtest.Shape) []byte {
	answer := []byte(`{"statusCode":204}`)
	if shape == localtest.RESTStreaming || shape == localtest.FunctionURLStreaming {
		answer = append(answer, delimiter...)
	}
	return answer
}

// The samples in testdata follow those of AWS's documentation, and what the
// services really send where that differs: a name that comes repeatedly has the
// last of its values where there is place for one, a function URL leaves the
// cookies in the header too, and a REST API takes the stage out of the path.
func TestEventsAreTheDocumentedOnes(t *testing.T) {
	t.Parallel()
	const query = "?parameter1=value1&parameter1=value2&parameter2=value"
	twoHeaders := http.Header{
		"Header1": {"value1"}, "Header2": {"value1", "value2"},
		"Cookie": {"cookie1; cookie2"}, "Content-Type": {"text/plain"},
	}
	browser := func(cookies ...string) http.Header {
		return http.Header{
			"Accept": {"text/html,application/xhtml+xml"}, "Accept-Language": {"en-US,en;q=0.8"},
			"Content-Type": {"text/plain"}, "Cookie": cookies,
			"X-Amzn-Trace-Id": {"Root=1-5bdb40ca-556d8b0c50dc66f0511bf520"}, "X-Forwarded-For": {"72.21.198.66"},
		}
	}
	const mozilla = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_6)"
	tests := []struct {
		shapes        []localtest.Shape
		sample        string
		method, path  string
		host, agent   string
		header        http.Header
		route         localtest.Route
		own, optional []string // members that each API or request has of its own, and that only some have
	}{
		{
			[]localtest.Shape{localtest.HTTPAPI},
			"httpapi_event.json", "POST", "http:///my/path" + query,
			"id.execute-api.us-east-1.amazonaws.com", "agent", twoHeaders,
			localtest.Route{
				PathParameters: map[string]string{"parameter1": "value1"},
				StageVariables: map[string]string{"stageVariable1": "value1", "stageVariable2": "value2"},
			},
			[]string{"requestContext.apiId", "requestContext.requestId", "requestContext.time", "requestContext.timeEpoch"},
			[]string{"requestContext.authentication", "requestContext.authorizer"},
		},
		{
			[]localtest.Shape{localtest.HTTPAPI1},
			"httpapi1_event.json", "GET", "http:///my/path" + query,
			"id.execute-api.us-east-1.amazonaws.com", "user-agent", twoHeaders,
			localtest.Route{Key: "GET /my/path"},
			[]string{
				"requestContext.apiId", "requestContext.requestId", "requestContext.extendedRequestId",
				"requestContext.requestTime", "requestContext.requestTimeEpoch",
			},
			[]string{"requestContext.authorizer", "requestContext.identity.clientCert"},
		},
		{
			[]localtest.Shape{localtest.REST, localtest.RESTStreaming},
			"rest_event.json", "GET", "http:///live/my/path" + query,
			"id.execute-api.us-east-1.amazonaws.com", "user-agent", twoHeaders,
			localtest.Route{Stage: "live"},
			[]string{
				"requestContext.apiId", "requestContext.requestId", "requestContext.extendedRequestId",
				"requestContext.requestTime", "requestContext.requestTimeEpoch", "requestContext.resourceId",
			},
			[]string{"requestContext.authorizer", "requestContext.identity.clientCert"},
		},
		{
			[]localtest.Shape{localtest.ALB},
			"alb_event.json", "GET", "https:///?myKey=val1&myKey=val2",
			"lambda-846800462-us-east-2.elb.amazonaws.com", mozilla, browser("cookies"),
			localtest.Route{},
			[]string{"requestContext.elb.targetGroupArn"},
			nil,
		},
		{
			[]localtest.Shape{localtest.ALBMultiValue},
			"albmultivalue_event.json", "GET", "https:///?myKey=val1&myKey=val2",
			"lambda-846800462-us-east-2.elb.amazonaws.com", mozilla, browser("name1=value1", "name2=value2"),
			localtest.Route{},
			[]string{"requestContext.elb.targetGroupArn"},
			nil,
		},
		{
			[]localtest.Shape{localtest.FunctionURL, localtest.FunctionURLStreaming},
			"functionurl_event.json", "POST", "http:///my/path" + query,
			"url-id.lambda-url.us-west-2.on.aws", "agent", twoHeaders,
			localtest.Route{Key: "GET /of/no/meaning", Stage: "here"},
			[]string{"requestContext.apiId", "requestContext.requestId", "requestContext.time", "requestContext.timeEpoch"},
			[]string{"requestContext.authentication", "requestContext.authorizer", "pathParameters", "stageVariables"},
		},
	}
	for _, test := range tests {
		for _, shape := range test.shapes {
			t.Run(shape.String(), func(t *testing.T) {
				t.Parallel()
				want := readSample(t, test.sample)
				r := httptest.NewRequest(test.method, test.path, strings.NewReader(want["body"].(string)))
				r.Host = test.host
				r.Header = test.header.Clone()
				r.Header.Set("User-Agent", test.agent)
				got := eventOf(t, shape, localtest.WithRoute(r, test.route))

				for _, path := range test.own {
					made, name := member(got, path)
					if made[name] == nil || made[name] == "" {
						t.Errorf("no %s", path)
					}
					sample, _ := member(want, path)
					made[name] = sample[name]
				}
				for _, path := range test.optional {
					sample, name := member(want, path)
					delete(sample, name)
				}
				for _, headers := range []string{"headers", "multiValueHeaders"} { // the samples show some of them
					made, _ := got[headers].(map[string]any)
					few, _ := want[headers].(map[string]any)
					for name := range made {
						if few[name] == nil {
							delete(made, name)
						}
					}
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("(-documented +made):\n%s", diff)
				}
			})
		}
	}
}

func readSample(t *testing.T, name string) map[string]any {
	t.Helper()
	sample, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	var event map[string]any
	if err := json.Unmarshal(sample, &event); err != nil {
		t.Fatal(err)
	}
	return event
}

// member finds a member of an event by its path: the object it is in, and its name.
func member(event map[string]any, path string) (object map[string]any, name string) {
	names := strings.Split(path, ".")
	object = event
	for _, name := range names[:len(names)-1] {
		object, _ = object[name].(map[string]any)
	}
	return object, names[len(names)-1]
}

func TestEventsOfEveryShape(t *testing.T) {
	t.Parallel()
	for _, shape := range everyShape {
		t.Run(shape.String(), func(t *testing.T) {
			t.Parallel()
			event := eventOf(t, shape, get("http://shop.example:8443/", http.Header{
				"Accept": {"text/html"}, "Connection": {"keep-alive"}, "Te": {"trailers"}, "Upgrade": {"h2c"},
				"X-Forwarded-For": {"203.0.113.9"},
			}))
			got := map[string]any{}
			headers, ok := event["headers"].(map[string]any)
			if !ok {
				headers = event["multiValueHeaders"].(map[string]any)
			}
			for name, value := range headers {
				if list, ok := value.([]any); ok && len(list) == 1 {
					value = list[0]
				}
				got[strings.ToLower(name)] = value
			}
			trace, _ := got["x-amzn-trace-id"].(string)
			if !strings.HasPrefix(trace, "Root=1-") || strings.Contains(trace, ";") {
				t.Errorf("x-amzn-trace-id is %q", trace)
			}
			delete(got, "x-amzn-trace-id")
			want := map[string]any{
				"accept": "text/html", "host": "shop.example:8443",
				"x-forwarded-for": "203.0.113.9, 192.0.2.1", "x-forwarded-port": "8443", "x-forwarded-proto": "http",
			}
			if slices.Contains([]localtest.Shape{localtest.HTTPAPI, localtest.HTTPAPI1}, shape) {
				want["content-length"] = "0"
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("headers (-want +got):\n%s", diff)
			}
		})
	}
}
