package main

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/template"
	"github.com/lambdasession/lambdasession-go/localtest"
)

func TestCreateTable(t *testing.T) {
	t.Parallel()
	client := localtest.DynamoDB(t).Client
	table := template.Table{
		Name: "made-as-the-template-says",
		Keys: []template.Key{{Name: "pk", Type: "S", Role: "HASH"}, {Name: "sk", Type: "N", Role: "RANGE"}},
		Indexes: []template.Index{
			{Name: "days", Global: true, Keys: []template.Key{{Name: "day", Type: "S", Role: "HASH"}, {Name: "sk", Type: "N", Role: "RANGE"}}, Projection: "INCLUDE", Attributes: []string{"total"}},
			{Name: "by-day", Keys: []template.Key{{Name: "pk", Type: "S", Role: "HASH"}, {Name: "day", Type: "S", Role: "RANGE"}}, Projection: "KEYS_ONLY"},
		},
		TTLAttribute: "expires",
	}
	// The second time it finds the table there, which is no error.
	for range 2 {
		if err := createTable(t.Context(), client, table); err != nil {
			t.Fatal(err)
		}
	}

	described, err := client.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: &table.Name})
	if err != nil {
		t.Fatal(err)
	}
	keys := func(schema []types.KeySchemaElement) []template.Key {
		var keys []template.Key
		for _, key := range schema {
			for _, attribute := range described.Table.AttributeDefinitions {
				if aws.ToString(attribute.AttributeName) == aws.ToString(key.AttributeName) {
					keys = append(keys, template.Key{Name: *key.AttributeName, Type: string(attribute.AttributeType), Role: string(key.KeyType)})
				}
			}
		}
		return keys
	}
	if diff := cmp.Diff(table.Keys, keys(described.Table.KeySchema)); diff != "" {
		t.Errorf("keys: %s", diff)
	}
	var indexes []template.Index
	for _, i := range described.Table.GlobalSecondaryIndexes {
		indexes = append(indexes, template.Index{
			Name: *i.IndexName, Global: true, Keys: keys(i.KeySchema),
			Projection: string(i.Projection.ProjectionType), Attributes: i.Projection.NonKeyAttributes,
		})
	}
	for _, i := range described.Table.LocalSecondaryIndexes {
		indexes = append(indexes, template.Index{
			Name: *i.IndexName, Keys: keys(i.KeySchema),
			Projection: string(i.Projection.ProjectionType), Attributes: i.Projection.NonKeyAttributes,
		})
	}
	if diff := cmp.Diff(table.Indexes, indexes); diff != "" {
		t.Errorf("indexes: %s", diff)
	}
	ttl, err := client.DescribeTimeToLive(t.Context(), &dynamodb.DescribeTimeToLiveInput{TableName: &table.Name})
	if err != nil {
		t.Fatal(err)
	}
	if d := ttl.TimeToLiveDescription; d.TimeToLiveStatus != types.TimeToLiveStatusEnabled || aws.ToString(d.AttributeName) != "expires" {
		t.Errorf("the TTL is %s on %q", d.TimeToLiveStatus, aws.ToString(d.AttributeName))
	}

	t.Run("a key that DynamoDB does not know is an error that names the table", func(t *testing.T) {
		t.Parallel()
		broken := template.Table{Name: "broken", Keys: []template.Key{{Name: "pk", Type: "X", Role: "HASH"}}}
		if err := createTable(t.Context(), client, broken); err == nil {
			t.Error("the table was made")
		}
	})
}
