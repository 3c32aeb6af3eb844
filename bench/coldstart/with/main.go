// Command with is a small function that reads a visitor's theme from the
// session: what command without does, by way of the library.
package main

import (
	"context"
	"log"
	"net/http"
	"os"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/lambdasession"
)

var themeField = lambdasession.NewField[string]("theme")

func main() {
	cfg, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	kept, err := dynamostore.New(dynamodb.NewFromConfig(cfg), dynamostore.Config{Table: os.Getenv("SESSION_TABLE")})
	if err != nil {
		log.Fatal(err)
	}
	sessions, err := lambdasession.New(lambdasession.Config{Store: kept})
	if err != nil {
		log.Fatal(err)
	}
	lambda.Start(lambdasession.Wrap(sessions, handle))
}

func handle(ctx context.Context, _ events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	theme, err := themeField.Get(lambdasession.From(ctx))
	if err != nil {
		return events.APIGatewayV2HTTPResponse{}, err
	}
	return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusOK, Body: theme}, nil
}
