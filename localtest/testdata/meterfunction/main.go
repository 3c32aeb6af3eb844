// Command meterfunction is a Lambda function that reads from a table, as often
// as its event says, with the AWS SDK's client as it is.
package main

import (
	"context"
	"log"
	"os"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

type event struct{ Reads int }

// reply tells which invocation, in which process, has read.
type reply struct {
	Trace string
	PID   int
}

func main() {
	client := dynamodb.New(dynamodb.Options{
		Region:       os.Getenv("AWS_REGION"),
		BaseEndpoint: aws.String(os.Getenv("AWS_ENDPOINT_URL_DYNAMODB")),
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{
				AccessKeyID:     os.Getenv("AWS_ACCESS_KEY_ID"),
				SecretAccessKey: os.Getenv("AWS_SECRET_ACCESS_KEY"),
			}, nil
		}),
	})
	lambda.Start(func(ctx context.Context, e event) (reply, error) {
		for range e.Reads {
			_, err := client.GetItem(ctx, &dynamodb.GetItemInput{
				TableName: aws.String(os.Getenv("TABLE")),
				Key: map[string]types.AttributeValue{
					"pk": &types.AttributeValueMemberS{Value: "a"},
					"sk": &types.AttributeValueMemberS{Value: "s"},
				},
			})
			if err != nil {
				log.Print(err)
				return reply{}, err
			}
		}
		return reply{Trace: os.Getenv("_X_AMZN_TRACE_ID"), PID: os.Getpid()}, nil
	})
}
