package localtest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/lambdasession/lambdasession-go/localtest"
)

// sized is an item of exactly that many bytes: pk (2 and its own length), sk and
// "s" (3), v (1) and the rest.
func sized(pk string, bytes int) map[string]types.AttributeValue {
	item := keyOf(pk)
	item["v"] = text(strings.Repeat("x", bytes-len("pk")-len(pk)-len("sks")-len("v")))
	return item
}

func keyOf(pk string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{"pk": text(pk), "sk": text("s")}
}

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

// the condition that holds for items that are there, and the one that fails
var (
	there    = aws.String("attribute_exists(pk)")
	notThere = aws.String("attribute_not_exists(pk)")
)

func TestMeterUnits(t *testing.T) {
	t.Parallel()

	// What is in the table before each call, by partition key.
	stored := map[string]int{"small": 100, "1KB": 1 << 10, "1KB+1": 1<<10 + 1, "4KB": 4 << 10, "4KB+1": 4<<10 + 1}

	type call = func(ctx context.Context, c *dynamodb.Client, table *string) error
	get := func(pk string, consistent bool) call {
		return func(ctx context.Context, c *dynamodb.Client, table *string) error {
			_, err := c.GetItem(ctx, &dynamodb.GetItemInput{TableName: table, Key: keyOf(pk), ConsistentRead: aws.Bool(consistent)})
			return err
		}
	}
	put := func(pk string, bytes int, condition *string) call {
		return func(ctx context.Context, c *dynamodb.Client, table *string) error {
			_, err := c.PutItem(ctx, &dynamodb.PutItemInput{TableName: table, Item: sized(pk, bytes), ConditionExpression: condition})
			return err
		}
	}
	update := func(pk, expression string, condition *string) call {
		return func(ctx context.Context, c *dynamodb.Client, table *string) error {
			_, err := c.UpdateItem(ctx, &dynamodb.UpdateItemInput{
				TableName: table, Key: keyOf(pk), UpdateExpression: aws.String(expression), ConditionExpression: condition,
			})
			return err
		}
	}
	remove := func(pk string, condition *string) call {
		return func(ctx context.Context, c *dynamodb.Client, table *string) error {
			_, err := c.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: table, Key: keyOf(pk), ConditionExpression: condition})
			return err
		}
	}
	query := func(pk string, consistent bool) call {
		return func(ctx context.Context, c *dynamodb.Client, table *string) error {
			_, err := c.Query(ctx, &dynamodb.QueryInput{
				TableName: table, ConsistentRead: aws.Bool(consistent), KeyConditionExpression: aws.String("pk = :pk"),
				ExpressionAttributeValues: map[string]types.AttributeValue{":pk": text(pk)},
			})
			return err
		}
	}
	batchGet := func(consistent bool, pks ...string) call {
		return func(ctx context.Context, c *dynamodb.Client, table *string) error {
			keys := types.KeysAndAttributes{ConsistentRead: aws.Bool(consistent)}
			for _, pk := range pks {
				keys.Keys = append(keys.Keys, keyOf(pk))
			}
			_, err := c.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{
				RequestItems: map[string]types.KeysAndAttributes{*table: keys},
			})
			return err
		}
	}
	transact := func(conditionOfCheck *string) call {
		return func(ctx context.Context, c *dynamodb.Client, table *string) error {
			_, err := c.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{
				{Put: &types.Put{TableName: table, Item: sized("new", 1<<10+1)}},
				{Put: &types.Put{TableName: table, Item: sized("4KB+1", 100)}},
				{Update: &types.Update{
					TableName: table, Key: keyOf("1KB"), UpdateExpression: aws.String("SET w = :w"),
					ExpressionAttributeValues: map[string]types.AttributeValue{":w": text("w")},
				}},
				{Delete: &types.Delete{TableName: table, Key: keyOf("small")}},
				{ConditionCheck: &types.ConditionCheck{TableName: table, Key: keyOf("1KB+1"), ConditionExpression: conditionOfCheck}},
			}})
			return err
		}
	}

	tests := []struct {
		name        string
		call        call
		read, write float64
		err         string // DynamoDB's code
	}{
		{name: "a consistent GetItem of 100 bytes", call: get("small", true), read: 1},
		{name: "an eventual GetItem of 100 bytes", call: get("small", false), read: 0.5},
		{name: "a consistent GetItem of 4 KB", call: get("4KB", true), read: 1},
		{name: "an eventual GetItem of 4 KB", call: get("4KB", false), read: 0.5},
		{name: "a consistent GetItem of 4 KB and a byte", call: get("4KB+1", true), read: 2},
		{name: "an eventual GetItem of 4 KB and a byte", call: get("4KB+1", false), read: 1},
		{name: "a consistent GetItem of what is not there", call: get("nothing", true), read: 1},
		{name: "an eventual GetItem of what is not there", call: get("nothing", false), read: 0.5},

		{name: "a PutItem of 1 KB", call: put("new", 1<<10, nil), write: 1},
		{name: "a PutItem of 1 KB and a byte", call: put("new", 1<<10+1, nil), write: 2},
		{name: "a PutItem of 100 bytes over 4 KB and one", call: put("4KB+1", 100, nil), write: 5},
		{name: "a PutItem of 3 KB refused because of 4 KB", call: put("4KB", 3<<10, notThere), write: 4, err: "ConditionalCheckFailedException"},

		{name: "an UpdateItem that makes 4 KB small", call: update("4KB", "REMOVE v", there), write: 4},
		{name: "an UpdateItem that makes 1 KB larger", call: update("1KB", "SET w = pk", there), write: 2},
		{name: "an UpdateItem of one attribute of 4 KB and a byte", call: update("4KB+1", "REMOVE w", nil), write: 5},
		{name: "an UpdateItem refused because of nothing", call: update("nothing", "SET w = sk", there), write: 1, err: "ConditionalCheckFailedException"},
		{name: "an UpdateItem refused because of 100 bytes", call: update("small", "SET w = sk", notThere), write: 1, err: "ConditionalCheckFailedException"},
		{name: "an UpdateItem refused because of 4 KB and a byte", call: update("4KB+1", "SET w = sk", notThere), write: 5, err: "ConditionalCheckFailedException"},
		{name: "an UpdateItem that is not valid", call: update("small", "SET", nil), err: "ValidationException"},

		{name: "a DeleteItem of 1 KB and a byte", call: remove("1KB+1", nil), write: 2},
		{name: "a DeleteItem of nothing", call: remove("nothing", nil), write: 1},
		{name: "a DeleteItem refused because of 1 KB and a byte", call: remove("1KB+1", notThere), write: 2, err: "ConditionalCheckFailedException"},

		{name: "a consistent Query of 4 KB and a byte", call: query("4KB+1", true), read: 2},
		{name: "an eventual Query of 4 KB and a byte", call: query("4KB+1", false), read: 1},
		{name: "a consistent Query of nothing", call: query("nothing", true), read: 1},
		{name: "an eventual Query of nothing", call: query("nothing", false), read: 0.5},

		// 1 + 1 + 2, rounded up item by item, and 1 for what is not there
		{name: "a consistent BatchGetItem", call: batchGet(true, "small", "4KB", "4KB+1", "nothing"), read: 5},
		{name: "an eventual BatchGetItem", call: batchGet(false, "small", "4KB", "4KB+1", "nothing"), read: 2.5},

		// twice: 2 for the new item, 5 for what is overwritten, 2 for what grows,
		// 1 for what is deleted, 2 for what is checked
		{name: "a TransactWriteItems", call: transact(there), write: 24},
		// twice: 1 for nothing, 5, 1 for what does not grow, 1, 2
		{name: "a TransactWriteItems that is canceled", call: transact(notThere), write: 20, err: "TransactionCanceledException"},

		{
			name: "a BatchWriteItem", write: 5, // 3 for a put, 2 for a delete
			call: func(ctx context.Context, c *dynamodb.Client, table *string) error {
				_, err := c.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{*table: {
					{PutRequest: &types.PutRequest{Item: sized("new", 3<<10)}},
					{DeleteRequest: &types.DeleteRequest{Key: keyOf("1KB+1")}},
				}}})
				return err
			},
		},
		{
			name: "a TransactGetItems", read: 6, // twice: 2 for 4 KB and a byte, 1 for nothing
			call: func(ctx context.Context, c *dynamodb.Client, table *string) error {
				_, err := c.TransactGetItems(ctx, &dynamodb.TransactGetItemsInput{TransactItems: []types.TransactGetItem{
					{Get: &types.Get{TableName: table, Key: keyOf("4KB+1")}},
					{Get: &types.Get{TableName: table, Key: keyOf("nothing")}},
				}})
				return err
			},
		},
		{
			name: "a consistent Scan", read: 3, // 10,342 bytes in all, rounded up once
			call: func(ctx context.Context, c *dynamodb.Client, table *string) error {
				_, err := c.Scan(ctx, &dynamodb.ScanInput{TableName: table, ConsistentRead: aws.Bool(true)})
				return err
			},
		},
		{
			name: "a DescribeTable",
			call: func(ctx context.Context, c *dynamodb.Client, table *string) error {
				_, err := c.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: table})
				return err
			},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			db := localtest.DynamoDB(t)
			table := aws.String(db.Table())
			for pk, size := range stored {
				if err := put(pk, size, nil)(t.Context(), db.Client, table); err != nil {
					t.Fatal(err)
				}
			}
			db.Meter().Reset()

			err := test.call(t.Context(), db.Client, table)

			if test.err != "" {
				wantAPIError(t, err, test.err)
			} else if err != nil {
				t.Error(err)
			}
			got := db.Meter().Usage()
			want := localtest.Usage{Calls: 1, ReadUnits: test.read, WriteUnits: test.write}
			if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(got, "BytesSent", "BytesReceived")); diff != "" {
				t.Errorf("usage (-want +got):\n%s", diff)
			}
		})
	}
}

