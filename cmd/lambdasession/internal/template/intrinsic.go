package template

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// intrinsic splits a call of an intrinsic function, short (!Ref X) or long
// ({"Fn::GetAtt": [X, Arn]}), into the function's name and its argument. The
// name is empty if n is no call.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
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

// join is !Join [separator, list].
func (s *scope) join(arg *yaml.Node) (string, error) {
	parts := elements(arg)
	if len(parts) != 2 {
		return "", errors.New("!Join wants a separator and a list")
	}
	list, err := s.list(parts[1])
	return strings.Join(list, value(parts[0])), err
}

// pick is !Select [index, list].
func (s *scope) pick(arg *yaml.Node) (string, error) {
	parts := elements(arg)
	if len(parts) != 2 {
		return "", errors.New("!Select wants an index and a list")
	}
	index, err := s.text(parts[0])
	if err != nil {
		return "", err
	}
	list, err := s.list(parts[1])
	if err != nil {
		return "", err
	}
	i, err := strconv.Atoi(index)
	if err != nil || i < 0 || i >= len(list) {
		return "", fmt.Errorf("!Select wants the index of one of %d values, not %q", len(list), index)
	}
	return list[i], nil
}

// find is !FindInMap [map, key, key]. What it finds is a value or a list of
// values, in which no function may be: one could find itself.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/mappings-section-structure.html
func (s *scope) find(arg *yaml.Node) (*yaml.Node, error) {
	path := elements(arg)
	if len(path) != 3 {
		return nil, errors.New("!FindInMap wants a map and two keys")
	}
	at := s.mappings
	for _, part := range path {
		key, err := s.text(part)
		if err != nil {
			return nil, err
		}
		if at = child(at, key); at == nil {
			return nil, fmt.Errorf("!FindInMap does not find %q in Mappings", key)
		}
	}
	for _, n := range append(elements(at), at) {
		if function, _ := intrinsic(n); function != "" {
			return nil, fmt.Errorf("!FindInMap finds !%s, and Mappings take no functions", function)
		}
	}
	return at, nil
}

// list is the strings that n stands for. A parameter that is a list has them
// with commas between them.
func (s *scope) list(n *yaml.Node) ([]string, error) {
	function, arg := intrinsic(n)
	switch function {
	case "":
		var list []string
		for _, element := range elements(n) {
			text, err := s.text(element)
			if errors.Is(err, errNoValue) {
				continue
			}
			if err != nil {
				return nil, err
			}
			list = append(list, text)
		}
		return list, nil
	case "Split":
		parts := elements(arg)
		if len(parts) != 2 || value(parts[0]) == "" {
			return nil, errors.New("!Split wants a separator and a string")
		}
		text, err := s.text(parts[1])
		return strings.Split(text, value(parts[0])), err
	case "FindInMap":
		found, err := s.find(arg)
		if err != nil {
			return nil, err
		}
		return s.list(found)
	case "Ref":
		text, err := s.text(n)
		return strings.Split(text, ","), err
	default:
		return nil, fmt.Errorf("!%s is not understood here", function)
	}
}
