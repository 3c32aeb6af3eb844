package template

import (
	"iter"

	"go.yaml.in/yaml/v3"
)

// child returns the value under key of a mapping, and nil of anything else.
func child(n *yaml.Node, key string) *yaml.Node {
	for k, v := range entries(n) {
		if k.Value == key {
			return v
		}
	}
	return nil
}

// keyOf returns a key of a mapping, or nil.
func keyOf(n *yaml.Node, key string) *yaml.Node {
	for k := range entries(n) {
		if k.Value == key {
			return k
		}
	}
	return nil
}

// entries yields the keys and values of a mapping, and nothing of anything else.
func entries(n *yaml.Node) iter.Seq2[*yaml.Node, *yaml.Node] {
	return func(yield func(k, v *yaml.Node) bool) {
		if n == nil || n.Kind != yaml.MappingNode {
			return
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			if !yield(n.Content[i], n.Content[i+1]) {
				return
			}
		}
	}
}

// elements returns the elements of a sequence, and none of anything else.
func elements(n *yaml.Node) []*yaml.Node {
	if n == nil || n.Kind != yaml.SequenceNode {
		return nil
	}
	return n.Content
}

// value returns a plain scalar as it is written, and "" for anything else.
func value(n *yaml.Node) string {
	if n == nil || n.Kind != yaml.ScalarNode {
		return ""
	}
	return n.Value
}

// repeated returns the keys below n that their mapping has already: YAML has no
// such mappings (section 3.2.1.1), but a Node lets them through.
//
// https://yaml.org/spec/1.2.2/
func repeated(n *yaml.Node) []*yaml.Node {
	var found []*yaml.Node
	known := map[string]bool{}
	for k := range entries(n) {
		if known[k.Value] {
			found = append(found, k)
		}
		known[k.Value] = true
	}
	for _, c := range n.Content {
		found = append(found, repeated(c)...)
	}
	return found
}

// aliases returns the YAML aliases (*name) below n.
func aliases(n *yaml.Node) []*yaml.Node {
	if n.Kind == yaml.AliasNode {
		return []*yaml.Node{n}
	}
	var found []*yaml.Node
	for _, c := range n.Content {
		found = append(found, aliases(c)...)
	}
	return found
}
