package dynamostore_test

import (
	"context"
	"fmt"
	"log"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/lambdasession/lambdasession-go/dynamostore"
)

// The name of the table is all that a store must be told. A function's region
// and credentials come from its environment.
func ExampleNew() {
	cfg, err := config.LoadDefaultConfig(context.Background(), config.WithRegion("eu-west-1"))
	if err != nil {
		log.Fatal(err)
	}
	_, err = dynamostore.New(dynamodb.NewFromConfig(cfg), dynamostore.Config{Table: "sessions"})
	fmt.Println(err)
	// Output: <nil>
}

// All that is wrong is told at once.
func ExampleNew_mistakes() {
	client := dynamodb.New(dynamodb.Options{Region: "eu-west-1"})
	_, err := dynamostore.New(client, dynamostore.Config{
		SortKey: "data",
		Timeout: -time.Second,
	})
	fmt.Println(err)
	// Output:
	// dynamostore: Config.Table is empty: set it to the name of the sessions table
	// dynamostore: Config.SortKey "data" is an attribute of the store's own items: use another name
	// dynamostore: Config.Timeout is -1s: use a positive duration, or 0 for 2s
}

// A counter is a client that counts the reads of sessions.
type counter struct {
	*dynamodb.Client
	reads int
}

func (c *counter) GetItem(ctx context.Context, in *dynamodb.GetItemInput, options ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error) {
	c.reads++
	return c.Client.GetItem(ctx, in, options...)
}

// Any client will do that makes the requests: here, the SDK's with something
// around it.
func ExampleClient() {
	var client dynamostore.Client = &counter{Client: dynamodb.New(dynamodb.Options{Region: "eu-west-1"})}
	_, err := dynamostore.New(client, dynamostore.Config{Table: "sessions"})
	fmt.Println(err)
	// Output: <nil>
}