// The meter computes what a refused write costs, DynamoDB Local what an applied
// one does: at the edge of a unit they agree for every type of attribute.
func TestMeterSizesItemsAsDynamoDBDoes(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		value types.AttributeValue
		size  int
	}{
		"a string":       {text("€"), 3},
		"binary":         {&types.AttributeValueMemberB{Value: []byte{1, 2}}, 2},
		"an even number": {&types.AttributeValueMemberN{Value: "1763870400.12"}, 7},
		"a boolean":      {&types.AttributeValueMemberBOOL{Value: true}, 1},
		"null":           {&types.AttributeValueMemberNULL{Value: true}, 1},
		"a string set":   {&types.AttributeValueMemberSS{Value: []string{"a", "bc"}}, 3},
		"a list":         {&types.AttributeValueMemberL{Value: []types.AttributeValue{text("a"), text("bc")}}, 3 + 2 + 3},
		"a map":          {&types.AttributeValueMemberM{Value: map[string]types.AttributeValue{"k": text("bc")}}, 3 + 1 + 3},
		"an empty map":   {&types.AttributeValueMemberM{Value: map[string]types.AttributeValue{}}, 3},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := localtest.DynamoDB(t)
			table := aws.String(db.Table())
			for beyond := range 2 {
				item := sized(fmt.Sprint(beyond), 1<<10+beyond-len("a")-test.size)
				item["a"] = test.value
				put := &dynamodb.PutItemInput{TableName: table, Item: item}
				if _, err := db.Client.PutItem(t.Context(), put); err != nil {
					t.Fatal(err)
				}
				put.ConditionExpression = notThere
				_, err := db.Client.PutItem(t.Context(), put)
				wantAPIError(t, err, "ConditionalCheckFailedException")
			}
			var got []float64
			for _, call := range db.Meter().Calls() {
				got = append(got, call.WriteUnits)
			}
			if diff := cmp.Diff([]float64{1, 1, 2, 2}, got); diff != "" {
				t.Errorf("units applied, refused, and with a byte more (-want +got):\n%s", diff)
			}
		})
	}
}
