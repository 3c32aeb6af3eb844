package template

import (
	"errors"
	"fmt"

	"go.yaml.in/yaml/v3"
)

// condition is an entry of the section Conditions.
type condition struct {
	node  *yaml.Node
	state conditionState
	holds bool  // once told
	err   error // why it cannot be told
}

type conditionState uint8

const (
	untold conditionState = iota
	beingTold
	told
)

// conditions puts the template's conditions into the scope.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/conditions-section-structure.html
func (r *reader) conditions(section *yaml.Node) {
	for name, node := range entries(section) {
		r.scope.conditions[name.Value] = &condition{node: node}
	}
}

// holds tells whether a condition is fulfilled. The error says why it cannot be
// told.
func (s *scope) holds(name string) (bool, error) {
	c, ok := s.conditions[name]
	switch {
	case !ok:
		return false, fmt.Errorf("there is no condition %q", name)
	case c.state == beingTold:
		return false, fmt.Errorf("the condition %s refers to itself", name)
	case c.state == untold:
		c.state = beingTold
		c.holds, c.err = s.evaluate(c.node)
		c.state = told
	}
	if c.err != nil {
		return false, fmt.Errorf("the condition %s cannot be told: %w", name, c.err)
	}
	return c.holds, nil
}

func (s *scope) evaluate(n *yaml.Node) (bool, error) {
	if name := child(n, "Condition"); name != nil {
		return s.holds(value(name))
	}
	function, arg := intrinsic(n)
	operands := elements(arg)
	switch {
	case function == "Condition":
		return s.holds(value(arg))
	case function == "Equals" && len(operands) == 2:
		left, err := s.text(operands[0])
		if err != nil {
			return false, err
		}
		right, err := s.text(operands[1])
		return left == right, err
	case function == "Not" && len(operands) == 1:
		holds, err := s.evaluate(operands[0])
		return !holds, err
	case function == "And" && len(operands) > 0:
		return s.fold(operands, false)
	case function == "Or" && len(operands) > 0:
		return s.fold(operands, true)
	case function != "":
		return false, fmt.Errorf("line %d: !%s of %d values is not understood here", n.Line, function, len(operands))
	default:
		return false, fmt.Errorf("line %d: want !Equals, !Not, !And, !Or or !Condition", n.Line)
	}
}

// fold is Or if one that holds decides, and And if one that does not. One that
// decides does so beside others that cannot be told.
func (s *scope) fold(operands []*yaml.Node, decides bool) (bool, error) {
	var errs []error
	for _, operand := range operands {
		holds, err := s.evaluate(operand)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		if holds == decides {
			return decides, nil
		}
	}
	return !decides, errors.Join(errs...)
}

// decide puts in the place of every !If below n the value that its condition
// chooses. One that cannot be told becomes a scalar that is still an !If, and of
// which [scope.text] says why.
func (s *scope) decide(n *yaml.Node) {
	for {
		function, arg := intrinsic(n)
		if function != "If" {
			break
		}
		chosen, err := s.choose(arg)
		if err != nil {
			*n = yaml.Node{Kind: yaml.ScalarNode, Tag: "!If", Value: err.Error(), Line: n.Line, Column: n.Column}
			return
		}
		*n = *chosen
	}
	kept := n.Content[:0:0]
	for _, c := range n.Content {
		s.decide(c)
		if n.Kind != yaml.SequenceNode || !isNoValue(c) {
			kept = append(kept, c)
		}
	}
	n.Content = kept
}

// choose returns the value that an !If chooses.
func (s *scope) choose(arg *yaml.Node) (*yaml.Node, error) {
	parts := elements(arg)
	if len(parts) != 3 {
		return nil, errors.New("!If wants a condition and two values")
	}
	holds, err := s.holds(value(parts[0]))
	if err != nil {
		return nil, err
	}
	if holds {
		return parts[1], nil
	}
	return parts[2], nil
}

// undecided is why an !If could not be decided, or nil if n is none.
func undecided(n *yaml.Node) error {
	if n != nil && n.Kind == yaml.ScalarNode && n.Tag == "!If" {
		return errors.New(n.Value)
	}
	return nil
}

// isNoValue reports whether n is !Ref AWS::NoValue: the same as nothing.
func isNoValue(n *yaml.Node) bool {
	function, arg := intrinsic(n)
	return function == "Ref" && value(arg) == "AWS::NoValue"
}
