package template

import (
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"
)

// errNoValue is AWS::NoValue: the property is to be treated as absent.
var errNoValue = errors.New("no value")

// pseudoParameters are what CloudFormation defines in every template.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
var pseudoParameters = map[string]string{
	"AWS::AccountId": "123456789012",
	"AWS::Partition": "aws",
	"AWS::Region":    "us-east-1",
	"AWS::StackName": "local",
	"AWS::URLSuffix": "amazonaws.com",
}

// scope is what names in a template stand for.
type scope struct {
	refs map[string]string // what !Ref gives
	arns map[string]string // what !GetAtt NAME.Arn gives
	// unset are the parameters without a default: they have a value only when
	// the template is deployed.
	unset map[string]bool
}

// text is the string that n stands for, with the intrinsic functions Ref, Sub
// and GetAtt resolved. The error says what could not be resolved.
func (s *scope) text(n *yaml.Node) (string, error) {
	function, arg := intrinsic(n)
	switch function {
	case "":
		if n.Kind != yaml.ScalarNode {
			return "", errors.New("a string is expected here")
		}
		return n.Value, nil
	case "Ref":
		return s.ref(value(arg))
	case "GetAtt":
		path := value(arg)
		if parts := elements(arg); len(parts) == 2 {
			path = value(parts[0]) + "." + value(parts[1])
		}
		return s.attribute(path)
	case "Sub":
		return s.sub(arg)
	default:
		return "", fmt.Errorf("!%s is not understood here", function)
	}
}

// intrinsic splits a call of an intrinsic function, short (!Ref X) or long
// ({"Fn::GetAtt": [X, Arn]}), into the function's name and its argument. The
// name is empty if n is no call.
func intrinsic(n *yaml.Node) (function string, arg *yaml.Node) {
	if name, ok := strings.CutPrefix(n.Tag, "!"); ok && !strings.HasPrefix(name, "!") {
		return name, n
	}
	if n.Kind == yaml.MappingNode && len(n.Content) == 2 {
		key := n.Content[0].Value
		if name, ok := strings.CutPrefix(key, "Fn::"); ok || key == "Ref" {
			return name, n.Content[1]
		}
	}
	return "", nil
}

func (s *scope) ref(name string) (string, error) {
	if name == "AWS::NoValue" {
		return "", errNoValue
	}
	if v, ok := s.refs[name]; ok {
		return v, nil
	}
	if s.unset[name] {
		return "", fmt.Errorf("the parameter %s has no Default", name)
	}
	return "", fmt.Errorf("%s is neither a parameter nor a table or function of this template", name)
}

func (s *scope) attribute(path string) (string, error) {
	id, attribute, _ := strings.Cut(path, ".")
	if arn, ok := s.arns[id]; ok && attribute == "Arn" {
		return arn, nil
	}
	return "", fmt.Errorf("%s is not known here", path)
}

// sub resolves ${NAME}, ${NAME.Arn} and, literally, ${!TEXT}. The argument is
// the text, or a list of the text and a mapping of further names.
func (s *scope) sub(arg *yaml.Node) (string, error) {
	text, own := value(arg), (*yaml.Node)(nil)
	if parts := elements(arg); len(parts) == 2 {
		text, own = value(parts[0]), parts[1]
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(text, "${")
		b.WriteString(before)
		if !found {
			return b.String(), nil
		}
		name, after, closed := strings.Cut(rest, "}")
		if !closed {
			return "", errors.New("!Sub has a ${ without a }")
		}
		v, err := s.variable(name, own)
		if err != nil {
			return "", err
		}
		b.WriteString(v)
		text = after
	}
}

func (s *scope) variable(name string, own *yaml.Node) (string, error) {
	if literal, ok := strings.CutPrefix(name, "!"); ok {
		return "${" + literal + "}", nil
	}
	if n := child(own, name); n != nil {
		return s.text(n)
	}
	if strings.Contains(name, ".") {
		return s.attribute(name)
	}
	return s.ref(name)
}
