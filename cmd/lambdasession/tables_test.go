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
		Name:         "made-as-the-template-says",
		Keys:         []template.Key{{Name: "pk", Type: "S", Role: "HASH"}, {Name: "sk", Type: "N", Role: "RANGE"}},
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
	var got []template.Key
	for _, key := range described.Table.KeySchema {
		for _, attribute := range described.Table.AttributeDefinitions {
			if aws.ToString(attribute.AttributeName) == aws.ToString(key.AttributeName) {
				got = append(got, template.Key{Name: *key.AttributeName, Type: string(attribute.AttributeType), Role: string(key.KeyType)})
			}
		}
	}
	if diff := cmp.Diff(table.Keys, got); diff != "" {
		t.Errorf("keys: %s", diff)
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
