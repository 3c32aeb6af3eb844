package template

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

const orders = `  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions:
        - {AttributeName: customer, AttributeType: S}
        - {AttributeName: number, AttributeType: N}
        - {AttributeName: day, AttributeType: S}
      KeySchema:
        - {AttributeName: customer, KeyType: HASH}
        - {AttributeName: number, KeyType: RANGE}
`

func TestIndexes(t *testing.T) {
	t.Parallel()

	t.Run("indexes are read with their keys and projections", func(t *testing.T) {
		t.Parallel()
		got, err := parseHere(t, shop+orders+`      GlobalSecondaryIndexes:
        - IndexName: days
          KeySchema: [{AttributeName: day, KeyType: HASH}]
          Projection: {ProjectionType: KEYS_ONLY}
        - !If [Never, {IndexName: never}, !Ref AWS::NoValue]
      LocalSecondaryIndexes:
        - IndexName: customers-days
          KeySchema: [{AttributeName: customer, KeyType: HASH}, {AttributeName: day, KeyType: RANGE}]
          Projection: {ProjectionType: INCLUDE, NonKeyAttributes: [total, !Ref AWS::Region]}
      TimeToLiveSpecification: {AttributeName: ends, Enabled: yes}
Conditions: {Never: !Equals [a, b]}
`)
		if err != nil {
			t.Fatal(err)
		}
		want := []Table{{
			ID: "Orders", Name: "Orders",
			Keys: []Key{{"customer", "S", "HASH"}, {"number", "N", "RANGE"}},
			Indexes: []Index{
				{Name: "days", Global: true, Keys: []Key{{"day", "S", "HASH"}}, Projection: "KEYS_ONLY"},
				{Name: "customers-days", Keys: []Key{{"customer", "S", "HASH"}, {"day", "S", "RANGE"}}, Projection: "INCLUDE", Attributes: []string{"total", "us-east-1"}},
			},
			TTLAttribute: "ends",
		}}
		if diff := cmp.Diff(want, got.Tables); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if len(got.Notes) > 0 {
			t.Errorf("notes %v", got.Notes)
		}
	})

	for _, c := range []struct{ name, yaml, want string }{
		{"an index without a name", "[{KeySchema: [{AttributeName: day, KeyType: HASH}], Projection: {ProjectionType: ALL}}]", "an index of Orders has no IndexName"},
		{"an index without a key", "[{IndexName: x, Projection: {ProjectionType: ALL}}]", "the index x of Orders has no KeySchema"},
		{"an index without a projection", "[{IndexName: x, KeySchema: [{AttributeName: day, KeyType: HASH}]}]", `ProjectionType of the index x of Orders is "", want ALL, KEYS_ONLY or INCLUDE`},
		{"an index on what is not defined", "[{IndexName: x, KeySchema: [{AttributeName: month, KeyType: HASH}], Projection: {ProjectionType: ALL}}]", `the key "month" of the index x of Orders is not in the AttributeDefinitions`},
		{"a key that begins with its range", "[{IndexName: x, KeySchema: [{AttributeName: day, KeyType: RANGE}], Projection: {ProjectionType: ALL}}]", `KeyType of the key "day" of the index x of Orders is "RANGE": want HASH for the first and RANGE for a second`},
	} {
		t.Run(c.name+" is refused", func(t *testing.T) {
			t.Parallel()
			_, err := parseHere(t, shop+orders+"      GlobalSecondaryIndexes: "+c.yaml+"\n")
			if want := "template.yaml:17: " + c.want; err == nil || err.Error() != want {
				t.Errorf("got  %v\nwant %s", err, want)
			}
		})
	}

	t.Run("a type that DynamoDB does not know is refused", func(t *testing.T) {
		t.Parallel()
		_, err := parseHere(t, shop+"  T: {Type: AWS::DynamoDB::Table, Properties: {AttributeDefinitions: [{AttributeName: a, AttributeType: string}], KeySchema: [{AttributeName: a, KeyType: HASH}]}}\n")
		if want := `template.yaml:7: AttributeType of "a" of T is "string", want S, N or B`; err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	})
}
