package template

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRoutes(t *testing.T) {
	t.Parallel()
	const apis = `  Web: {Type: AWS::Serverless::HttpApi, Properties: {StageName: live}}
  Old: {Type: AWS::Serverless::Api, Properties: {StageName: v1}}
`
	event := func(kind, properties string) string {
		return "      Events:\n        E: {Type: " + kind + ", Properties: {" + properties + "}}\n" + apis
	}
	for _, c := range []struct {
		name, yaml string
		want       []Route
	}{
		{
			"an HTTP API's", event("HttpApi", "Path: /cart, Method: post"),
			[]Route{{HTTPAPI, "ServerlessHttpApi", "$default", "POST", "/cart", 8}},
		},
		{
			"an HTTP API's in the older payload format", event("HttpApi", "PayloadFormatVersion: 1.0, Path: '/{proxy+}', Method: '*'"),
			[]Route{{HTTPAPI1, "ServerlessHttpApi", "$default", "ANY", "/{proxy+}", 8}},
		},
		{
			"an HTTP API's that catches all", event("HttpApi", "Path: $default, Method: any"),
			[]Route{{HTTPAPI, "ServerlessHttpApi", "$default", "", "", 8}},
		},
		{
			"a named HTTP API's", event("HttpApi", "ApiId: !Ref Web, Path: '/orders/{id}', Method: x-amazon-apigateway-any-method"),
			[]Route{{HTTPAPI, "Web", "live", "ANY", "/orders/{id}", 8}},
		},
		{
			"a REST API's", event("Api", "Path: '/{proxy+}', Method: any"),
			[]Route{{REST, "ServerlessRestApi", "Prod", "ANY", "/{proxy+}", 8}},
		},
		{
			"a named REST API's", event("Api", "RestApiId: {Ref: Old}, Path: /, Method: GET, ResponseTransferMode: BUFFERED"),
			[]Route{{REST, "Old", "v1", "GET", "/", 8}},
		},
		{
			"a REST API's that streams", event("Api", "Path: /live, Method: get, ResponseTransferMode: RESPONSE_STREAM"),
			[]Route{{RESTStreaming, "ServerlessRestApi", "Prod", "GET", "/live", 8}},
		},
		{
			"a function URL", "      FunctionUrlConfig: {AuthType: NONE}\n",
			[]Route{{Service: FunctionURL, Line: 7}},
		},
		{
			"a function URL that streams", "      FunctionUrlConfig: {AuthType: NONE, InvokeMode: RESPONSE_STREAM}\n",
			[]Route{{Service: FunctionURLStreaming, Line: 7}},
		},
		{
			"a function URL of Globals", "Globals: {Function: {FunctionUrlConfig: {InvokeMode: RESPONSE_STREAM}}}\n",
			[]Route{{Service: FunctionURLStreaming, Line: 7}},
		},
		{
			"a function URL over that of Globals", "      FunctionUrlConfig: {InvokeMode: BUFFERED}\nGlobals: {Function: {FunctionUrlConfig: {InvokeMode: RESPONSE_STREAM}}}\n",
			[]Route{{Service: FunctionURL, Line: 7}},
		},
		{
			"a function URL beside the events", "      FunctionUrlConfig: {}\n" + event("HttpApi", "Path: /, Method: get"),
			[]Route{{HTTPAPI, "ServerlessHttpApi", "$default", "GET", "/", 9}, {Service: FunctionURL, Line: 7}},
		},
		{
			"no function URL where it is taken back", "      FunctionUrlConfig: !Ref AWS::NoValue\n",
			nil,
		},
	} {
		t.Run(c.name+" is read", func(t *testing.T) {
			t.Parallel()
			got, err := parseHere(t, shop+c.yaml)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, got.Functions[0].Routes); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if len(got.Notes) > 0 {
				t.Errorf("notes %v", got.Notes)
			}
		})
	}
}

