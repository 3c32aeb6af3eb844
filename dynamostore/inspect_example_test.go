package dynamostore_test

import (
	"context"
	"fmt"
	"log"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/lambdasession/lambdasession-go/dynamostore"
)

// An operator looks for what is damaged, and ends it.
func ExampleStore_Scan() {
	ctx := context.Background()
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		log.Fatal(err)
	}
	sessions, err := dynamostore.New(dynamodb.NewFromConfig(cfg), dynamostore.Config{Table: "sessions"})
	if err != nil {
		log.Fatal(err)
	}
	for from, more := "", true; more; more = from != "" {
		var page []dynamostore.Session
		page, from, err = sessions.Scan(ctx, from, 100)
		if err != nil {
			log.Fatal(err)
		}
		for _, session := range page {
			if session.State != dynamostore.Damaged {
				continue
			}
			fmt.Println(session.ID, session.Err, sessions.End(ctx, session.ID))
		}
	}
}
