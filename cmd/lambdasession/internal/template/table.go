package template

import (
	"errors"
	"strings"

	"go.yaml.in/yaml/v3"
)

const tableType = "AWS::DynamoDB::Table"

// table reads a table's key and its TTL. Capacity, encryption, backups and tags
// make no difference to who uses the table.
func (r *reader) table(id, properties *yaml.Node) {
	t := Table{ID: id.Value, Name: r.scope.refs[id.Value]}
	types := map[string]string{}
	for _, attribute := range elements(child(properties, "AttributeDefinitions")) {
		types[r.string(attribute, "AttributeName")] = r.string(attribute, "AttributeType")
	}
	for _, key := range elements(child(properties, "KeySchema")) {
		name := r.string(key, "AttributeName")
		if types[name] == "" {
			r.problem(key, "the key %q of %s is missing in its AttributeDefinitions", name, t.ID)
		}
		t.Keys = append(t.Keys, Key{Name: name, Type: types[name], Role: r.string(key, "KeyType")})
	}
	if len(t.Keys) == 0 {
		r.problem(id, "%s has no KeySchema", t.ID)
	}
	if ttl := child(properties, "TimeToLiveSpecification"); strings.EqualFold(r.string(ttl, "Enabled"), "true") {
		t.TTLAttribute = r.string(ttl, "AttributeName")
	}
	for name := range entries(properties) {
		switch name.Value {
		case "GlobalSecondaryIndexes", "LocalSecondaryIndexes", "StreamSpecification", "KinesisStreamSpecification", "ImportSourceSpecification":
			r.note(name, "%s of %s is not made here", name.Value, t.ID)
		}
	}
	r.result.Tables = append(r.result.Tables, t)
}

// string is the string at a property, or "" if it is absent. One that cannot be
// resolved is a problem.
func (r *reader) string(n *yaml.Node, property string) string {
	v := child(n, property)
	if v == nil {
		return ""
	}
	text, err := r.scope.text(v)
	if err != nil {
		if !errors.Is(err, errNoValue) {
			r.problem(v, "%s: %v", property, err)
		}
		return ""
	}
	return text
}
