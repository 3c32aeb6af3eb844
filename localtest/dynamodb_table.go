package localtest

import (
	"context"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/lambdasession/lambdasession-go/dynamostore"
)

// createTable creates the table as the store wants it, so that there is one
// place that knows its schema.
func createTable(ctx context.Context, client *dynamodb.Client, name string) error {
	store, err := dynamostore.New(client, dynamostore.Config{
		Table:   name,
		Timeout: time.Minute, // on a busy machine the first table takes its time
	})
	if err != nil {
		return err
	}
	return store.CreateTable(ctx)
}
