package template

import (
	"cmp"
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
	"AWS::StackId":   "arn:aws:cloudformation:us-east-1:123456789012:stack/local/1",
	"AWS::StackName": "local",
	"AWS::URLSuffix": "amazonaws.com",
}

// scope is what names in a template stand for.
type scope struct {
	refs map[string]string // what !Ref gives
	arns map[string]string // what !GetAtt NAME.Arn gives
	// unset are the parameters without a value, which they have only when the
	// template is deployed, each with the reason.
	unset      map[string]string
	others     map[string]string // the types of the resources that are not made here
	conditions map[string]*condition
	mappings   *yaml.Node
}

// text is the string that n stands for, with the intrinsic functions in it
// resolved. The error says what could not be resolved.
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
	case "Join":
		return s.join(arg)
	case "Select":
		return s.pick(arg)
	case "FindInMap":
		found, err := s.find(arg)
		if err != nil {
			return "", err
		}
		return s.text(found)
	case "If":
		return "", cmp.Or(undecided(n), errors.New("!If does not belong here"))
	default:
		return "", fmt.Errorf("!%s is not understood here", function)
	}
}

func (s *scope) ref(name string) (string, error) {
	if name == "AWS::NoValue" {
		return "", errNoValue
	}
	if v, ok := s.refs[name]; ok {
		return v, nil
	}
	if why, ok := s.unset[name]; ok {
		return "", fmt.Errorf("the parameter %s %s, and no --parameter gives it a value", name, why)
	}
	if kind, ok := s.others[name]; ok {
		return "", fmt.Errorf("%s (%s) is not made here", name, kind)
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
