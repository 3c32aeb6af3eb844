// Command without is a small function that reads a visitor's theme from
// DynamoDB by the SDK alone. What command with is beyond it is the session
// library's own part.
package main

import (
	"context"
	"log"
	"net/http"
	"os"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// A function is what an environment keeps from one request to the next.
type function struct {
	client *dynamodb.Client
	table  *string
}

func main() {
	cfg, err := config.LoadDefaultConfig(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	f := &function{dynamodb.NewFromConfig(cfg), aws.String(os.Getenv("SESSION_TABLE"))}
	lambda.Start(f.handle)
}

func (f *function) handle(ctx context.Context, _ events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	answer, err := f.client.GetItem(ctx, &dynamodb.GetItemInput{
		TableName:      f.table,
		ConsistentRead: aws.Bool(true),
		Key: map[string]types.AttributeValue{
			"pk": &types.AttributeValueMemberS{Value: "theme"},
			"sk": &types.AttributeValueMemberS{Value: "s"},
		},
	})
	if err != nil {
		return events.APIGatewayV2HTTPResponse{}, err
	}
	theme, ok := answer.Item["theme"].(*types.AttributeValueMemberS)
	if !ok {
		return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusNotFound}, nil
	}
	return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusOK, Body: theme.Value}, nil
}
