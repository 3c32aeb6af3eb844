package template

import (
	"cmp"
	"errors"
	"strings"

	"go.yaml.in/yaml/v3"
)

const tableType = "AWS::DynamoDB::Table"

// table reads a table's keys, its indexes and its TTL. Capacity, encryption,
// backups and tags make no difference to who uses the table.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html
func (r *reader) table(id, properties *yaml.Node) {
	t := Table{ID: id.Value, Name: r.scope.refs[id.Value]}
	types := map[string]string{}
	for _, attribute := range elements(child(properties, "AttributeDefinitions")) {
		name, kind := r.string(attribute, "AttributeName"), r.string(attribute, "AttributeType")
		if kind != "S" && kind != "N" && kind != "B" {
			r.problem(attribute, "AttributeType of %q of %s is %q, want S, N or B", name, t.ID, kind)
		}
		types[name] = kind
	}
	t.Keys = r.keys(id, t.ID, properties, types)
	for _, property := range []string{"GlobalSecondaryIndexes", "LocalSecondaryIndexes"} {
		for _, index := range elements(r.structure(properties, property, t.ID)) {
			t.Indexes = append(t.Indexes, r.index(t.ID, index, property == "GlobalSecondaryIndexes", types))
		}
	}
	if ttl := r.structure(properties, "TimeToLiveSpecification", t.ID); isTrue(r.string(ttl, "Enabled")) {
		t.TTLAttribute = r.string(ttl, "AttributeName")
	}
	for name := range entries(properties) {
		switch name.Value {
		case "StreamSpecification", "KinesisStreamSpecification", "ImportSourceSpecification":
			r.note(name, "%s of %s is not made here", name.Value, t.ID)
		}
	}
	r.result.Tables = append(r.result.Tables, t)
}

// keys reads the KeySchema of a table or of an index, and says at its line what
// is wrong with it.
func (r *reader) keys(at *yaml.Node, owner string, properties *yaml.Node, types map[string]string) []Key {
	var keys []Key
	for _, key := range elements(child(properties, "KeySchema")) {
		k := Key{Name: r.string(key, "AttributeName"), Role: r.string(key, "KeyType")}
		if k.Type = types[k.Name]; k.Type == "" {
			r.problem(key, "the key %q of %s is not in the AttributeDefinitions", k.Name, owner)
		}
		if want := []string{"HASH", "RANGE", ""}[min(len(keys), 2)]; k.Role != want {
			r.problem(key, "KeyType of the key %q of %s is %q: want HASH for the first and RANGE for a second", k.Name, owner, k.Role)
		}
		keys = append(keys, k)
	}
	if len(keys) == 0 {
		r.problem(at, "%s has no KeySchema", owner)
	}
	return keys
}

// index reads a secondary index.
func (r *reader) index(table string, n *yaml.Node, global bool, types map[string]string) Index {
	projection := child(n, "Projection")
	i := Index{
		Name:       r.string(n, "IndexName"),
		Global:     global,
		Projection: r.string(projection, "ProjectionType"),
	}
	owner := "the index " + i.Name + " of " + table
	if i.Name == "" {
		owner = "an index of " + table
		r.problem(n, "%s has no IndexName", owner)
	}
	i.Keys = r.keys(n, owner, n, types)
	switch i.Projection {
	case "ALL", "KEYS_ONLY", "INCLUDE":
	default:
		r.problem(n, "ProjectionType of %s is %q, want ALL, KEYS_ONLY or INCLUDE", owner, i.Projection)
	}
	attributes, err := r.scope.list(cmp.Or(child(projection, "NonKeyAttributes"), &yaml.Node{}))
	if err != nil {
		r.problem(projection, "NonKeyAttributes of %s: %v", owner, err)
	}
	i.Attributes = attributes
	return i
}

// isTrue reports whether YAML 1.1, which CloudFormation reads, takes a text for
// true.
func isTrue(text string) bool {
	switch strings.ToLower(text) {
	case "true", "yes", "on":
		return true
	default:
		return false
	}
}

// structure is a mapping or a list at a property, or nil if it is absent. One
// that hangs on a condition that cannot be told is noted.
func (r *reader) structure(n *yaml.Node, property, owner string) *yaml.Node {
	v := child(n, property)
	if v == nil || isNoValue(v) {
		return nil
	}
	if why := undecided(v); why != nil {
		r.note(v, "%s of %s is not applied here: %v", property, owner, why)
		return nil
	}
	return v
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
