package template

import (
	"errors"
	"maps"

	"go.yaml.in/yaml/v3"
)

// declare fills the scope with what the template's names stand for. A resource's
// own name may refer to parameters, not to other resources.
func (r *reader) declare(parameters, resources *yaml.Node) {
	r.scope = scope{refs: maps.Clone(pseudoParameters), arns: map[string]string{}, unset: map[string]bool{}}
	for name, parameter := range entries(parameters) {
		if standard := child(parameter, "Default"); standard != nil {
			r.scope.refs[name.Value] = value(standard)
		} else {
			r.scope.unset[name.Value] = true
		}
	}
	names, arns := map[string]string{}, map[string]string{}
	for id, resource := range entries(resources) {
		properties := child(resource, "Properties")
		switch value(child(resource, "Type")) {
		case functionType:
			names[id.Value] = r.name(properties, "FunctionName", id.Value)
			arns[id.Value] = "arn:aws:lambda:us-east-1:123456789012:function:" + names[id.Value]
		case tableType:
			names[id.Value] = r.name(properties, "TableName", id.Value)
			arns[id.Value] = "arn:aws:dynamodb:us-east-1:123456789012:table/" + names[id.Value]
		}
	}
	maps.Copy(r.scope.refs, names)
	maps.Copy(r.scope.arns, arns)
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
