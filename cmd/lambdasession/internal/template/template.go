package template

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// Template is what a template asks for, in the template's order.
type Template struct {
	Functions []Function
	Tables    []Table
	Notes     []Note // in the order of their lines
}

// Note is something in the template that is done differently here, or not at
// all.
type Note struct {
	Line int // counted from 1
	Text string
}

func (n Note) String() string { return fmt.Sprintf("line %d: %s", n.Line, n.Text) }

// Function is a Lambda function written in Go.
type Function struct {
	ID       string // its name in the template
	Name     string // its name on Lambda: FunctionName, or ID
	CodeDir  string // the folder of its main package, absolute
	Handler  string
	Timeout  time.Duration
	MemoryMB int
	Env      map[string]string
	Routes   []Route
}

// Route is what requests of an HTTP API go to a function.
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
type Route struct {
	Method string // upper case, or ANY
	Path   string // such as /orders/{id} or /{proxy+}; empty for $default, which takes what no other route does
	Line   int
}

// Key is the route as API Gateway writes it: "GET /orders/{id}", "$default".
func (r Route) Key() string {
	if r.Path == "" {
		return "$default"
	}
	return r.Method + " " + r.Path
}

// Table is a DynamoDB table.
type Table struct {
	ID           string // its name in the template
	Name         string // TableName, or ID
	Keys         []Key  // the partition key, then the sort key if there is one
	TTLAttribute string // empty if the table has no TTL
}

// Key is an attribute of a table's primary key.
type Key struct {
	Name string
	Type string // S, N or B
	Role string // HASH or RANGE
}

// Read reads the template at path. Its error names every line that has to be
// changed. A template that holds no Go function is an error too.
func Read(path string) (*Template, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the template: %w", err)
	}
	dir, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return nil, fmt.Errorf("reading the template: %w", err)
	}
	return parse(path, dir, content)
}

func parse(path, dir string, content []byte) (*Template, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(content, &document); err != nil {
		return nil, fmt.Errorf("%s is not YAML: %w", path, err)
	}
	r := &reader{dir: dir}
	r.read(&document)
	if len(r.problems) > 0 {
		errs := make([]error, len(r.problems))
		for i, p := range r.problems {
			errs[i] = fmt.Errorf("%s:%d: %s", path, p.Line, p.Text)
		}
		return nil, errors.Join(errs...)
	}
	slices.SortStableFunc(r.result.Notes, func(a, b Note) int { return a.Line - b.Line })
	if len(r.result.Functions) == 0 {
		return nil, noFunctions(path, r.result.Notes)
	}
	return &r.result, nil
}

func noFunctions(path string, notes []Note) error {
	var text strings.Builder
	text.WriteString(path + " has no function to run: add an AWS::Serverless::Function with Runtime provided.al2023 and the folder of a Go program as its CodeUri")
	for _, n := range notes {
		text.WriteString("\n  " + n.String())
	}
	return errors.New(text.String())
}

// reader collects what a template says, and what is wrong with it.
type reader struct {
	dir      string // of the template: paths in it are relative to that
	scope    scope
	globals  *yaml.Node // the section Globals.Function
	result   Template
	problems []Note
}

func (r *reader) note(at *yaml.Node, format string, args ...any) {
	r.result.Notes = append(r.result.Notes, Note{at.Line, fmt.Sprintf(format, args...)})
}

func (r *reader) problem(at *yaml.Node, format string, args ...any) {
	r.problems = append(r.problems, Note{at.Line, fmt.Sprintf(format, args...)})
}

func (r *reader) read(document *yaml.Node) {
	if len(document.Content) == 0 {
		return // an empty file: it has no functions
	}
	for _, alias := range aliases(document) {
		r.problem(alias, "CloudFormation knows no YAML aliases: write *%s out", alias.Value)
	}
	root := document.Content[0]
	r.globals = child(child(root, "Globals"), "Function")
	r.httpAPI(child(child(root, "Globals"), "HttpApi"))
	resources := child(root, "Resources")
	r.declare(child(root, "Parameters"), resources)
	for id, resource := range entries(resources) {
		kind := value(child(resource, "Type"))
		properties := child(resource, "Properties")
		if condition := child(resource, "Condition"); condition != nil {
			r.note(condition, "%s is made here whatever the condition %s says", id.Value, condition.Value)
		}
		switch {
		case kind == functionType:
			r.function(id, properties)
		case kind == tableType:
			r.table(id, properties)
		case kind == httpAPIType:
			r.httpAPI(properties)
		case !isOperational(kind):
			r.note(id, "%s (%s) is not made here", id.Value, kind)
		}
	}
}

// httpAPI looks at the properties of an API. Its routes come from the functions'
// events; what would change its answers is noted.
func (r *reader) httpAPI(properties *yaml.Node) {
	for name := range entries(properties) {
		switch name.Value {
		case "Auth", "CorsConfiguration", "DefinitionBody", "DefinitionUri", "DisableExecuteApiEndpoint":
			r.note(name, "%s of an HTTP API is not applied here", name.Value)
		}
	}
}

// isOperational reports whether resources of this type serve operators alone:
// a function cannot tell whether they exist.
func isOperational(kind string) bool {
	for _, prefix := range []string{"AWS::IAM::", "AWS::CloudWatch::", "AWS::Logs::", "AWS::ApplicationAutoScaling::", "AWS::Budgets::"} {
		if strings.HasPrefix(kind, prefix) {
			return true
		}
	}
	return kind == "AWS::Lambda::Permission"
}
