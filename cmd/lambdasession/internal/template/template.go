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
	CodeDir  string // the folder of its main package, absolute, or, if Built, of its bootstrap
	Built    bool   // the folder holds a program as sam build makes it, and no source
	Handler  string
	Timeout  time.Duration // 0: Lambda's default
	MemoryMB int           // 0: Lambda's default

	// LogFormat is "Text" or "JSON", or empty: Lambda's default, which is Text.
	LogFormat string

	// Env is what is known here of its environment variables.
	Env map[string]string

	// Routes are in the template's order. A function that nobody can ask over
	// HTTP has none.
	Routes []Route
}

// Table is a DynamoDB table.
type Table struct {
	ID           string // its name in the template
	Name         string // TableName, or ID
	Keys         []Key  // the partition key, then the sort key if there is one
	Indexes      []Index
	TTLAttribute string // empty if the table has no TTL
}

// Index is a secondary index of a table.
type Index struct {
	Name       string
	Global     bool     // else local: it shares the table's partition key
	Keys       []Key    // the partition key, then the sort key if there is one
	Projection string   // ALL, KEYS_ONLY or INCLUDE
	Attributes []string // those that INCLUDE adds to the keys
}

// Key is an attribute of the key of a table or an index.
type Key struct {
	Name string
	Type string // S, N or B
	Role string // HASH or RANGE
}

// Read reads the template at path, with these values for its parameters, as
// they would be given to a deployment, over their defaults. Its error names every
// line that has to be changed, and a parameter that the template does not have. A
// template that holds no Go function is an error too.
func Read(path string, parameters map[string]string) (*Template, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading the template: %w", err)
	}
	dir, err := filepath.Abs(filepath.Dir(path))
	if err != nil {
		return nil, fmt.Errorf("reading the template: %w", err)
	}
	return parse(path, dir, content, parameters)
}

func parse(path, dir string, content []byte, parameters map[string]string) (*Template, error) {
	var document yaml.Node
	if err := yaml.Unmarshal(content, &document); err != nil {
		return nil, fmt.Errorf("%s is not YAML: %w", path, err)
	}
	r := &reader{dir: dir, given: parameters}
	r.read(&document)
	errs := r.unknown
	for _, p := range r.problems {
		errs = append(errs, fmt.Errorf("%s:%d: %s", path, p.Line, p.Text))
	}
	if len(errs) > 0 {
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
	dir       string            // of the template: paths in it are relative to that
	given     map[string]string // parameters
	scope     scope
	globals   *yaml.Node // the section Globals.Function
	resources []declared
	apis      map[string]api
	result    Template
	problems  []Note
	unknown   []error // parameters that were given and are not there
}

func (r *reader) note(at *yaml.Node, format string, args ...any) {
	r.result.Notes = append(r.result.Notes, Note{at.Line, fmt.Sprintf(format, args...)})
}

// problem notes what has to be changed: once, though each function has a look at
// what is wrong in Globals.
func (r *reader) problem(at *yaml.Node, format string, args ...any) {
	if p := (Note{at.Line, fmt.Sprintf(format, args...)}); !slices.Contains(r.problems, p) {
		r.problems = append(r.problems, p)
	}
}

func (r *reader) read(document *yaml.Node) {
	if len(document.Content) == 0 {
		return // an empty file: it has no functions
	}
	for _, alias := range aliases(document) {
		r.problem(alias, "CloudFormation knows no YAML aliases: write *%s out", alias.Value)
	}
	for _, key := range repeated(document) {
		r.problem(key, "%s is there twice: which of the two counts?", key.Value)
	}
	root := document.Content[0]
	r.declare(root)
	globals := child(root, "Globals")
	r.noteAPI(httpAPIType, child(globals, "HttpApi"))
	r.noteAPI(restAPIType, child(globals, "Api"))
	for _, d := range r.resources {
		switch {
		case d.kind == functionType:
			r.function(d.id, d.properties)
		case d.kind == tableType:
			r.table(d.id, d.properties)
		case d.kind == httpAPIType, d.kind == restAPIType:
			r.noteAPI(d.kind, d.properties)
		case d.kind == "":
			r.note(d.id, "%s is not made here: it has no Type", d.id.Value)
		case !isOperational(d.kind):
			r.note(d.id, "%s (%s) is not made here", d.id.Value, d.kind)
		}
	}
}
