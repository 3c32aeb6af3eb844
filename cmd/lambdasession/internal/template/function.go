package template

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

const functionType = "AWS::Serverless::Function"

// function reads a function. One that is not a Go program is noted and left
// out; one that should be and cannot be found is a problem.
func (r *reader) function(id, properties *yaml.Node) {
	f := Function{ID: id.Value, Name: r.scope.refs[id.Value]}
	if why := r.foreign(properties); why != "" {
		r.note(id, "%s is not run here: %s", f.ID, why)
		return
	}
	f.CodeDir, f.Built = r.codeDir(id, properties)
	f.Handler = r.functionString(properties, "Handler")
	f.Timeout = time.Duration(r.functionInt(properties, "Timeout")) * time.Second
	f.MemoryMB = r.functionInt(properties, "MemorySize")
	f.LogFormat = r.logFormat(f.ID, properties)
	f.Env = r.environment(f.ID, properties)
	for name, event := range entries(r.structure(properties, "Events", f.ID)) {
		r.event(&f, name, event)
	}
	r.functionURL(&f, properties)
	for _, section := range []*yaml.Node{r.globals, properties} {
		for name := range entries(section) {
			switch name.Value {
			case "Layers", "FileSystemConfigs":
				r.note(name, "%s of %s is not applied here", name.Value, f.ID)
			}
		}
	}
	r.result.Functions = append(r.result.Functions, f)
}

// foreign says why the function is none that the go command can build, or "".
func (r *reader) foreign(properties *yaml.Node) string {
	if kind := r.functionString(properties, "PackageType"); kind == "Image" {
		return "it is a container image"
	}
	if child(properties, "InlineCode") != nil {
		return "its code is inline"
	}
	if runtime := r.functionString(properties, "Runtime"); !strings.HasPrefix(runtime, "provided") {
		return "its Runtime is " + strconv.Quote(runtime) + ", a Go program's is provided.al2023"
	}
	return ""
}

// section is where a function's property is said: in its own properties, or else
// in Globals.
func (r *reader) section(properties *yaml.Node, name string) *yaml.Node {
	if child(properties, name) != nil {
		return properties
	}
	return r.globals
}

func (r *reader) functionString(properties *yaml.Node, name string) string {
	return r.string(r.section(properties, name), name)
}

// functionInt is a number that is zero if it is absent.
func (r *reader) functionInt(properties *yaml.Node, name string) int {
	text := r.functionString(properties, name)
	if text == "" {
		return 0
	}
	number, err := strconv.Atoi(text)
	if err != nil || number < 1 {
		r.problem(child(r.section(properties, name), name), "%s is %q, want a whole number above 0", name, text)
	}
	return number
}

// codeDir is the folder of a function's program, and whether that is built
// already, as in the template that sam build writes.
func (r *reader) codeDir(id, properties *yaml.Node) (dir string, built bool) {
	uri := r.functionString(properties, "CodeUri")
	if uri == "" {
		r.problem(id, "%s has no CodeUri: put the folder of its Go program there", id.Value)
		return "", false
	}
	at := child(r.section(properties, "CodeUri"), "CodeUri")
	dir = filepath.FromSlash(uri)
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(r.dir, dir)
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		r.problem(at, "CodeUri of %s: there is no folder %s beside the template", id.Value, uri)
		return dir, false
	}
	if sources, _ := filepath.Glob(filepath.Join(dir, "*.go")); len(sources) > 0 {
		return dir, false
	}
	if info, err := os.Stat(filepath.Join(dir, "bootstrap")); err == nil && info.Mode().IsRegular() {
		return dir, true
	}
	r.problem(at, "CodeUri of %s: the folder %s holds no Go program", id.Value, uri)
	return dir, false
}

// logFormat is the format of the function's logs. One that is not known here
// is Lambda's default.
func (r *reader) logFormat(function string, properties *yaml.Node) string {
	for _, section := range []*yaml.Node{properties, r.globals} {
		n := child(r.structure(section, "LoggingConfig", function), "LogFormat")
		if n == nil {
			continue
		}
		format, err := r.scope.text(n)
		switch {
		case errors.Is(err, errNoValue):
		case err != nil:
			r.note(n, "LogFormat of %s is Text here: %v", function, err)
		case format != "Text" && format != "JSON":
			r.problem(n, "LogFormat of %s is %q, want Text or JSON", function, format)
		default:
			return format
		}
		return ""
	}
	return ""
}

// environment is the function's variables over those of Globals. A variable
// that cannot be resolved is left out: the function says best whether it can do
// without.
func (r *reader) environment(function string, properties *yaml.Node) map[string]string {
	env := map[string]string{}
	for _, section := range []*yaml.Node{r.globals, properties} {
		variables := r.structure(r.structure(section, "Environment", function), "Variables", function)
		for name, v := range entries(variables) {
			text, err := r.scope.text(v)
			if err == nil && strings.Contains(text, "{{resolve:") {
				err = fmt.Errorf("only CloudFormation resolves %s", text)
			}
			switch {
			case err == nil:
				env[name.Value] = text
			case errors.Is(err, errNoValue):
				delete(env, name.Value)
			default:
				delete(env, name.Value)
				r.note(name, "%s of %s is not set: %v; --env %s=VALUE sets it", name.Value, function, err, name.Value)
			}
		}
	}
	return env
}
