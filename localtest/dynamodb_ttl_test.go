package localtest_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/localtest"
)

// D2: what has expired is swept, if "expires" is a number of seconds. DynamoDB
// Local sweeps the first few of its tables only, hence a server of its own.
func TestExpiredItemsAreSwept(t *testing.T) {
	t.Parallel()
	server, err := localtest.StartDynamoDB(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	client, table := server.Client(), aws.String("sessions-to-be-swept")
	store, err := dynamostore.New(client, dynamostore.Config{Table: *table, Timeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	if err := store.CreateTable(t.Context()); err != nil {
		t.Fatal(err)
	}
	number := func(at time.Time) types.AttributeValue {
		return &types.AttributeValueMemberN{Value: strconv.FormatInt(at.Unix(), 10)}
	}
	expires := map[string]types.AttributeValue{
		"expired":       number(time.Now().Add(-time.Minute)),
		"live":          number(time.Now().Add(time.Hour)),
		"not-a-number":  text(strconv.FormatInt(time.Now().Add(-time.Minute).Unix(), 10)),
		"milliseconds":  &types.AttributeValueMemberN{Value: strconv.FormatInt(time.Now().Add(-time.Minute).UnixMilli(), 10)},
		"never-expires": nil,
	}
	for pk, at := range expires {
		item := keyOf(pk)
		if at != nil {
			item["expires"] = at
		}
		if _, err := client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: table, Item: item}); err != nil {
			t.Fatal(err)
		}
	}
	there := func(pk string) bool {
		output, err := client.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: table, Key: keyOf(pk), ConsistentRead: aws.Bool(true)})
		if err != nil {
			t.Fatal(err)
		}
		return output.Item != nil
	}

	eventually(t, "what has expired is there", func() bool { return !there("expired") })

	for pk := range expires {
		if pk != "expired" && !there(pk) {
			t.Errorf("%q was swept", pk)
		}
	}
}
