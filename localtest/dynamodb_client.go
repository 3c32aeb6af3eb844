package localtest

import (
	"context"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// newClient makes a client that consults neither environment nor files: no test
// may depend on who runs it, nor reach that person's real tables.
func newClient(endpoint string, transport http.RoundTripper) *dynamodb.Client {
	return dynamodb.New(dynamodb.Options{
		Region:       region,
		BaseEndpoint: aws.String(endpoint),
		HTTPClient:   &http.Client{Transport: transport},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local", Source: "localtest"}, nil
		}),
	})
}

// ping asks once whether a DynamoDB answers.
func ping(ctx context.Context, client *dynamodb.Client) error {
	_, err := client.ListTables(ctx, &dynamodb.ListTablesInput{}, func(o *dynamodb.Options) {
		o.Retryer = aws.NopRetryer{}
	})
	return err
}

// newTransport makes a transport whose connections are its owner's alone, to be
// closed by him: an idle connection is two goroutines. It keeps as many as a
// test with a hundred writers needs, lest each write opens a new one.
func newTransport() *http.Transport {
	return &http.Transport{MaxIdleConnsPerHost: 128}
}
