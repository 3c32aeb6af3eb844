// Command visits counts the visits of each session.
package main

import (
	"context"
	"fmt"
	"log"
	"os"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"app/visits/words"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/lambdasession"
)

var visits = lambdasession.NewField[int]("visits")

func handle(ctx context.Context, _ events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	n, err := visits.Update(lambdasession.From(ctx), func(n int) (int, error) { return n + 1, nil })
	return events.APIGatewayV2HTTPResponse{
		StatusCode: 200,
		Body:       fmt.Sprintf("%s: %s %d", os.Getenv("TITLE"), words.Number, n),
	}, err
}

func main() {
	cfg, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	store, err := dynamostore.New(dynamodb.NewFromConfig(cfg), dynamostore.Config{Table: os.Getenv("SESSION_TABLE")})
	if err != nil {
		log.Fatal(err)
	}
	sessions, err := lambdasession.New(lambdasession.Config{Store: store})
	if err != nil {
		log.Fatal(err)
	}
	lambda.Start(lambdasession.Wrap(sessions, handle))
}
