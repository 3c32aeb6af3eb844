package template

import (
	"errors"
	"maps"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// declare fills the scope with what the template's names stand for, decides every
// !If, and finds out which resources there are. A resource's own name may refer
// to parameters, not to other resources.
func (r *reader) declare(root *yaml.Node) {
	r.scope = scope{
		refs:       maps.Clone(pseudoParameters),
		arns:       map[string]string{},
		unset:      map[string]string{},
		others:     map[string]string{},
		conditions: map[string]*condition{},
		mappings:   child(root, "Mappings"),
	}
	r.parameters(child(root, "Parameters"))
	r.conditions(child(root, "Conditions"))
	globals, resources := child(root, "Globals"), child(root, "Resources")
	for _, section := range []*yaml.Node{globals, resources} {
		if section != nil {
			r.scope.decide(section)
		}
	}
	r.globals = child(globals, "Function")
	r.apis = map[string]api{
		implicitHTTPAPI: {kind: httpAPIType, stage: "$default"},
		implicitRESTAPI: {kind: restAPIType, stage: "Prod"},
	}
	names, arns := map[string]string{}, map[string]string{}
	for id, resource := range entries(resources) {
		kind, properties := value(child(resource, "Type")), child(resource, "Properties")
		if kind != "" && !logicalID.MatchString(id.Value) {
			r.problem(id, "%q is no name of a resource: CloudFormation takes letters and digits alone", id.Value)
			continue
		}
		if !r.exists(id, kind, child(resource, "Condition")) {
			r.scope.others[id.Value] = kind
			continue
		}
		r.resources = append(r.resources, declared{id, kind, properties})
		switch kind {
		case functionType:
			names[id.Value] = r.name(properties, "FunctionName", id.Value)
			arns[id.Value] = "arn:aws:lambda:us-east-1:123456789012:function:" + names[id.Value]
		case tableType:
			names[id.Value] = r.name(properties, "TableName", id.Value)
			arns[id.Value] = "arn:aws:dynamodb:us-east-1:123456789012:table/" + names[id.Value]
		case httpAPIType, restAPIType:
			r.apis[id.Value] = r.api(id, kind, properties)
			r.scope.others[id.Value] = kind
		default:
			r.scope.others[id.Value] = kind
		}
	}
	maps.Copy(r.scope.refs, names)
	maps.Copy(r.scope.arns, arns)
}

// logicalID is what CloudFormation takes for the name of a resource.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resources-section-structure.html
var logicalID = regexp.MustCompile(`^[A-Za-z0-9]+$`)

// declared is a resource of the template.
type declared struct {
	id         *yaml.Node
	kind       string
	properties *yaml.Node
}

// exists reports whether a resource's condition holds. Nobody needs to know of
// one that only operators would see.
func (r *reader) exists(id *yaml.Node, kind string, condition *yaml.Node) bool {
	if condition == nil {
		return true
	}
	holds, err := r.scope.holds(value(condition))
	switch {
	case isOperational(kind):
	case err != nil:
		r.note(condition, "%s is made here: %v", id.Value, err)
		return true
	case !holds:
		r.note(condition, "%s is not made: its condition %s does not hold", id.Value, condition.Value)
	}
	return holds
}

// name is the name that a resource gives itself, or id, where CloudFormation
// would make one up.
func (r *reader) name(properties *yaml.Node, property, id string) string {
	n := child(properties, property)
	if n == nil {
		return id
	}
	name, err := r.scope.text(n)
	if err != nil {
		if !errors.Is(err, errNoValue) {
			r.note(n, "the %s of %s is %s here: %v", property, id, id, err)
		}
		return id
	}
	return name
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
