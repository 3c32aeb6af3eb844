package template

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestRead(t *testing.T) {
	t.Parallel()
	got, err := Read(filepath.Join("testdata", "full.yaml"), nil)
	if err != nil {
		t.Fatal(err)
	}
	shop, err := filepath.Abs(filepath.Join("testdata", "shop"))
	if err != nil {
		t.Fatal(err)
	}
	want := &Template{
		Functions: []Function{
			{
				ID:       "Shop",
				Name:     "shop-test",
				CodeDir:  shop,
				Handler:  "bootstrap",
				Timeout:  3 * time.Second,
				MemoryMB: 256,
				Env: map[string]string{
					"FRIEND":       "arn:aws:lambda:us-east-1:123456789012:function:admin",
					"LOG_LEVEL":    "debug",
					"LONG_ARN":     "arn:aws:dynamodb:us-east-1:123456789012:table/test-sessions",
					"LONG_REF":     "Orders",
					"ORDERS":       "Orders",
					"OWN":          "hello from local, test",
					"SESSIONS_ARN": "arn:aws:dynamodb:us-east-1:123456789012:table/test-sessions",
					"STAGE":        "test",
					"URL":          "https://us-east-1.amazonaws.com/test-sessions?arn=arn:aws:dynamodb:us-east-1:123456789012:table/Orders&literal=${Stage}",
					"WORKERS":      "4",
				},
				Routes: []Route{
					{Service: HTTPAPI, API: "ServerlessHttpApi", Stage: "$default", Line: 59},
					{Service: HTTPAPI, API: "ServerlessHttpApi", Stage: "$default", Method: "GET", Path: "/orders/{id}", Line: 61},
				},
			},
			{
				ID:       "Admin",
				Name:     "admin",
				CodeDir:  shop,
				Handler:  "admin",
				Timeout:  10 * time.Second,
				MemoryMB: 256,
				Env:      map[string]string{"LOG_LEVEL": "info", "STAGE": "test", "UNWANTED": "here"},
				Routes:   []Route{{Service: HTTPAPI, API: "ServerlessHttpApi", Stage: "$default", Method: "ANY", Path: "/admin/{proxy+}", Line: 72}},
			},
		},
		Tables: []Table{
			{
				ID:           "Sessions",
				Name:         "test-sessions",
				Keys:         []Key{{"pk", "S", "HASH"}, {"sk", "S", "RANGE"}},
				TTLAttribute: "expires",
			},
			{
				ID:   "Orders",
				Name: "Orders",
				Keys: []Key{{"number", "N", "HASH"}},
			},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// shop is a template with one function; tests add to it.
const shop = `Resources:
  Shop:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: provided.al2023
      CodeUri: shop
`

// parseHere parses a template that lies in testdata.
func parseHere(t *testing.T, text string) (*Template, error) {
	t.Helper()
	dir, err := filepath.Abs("testdata")
	if err != nil {
		t.Fatal(err)
	}
	return parse("template.yaml", dir, []byte(text), nil)
}

func TestNotes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, yaml, want string }{
		{"a resource that is not made", "  Queue: {Type: AWS::SQS::Queue}\n", "line 7: Queue (AWS::SQS::Queue) is not made here"},
		{"a resource without a type", "  Queue: {Properties: {}}\n", "line 7: Queue is not made here: it has no Type"},
		{"a function in another language", "  Mail:\n    Type: AWS::Serverless::Function\n    Properties: {Runtime: python3.13, CodeUri: python}\n", `line 7: Mail is not run here: its Runtime is "python3.13", a Go program's is provided.al2023`},
		{"a container image", "  Mail:\n    Type: AWS::Serverless::Function\n    Properties: {PackageType: Image}\n", "line 7: Mail is not run here: it is a container image"},
		{"inline code", "  Mail:\n    Type: AWS::Serverless::Function\n    Properties: {InlineCode: x}\n", "line 7: Mail is not run here: its code is inline"},
		{"CORS of an API", "  Api:\n    Type: AWS::Serverless::HttpApi\n    Properties:\n      CorsConfiguration: true\n", "line 10: CorsConfiguration of an HTTP API is not applied here"},
		{"an authorizer of all APIs", "Globals:\n  HttpApi:\n    Auth: {DefaultAuthorizer: Users}\n", "line 9: Auth of an HTTP API is not applied here"},
		{"an event of another kind", "      Events:\n        Nightly: {Type: Schedule}\n", "line 8: the event Nightly (Schedule) of Shop is not served here"},
		{"an authorizer", "      Events:\n        Web:\n          Type: HttpApi\n          Properties:\n            Auth: {Authorizer: Users}\n", "line 11: Auth of the event Web of Shop is not enforced here"},
		{"a layer", "      Layers: [x]\n", "line 7: Layers of Shop is not applied here"},
		{"a parameter without a default", "      Environment: {Variables: {MAIL: !Ref Sender}}\nParameters:\n  Sender: {Type: String}\n", "line 7: MAIL of Shop is not set: the parameter Sender has no Default, and no --parameter gives it a value; --env MAIL=VALUE sets it"},
		{"a name that stands for nothing", "      Environment: {Variables: {QUEUE: !Ref Queue}}\n", "line 7: QUEUE of Shop is not set: Queue is neither a parameter nor a table or function of this template; --env QUEUE=VALUE sets it"},
		{"a name of a resource that is not made", "      Environment: {Variables: {SECRET: !Ref A}}\n  A: {Type: AWS::Logs::LogGroup}\n", "line 7: SECRET of Shop is not set: A (AWS::Logs::LogGroup) is not made here; --env SECRET=VALUE sets it"},
		{"a dynamic reference", "      Environment: {Variables: {KEYS: '{{resolve:secretsmanager:keys}}'}}\n", "line 7: KEYS of Shop is not set: only CloudFormation resolves {{resolve:secretsmanager:keys}}; --env KEYS=VALUE sets it"},
		{"an attribute that only the cloud knows", "      Environment: {Variables: {URL: !GetAtt Shop.Url}}\n", "line 7: URL of Shop is not set: Shop.Url is not known here; --env URL=VALUE sets it"},
		{"an intrinsic function", "      Environment: {Variables: {URL: !ImportValue x}}\n", "line 7: URL of Shop is not set: !ImportValue is not understood here; --env URL=VALUE sets it"},
		{"a broken substitution", "      Environment: {Variables: {URL: !Sub 'x${y'}}\n", "line 7: URL of Shop is not set: !Sub has a ${ without a }; --env URL=VALUE sets it"},
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
			if len(got.Functions) != 1 {
				t.Errorf("%d functions, want the shop alone", len(got.Functions))
			}
		})
	}

	t.Run("what only operators see is not worth a note", func(t *testing.T) {
		t.Parallel()
		got, err := parseHere(t, shop+"  A: {Type: AWS::IAM::Role}\n  B: {Type: AWS::CloudWatch::Alarm}\n  C: {Type: AWS::Logs::LogGroup}\n")
		if err != nil || len(got.Notes) > 0 {
			t.Errorf("got notes %v, error %v", got.Notes, err)
		}
	})
}