func TestNotesOnRoutes(t *testing.T) {
	t.Parallel()
	const web = "      Events:\n        Web: {Type: HttpApi, Properties: {"
	const old = "      Events:\n        Web: {Type: Api, Properties: {Path: /, Method: get, "
	const notServed = "line 8: the event Web of Shop is not served here: "
	for _, c := range []struct{ name, yaml, want string }{
		{"a payload format that does not exist", web + "PayloadFormatVersion: 3.0}}\n", notServed + "its PayloadFormatVersion is 3.0, there are 1.0 and 2.0"},
		{"a transfer mode that does not exist", old + "ResponseTransferMode: STREAM}}\n", notServed + "its ResponseTransferMode is STREAM, there are BUFFERED and RESPONSE_STREAM"},
		{"an API of another template", web + "ApiId: !ImportValue Api}}\n", notServed + "its ApiId is none of this template"},
		{"an API that is not there", web + "ApiId: !Ref Api}}\n", notServed + "its ApiId is Api, which is no AWS::Serverless::HttpApi of this template"},
		{"an API of the other kind", old + "RestApiId: !Ref ServerlessHttpApi}}\n", notServed + "its RestApiId is ServerlessHttpApi, which is no AWS::Serverless::Api of this template"},
		{"a validation of requests", old + "RequestModel: {Model: User}}}\n", "line 8: RequestModel of the event Web of Shop is not applied here"},
		{"a timeout", web + "TimeoutInMillis: 50}}\n", "line 8: TimeoutInMillis of the event Web of Shop is not applied here"},
		{"a REST API without a stage", "  Old: {Type: AWS::Serverless::Api}\n", "line 7: Old has no StageName, which sam refuses: it is Prod here"},
		{"CORS of a REST API", "  Old: {Type: AWS::Serverless::Api, Properties: {StageName: x, Cors: \"'*'\"}}\n", "line 7: Cors of a REST API is not applied here"},
		{"an authorizer of all REST APIs", "Globals: {Api: {Auth: {DefaultAuthorizer: Users}}}\n", "line 7: Auth of a REST API is not applied here"},
		{"CORS of a function URL", "      FunctionUrlConfig: {Cors: {AllowOrigins: ['*']}}\n", "line 7: Cors of the function URL of Shop is not applied here"},
		{"a function URL for signed requests", "      FunctionUrlConfig: {AuthType: AWS_IAM}\n", "line 7: AuthType AWS_IAM of the function URL of Shop is not enforced here"},
		{"a log format that is not known here", "      LoggingConfig: {LogFormat: !ImportValue x}\n", "line 7: LogFormat of Shop is Text here: !ImportValue is not understood here"},
	} {
		t.Run(c.name+" is noted", func(t *testing.T) {
			t.Parallel()
			got, err := parseHere(t, shop+c.yaml)
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Notes) != 1 || got.Notes[0].String() != c.want {
				t.Errorf("notes are %v\nwant %s", got.Notes, c.want)
			}
		})
	}

	t.Run("an event that needs no authorization is not worth a note", func(t *testing.T) {
		t.Parallel()
		got, err := parseHere(t, shop+web+"Auth: {Authorizer: NONE}}}\n")
		if err != nil || len(got.Notes) > 0 {
			t.Errorf("got notes %v, error %v", got.Notes, err)
		}
	})
}

func TestProblemsWithRoutes(t *testing.T) {
	t.Parallel()
	at := func(kind, path string) string {
		return "      Events:\n        Web: {Type: " + kind + ", Properties: {" + path + "}}\n"
	}
	for _, c := range []struct{ name, yaml, want string }{
		{"a REST API's event without a path", at("Api", "Method: get"), "the event Web of Shop needs Path and Method"},
		{"a greedy variable in the middle", at("Api", "Path: '/{all+}/x', Method: get"), `the event Web of Shop: Path is "/{all+}/x": {all+} takes the rest of a path, so it has to be the last of it`},
		{"half a variable", at("HttpApi", "Path: '/id-{id}', Method: get"), `the event Web of Shop: Path is "/id-{id}": want "id-{id}" plain, or a variable as a whole: {name}`},
		{"a variable without a name", at("HttpApi", "Path: '/{+}', Method: get"), `the event Web of Shop: Path is "/{+}": want "{+}" plain, or a variable as a whole: {name}`},
		{"an invoke mode that does not exist", "\n      FunctionUrlConfig: {InvokeMode: STREAM}\n", `InvokeMode of Shop is "STREAM", want BUFFERED or RESPONSE_STREAM`},
		{"a log format that does not exist", "\n      LoggingConfig: {LogFormat: XML}\n", `LogFormat of Shop is "XML", want Text or JSON`},
	} {
		t.Run(c.name+" is refused", func(t *testing.T) {
			t.Parallel()
			_, err := parseHere(t, shop+c.yaml)
			if err == nil || strings.TrimPrefix(err.Error(), "template.yaml:8: ") != c.want {
				t.Errorf("got  %v\nwant template.yaml:8: %s", err, c.want)
			}
		})
	}
}
