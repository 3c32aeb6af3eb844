package template

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// parameters puts into the scope what the template's parameters stand for: what
// was given for them, or their defaults.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
func (r *reader) parameters(section *yaml.Node) {
	known := map[string]bool{}
	for name, parameter := range entries(section) {
		known[name.Value] = true
		given, ok := r.given[name.Value]
		kind := value(child(parameter, "Type"))
		switch standard := child(parameter, "Default"); {
		case ok:
		case strings.HasPrefix(kind, "AWS::SSM::Parameter::Value<"):
			r.scope.unset[name.Value] = "is read from the Parameter Store"
			continue
		case standard == nil:
			r.scope.unset[name.Value] = "has no Default"
			continue
		default:
			given = value(standard)
		}
		r.scope.refs[name.Value] = given
		r.checkParameter(name, parameter, kind, given)
	}
	for _, name := range slices.Sorted(maps.Keys(r.given)) {
		if !known[name] {
			r.unknown = append(r.unknown, unknownParameter(name, slices.Sorted(maps.Keys(known))))
		}
	}
}

func unknownParameter(name string, known []string) error {
	if len(known) == 0 {
		return fmt.Errorf("--parameter %s: the template has no parameters", name)
	}
	return fmt.Errorf("--parameter %s: the template has %s", name, strings.Join(known, ", "))
}

// checkParameter holds a parameter's value to what CloudFormation would hold it
// to, as far as that is said by example: its patterns are Java's.
func (r *reader) checkParameter(name, parameter *yaml.Node, kind, given string) {
	if kind == "Number" {
		r.checkNumber(name, parameter, given)
	}
	allowed := child(parameter, "AllowedValues")
	if allowed == nil {
		return
	}
	var values []string
	for _, v := range elements(allowed) {
		values = append(values, value(v))
	}
	if !slices.Contains(values, given) {
		r.problem(allowed, "the parameter %s is %q, want one of its AllowedValues: %s", name.Value, given, strings.Join(values, ", "))
	}
}

func (r *reader) checkNumber(name, parameter *yaml.Node, given string) {
	number, err := strconv.ParseFloat(given, 64)
	if err != nil {
		r.problem(name, "the parameter %s is %q, want a number", name.Value, given)
		return
	}
	least, most := child(parameter, "MinValue"), child(parameter, "MaxValue")
	if bound, err := strconv.ParseFloat(value(least), 64); err == nil && number < bound {
		r.problem(least, "the parameter %s is %s, want at least its MinValue: %s", name.Value, given, value(least))
	}
	if bound, err := strconv.ParseFloat(value(most), 64); err == nil && number > bound {
		r.problem(most, "the parameter %s is %s, want at most its MaxValue: %s", name.Value, given, value(most))
	}
}
