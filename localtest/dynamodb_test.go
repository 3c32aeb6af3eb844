package localtest_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/localtest"
)

func TestDynamoDB(t *testing.T) {
	t.Parallel()

	t.Run("all tests of a binary share one server", func(t *testing.T) {
		t.Parallel()
		if one, other := localtest.DynamoDB(t), localtest.DynamoDB(t); one.Endpoint() != other.Endpoint() {
			t.Errorf("servers at %s and %s", one.Endpoint(), other.Endpoint())
		}
	})

	t.Run("a table has the keys and the TTL of a sessions table", func(t *testing.T) {
		t.Parallel()
		db := localtest.DynamoDB(t)
		table := aws.String(db.Table())
		described, err := db.Client.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: table})
		if err != nil {
			t.Fatal(err)
		}
		keys := map[string]types.KeyType{}
		for _, key := range described.Table.KeySchema {
			keys[aws.ToString(key.AttributeName)] = key.KeyType
		}
		if diff := cmp.Diff(map[string]types.KeyType{"pk": types.KeyTypeHash, "sk": types.KeyTypeRange}, keys); diff != "" {
			t.Errorf("keys (-want +got):\n%s", diff)
		}
		ttl, err := db.Client.DescribeTimeToLive(t.Context(), &dynamodb.DescribeTimeToLiveInput{TableName: table})
		if err != nil {
			t.Fatal(err)
		}
		if got := aws.ToString(ttl.TimeToLiveDescription.AttributeName); got != "expires" {
			t.Errorf("TTL on %q", got)
		}
	})

	t.Run("every table is another one, and gone when its test has ended", func(t *testing.T) {
		t.Parallel()
		db := localtest.DynamoDB(t)
		var inner []string
		t.Run("a test", func(t *testing.T) {
			db := localtest.DynamoDB(t)
			inner = []string{db.Table(), db.Table()}
		})
		if inner[0] == inner[1] {
			t.Errorf("%q twice", inner[0])
		}
		for _, table := range inner {
			_, err := db.Client.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: aws.String(table)})
			wantAPIError(t, err, "ResourceNotFoundException")
		}
	})

	t.Run("a client derived from another is metered like it", func(t *testing.T) {
		t.Parallel()
		db := localtest.DynamoDB(t)
		client := dynamodb.New(db.Client.Options(), func(o *dynamodb.Options) { o.Retryer = aws.NopRetryer{} })
		if _, err := client.ListTables(t.Context(), &dynamodb.ListTablesInput{}); err != nil {
			t.Fatal(err)
		}
		if got := db.Meter().Usage().Calls; got != 1 {
			t.Errorf("%d calls", got)
		}
	})
}
