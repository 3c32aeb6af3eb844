package localtest_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/localtest"
)

func TestMeter(t *testing.T) {
	t.Parallel()

	t.Run("names the operations in order and counts the bytes of their bodies", func(t *testing.T) {
		t.Parallel()
		db := localtest.DynamoDB(t)
		table := aws.String(db.Table())
		value := strings.Repeat("x", 1000)
		item := keyOf("a")
		item["v"] = text(value)
		if _, err := db.Client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: table, Item: item}); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Client.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: table, Key: keyOf("a")}); err != nil {
			t.Fatal(err)
		}
		itemJSON := `{"pk":{"S":"a"},"sk":{"S":"s"},"v":{"S":"` + value + `"}}`
		keyJSON := `{"pk":{"S":"a"},"sk":{"S":"s"}}`
		want := []localtest.Call{
			{
				Operation: "PutItem", WriteUnits: 1,
				BytesSent:     int64(len(`{"Item":` + itemJSON + `,"TableName":"` + *table + `"}`)),
				BytesReceived: int64(len(`{}`)),
			},
			{
				Operation: "GetItem", ReadUnits: 0.5,
				BytesSent:     int64(len(`{"Key":` + keyJSON + `,"TableName":"` + *table + `"}`)),
				BytesReceived: int64(len(`{"Item":` + itemJSON + `}`)),
			},
		}
		if diff := cmp.Diff(want, db.Meter().Calls()); diff != "" {
			t.Errorf("calls (-want +got):\n%s", diff)
		}
	})

	t.Run("shows the client only what it asked for", func(t *testing.T) {
		t.Parallel()
		db := localtest.DynamoDB(t)
		table := aws.String(db.Table())
		put := &dynamodb.PutItemInput{TableName: table, Item: sized("a", 100), ConditionExpression: notThere}
		output, err := db.Client.PutItem(t.Context(), put)
		if err != nil {
			t.Fatal(err)
		}
		if output.ConsumedCapacity != nil {
			t.Errorf("consumed capacity %v", output.ConsumedCapacity)
		}
		_, err = db.Client.PutItem(t.Context(), put)
		if failed := conditionFailure(t, err); len(failed.Item) != 0 {
			t.Errorf("item %v", failed.Item)
		}

		put.ReturnConsumedCapacity = types.ReturnConsumedCapacityTotal
		put.ReturnValuesOnConditionCheckFailure = types.ReturnValuesOnConditionCheckFailureAllOld
		_, err = db.Client.PutItem(t.Context(), put)
		if failed := conditionFailure(t, err); len(failed.Item) != 3 {
			t.Errorf("item %v", failed.Item)
		}
		put.ConditionExpression = nil
		if output, err = db.Client.PutItem(t.Context(), put); err != nil {
			t.Fatal(err)
		}
		if output.ConsumedCapacity == nil || aws.ToFloat64(output.ConsumedCapacity.CapacityUnits) != 1 {
			t.Errorf("consumed capacity %v", output.ConsumedCapacity)
		}
	})

	t.Run("counts every attempt of a call that is sent again", func(t *testing.T) {
		t.Parallel()
		db := localtest.DynamoDB(t)
		client := dynamodb.New(db.Client.Options(), func(o *dynamodb.Options) {
			o.BaseEndpoint = aws.String("http://127.0.0.1:1") // nothing listens there
			o.RetryMaxAttempts = 2
		})
		_, err := client.ListTables(t.Context(), &dynamodb.ListTablesInput{})
		if err == nil {
			t.Fatal("no error")
		}
		calls := db.Meter().Calls()
		if len(calls) != 2 {
			t.Fatalf("%d calls", len(calls))
		}
		for _, call := range calls {
			if call.Operation != "ListTables" || call.Err == nil {
				t.Errorf("call %+v", call)
			}
		}
	})

	t.Run("tells why a call failed", func(t *testing.T) {
		t.Parallel()
		db := localtest.DynamoDB(t)
		_, err := db.Client.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: aws.String("no-such-table"), Key: keyOf("a")})
		wantAPIError(t, err, "ResourceNotFoundException")
		calls := db.Meter().Calls()
		if len(calls) != 1 || calls[0].Err == nil || !strings.HasPrefix(calls[0].Err.Error(), "ResourceNotFoundException: ") {
			t.Errorf("calls %v", calls)
		}
	})

	t.Run("adds up what goes on at once", func(t *testing.T) {
		t.Parallel()
		db := localtest.DynamoDB(t)
		table := aws.String(db.Table())
		var writers sync.WaitGroup
		for i := range 20 {
			writers.Go(func() {
				item := sized(fmt.Sprint("item", i), 100)
				if _, err := db.Client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: table, Item: item}); err != nil {
					t.Error(err)
				}
			})
		}
		writers.Wait()
		if got := db.Meter().Usage(); got.Calls != 20 || got.WriteUnits != 20 {
			t.Errorf("usage %+v", got)
		}
	})

	t.Run("counts one view's calls and no other's, from its last Reset", func(t *testing.T) {
		t.Parallel()
		one, other := localtest.DynamoDB(t), localtest.DynamoDB(t)
		list := func(db *localtest.DB) {
			if _, err := db.Client.ListTables(t.Context(), &dynamodb.ListTablesInput{}); err != nil {
				t.Fatal(err)
			}
		}
		list(one)
		one.Meter().Reset()
		list(one)
		list(other)
		list(other)
		if got := []int{one.Meter().Usage().Calls, other.Meter().Usage().Calls}; got[0] != 1 || got[1] != 2 {
			t.Errorf("%d calls of one, %d of the other", got[0], got[1])
		}
	})
}

func conditionFailure(t *testing.T, err error) *types.ConditionalCheckFailedException {
	t.Helper()
	failed, ok := errors.AsType[*types.ConditionalCheckFailedException](err)
	if !ok {
		t.Fatalf("error is %v", err)
	}
	return failed
}
