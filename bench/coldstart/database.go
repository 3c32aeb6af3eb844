package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/localtest"
)

// A table is a sessions table in a DynamoDB Local, with a theme in it for either
// of the small functions: as an item, and in the session of a visitor.
type table struct {
	server  *localtest.Server
	visitor *events.APIGatewayV2HTTPRequest // with the session's cookie
}

const (
	tableName = "sessions"
	theme     = "dark"
)

func openTable(ctx context.Context) (_ *table, err error) {
	server, err := localtest.StartDynamoDB(ctx, nil)
	if err != nil {
		return nil, err
	}
	t := &table{server: server}
	defer func() {
		if err != nil {
			err = errors.Join(err, server.Close())
		}
	}()
	kept, err := dynamostore.New(server.Client(), dynamostore.Config{Table: tableName, Timeout: time.Minute})
	if err != nil {
		return nil, err
	}
	if err := kept.CreateTable(ctx); err != nil {
		return nil, err
	}
	_, err = server.Client().PutItem(ctx, &dynamodb.PutItemInput{TableName: aws.String(tableName), Item: map[string]types.AttributeValue{
		"pk":    &types.AttributeValueMemberS{Value: "theme"},
		"sk":    &types.AttributeValueMemberS{Value: "s"},
		"theme": &types.AttributeValueMemberS{Value: theme},
	}})
	if err != nil {
		return nil, err
	}
	t.visitor, err = visit(ctx, kept)
	return t, err
}

// visit begins a session and returns the visitor's next request.
func visit(ctx context.Context, kept *dynamostore.Store) (*events.APIGatewayV2HTTPRequest, error) {
	sessions, err := lambdasession.New(lambdasession.Config{Store: kept})
	if err != nil {
		return nil, err
	}
	field := lambdasession.NewField[string]("theme")
	setTheme := lambdasession.Wrap(sessions, func(ctx context.Context, _ events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusOK}, field.Set(lambdasession.From(ctx), theme)
	})
	request := httpAPI(anyRoute, "/")
	response, err := setTheme(ctx, *request)
	if err != nil {
		return nil, err
	}
	if len(response.Cookies) != 1 {
		return nil, fmt.Errorf("a session began with status %d and %d cookies", response.StatusCode, len(response.Cookies))
	}
	cookie, err := http.ParseSetCookie(response.Cookies[0])
	if err != nil {
		return nil, err
	}
	request.Cookies = []string{cookie.Name + "=" + cookie.Value}
	return request, nil
}

// environment is what a function is told of the table.
func (t *table) environment() map[string]string {
	return map[string]string{
		"SESSION_TABLE":             tableName,
		"AWS_ENDPOINT_URL_DYNAMODB": t.server.Endpoint(),
	}
}

func (t *table) Close() error { return t.server.Close() }