// A value of Mappings that finds itself would be looked for without end.
func TestMappingsHoldNoFunctions(t *testing.T) {
	t.Parallel()
	for _, mapped := range []string{"!FindInMap [a, b, c]", "[x, !FindInMap [a, b, c]]", "{Ref: AWS::Region}"} {
		got, err := parseHere(t, "Mappings: {a: {b: {c: "+mapped+"}}}\n"+shop+"      Environment: {Variables: {FOUND: !Join ['', !FindInMap [a, b, c]]}}\n")
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Notes) != 1 || !strings.Contains(got.Notes[0].Text, "Mappings take no functions") {
			t.Errorf("%s: the notes are %v", mapped, got.Notes)
		}
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, yaml, want string }{
		{"no YAML", "\t", "template.yaml is not YAML: yaml: found character that cannot start any token"},
		{"an empty file", "", "template.yaml has no function to run: add an AWS::Serverless::Function with Runtime provided.al2023 and the folder of a Go program as its CodeUri"},
		{"no function in Go", "Resources:\n  Mail:\n    Type: AWS::Serverless::Function\n    Properties: {Runtime: python3.13}\n", "template.yaml has no function to run: add an AWS::Serverless::Function with Runtime provided.al2023 and the folder of a Go program as its CodeUri\n  line 2: Mail is not run here: its Runtime is \"python3.13\", a Go program's is provided.al2023"},
		{"no code", "Resources:\n  Shop:\n    Type: AWS::Serverless::Function\n    Properties: {Runtime: provided.al2023}\n", "template.yaml:2: Shop has no CodeUri: put the folder of its Go program there"},
		{"a folder that is missing", strings.Replace(shop, "CodeUri: shop", "CodeUri: ship", 1), "template.yaml:6: CodeUri of Shop: there is no folder ship beside the template"},
		{"a folder without Go", strings.Replace(shop, "CodeUri: shop", "CodeUri: python", 1), "template.yaml:6: CodeUri of Shop: the folder python holds no Go program"},
		{"a timeout that is no number", shop + "      Timeout: soon\n", `template.yaml:7: Timeout is "soon", want a whole number above 0`},
		{"a path without a method", shop + "      Events:\n        Web: {Type: HttpApi, Properties: {Path: /}}\n", "template.yaml:8: the event Web of Shop needs both Path and Method, or neither"},
		{"a path without a slash", shop + "      Events:\n        Web: {Type: HttpApi, Properties: {Path: cart, Method: GET}}\n", `template.yaml:8: the event Web of Shop: Path is "cart", want one that begins with /`},
		{"a table without a key", shop + "  T: {Type: AWS::DynamoDB::Table}\n", "template.yaml:7: T has no KeySchema"},
		{"a key without a type", shop + "  T:\n    Type: AWS::DynamoDB::Table\n    Properties:\n      KeySchema: [{AttributeName: pk, KeyType: HASH}]\n", `template.yaml:10: the key "pk" of T is not in the AttributeDefinitions`},
		{"an alias", shop + "      Environment: &e {Variables: {}}\nOther: *e\n", "template.yaml:8: CloudFormation knows no YAML aliases: write *e out"},
		{"a name that is none", strings.Replace(shop, "Shop", "../Shop", 1), `template.yaml:2: "../Shop" is no name of a resource: CloudFormation takes letters and digits alone`},
		{"a key that is there twice", shop + "      Timeout: 3\n      MemorySize: 256\n      Timeout: 30\n", "template.yaml:9: Timeout is there twice: which of the two counts?"},
		{"a problem in Globals, once for all functions,", "Globals: {Function: {Timeout: soon}}\n" + shop + strings.TrimPrefix(strings.Replace(shop, "Shop", "Admin", 1), "Resources:\n"), `template.yaml:1: Timeout is "soon", want a whole number above 0`},
		{"several problems at once", shop + "      Timeout: soon\n      MemorySize: 0\n", "template.yaml:7: Timeout is \"soon\", want a whole number above 0\ntemplate.yaml:8: MemorySize is \"0\", want a whole number above 0"},
	} {
		t.Run(c.name+" is refused", func(t *testing.T) {
			t.Parallel()
			_, err := parseHere(t, c.yaml)
			if err == nil {
				t.Fatal("the template was read")
			}
			if diff := cmp.Diff(c.want, err.Error()); diff != "" {
				t.Error(diff)
			}
		})
	}

	t.Run("a template that does not exist is named", func(t *testing.T) {
		t.Parallel()
		missing := filepath.Join(t.TempDir(), "template.yaml")
		if _, err := Read(missing, nil); err == nil || !strings.Contains(err.Error(), missing) {
			t.Errorf("got %v", err)
		}
	})
}
