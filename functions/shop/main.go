package main

import (
	"context"
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/awslabs/aws-lambda-go-api-proxy/httpadapter"

	"github.com/lambdasession/lambdasession-go/functions/internal/ferrule"
	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/store"
)

func main() {
	slog.SetDefault(lambdacontext.NewLogger()) // text or JSON, as the function is set to log
	handler, err := start(context.Background())
	if err != nil {
		slog.Error("the shop cannot start", "error", err)
		os.Exit(1)
	}
	lambda.Start(handler) // does not return
}

// A lambdaHandler is what Lambda calls for each request that API Gateway's
// HTTP API sends.
type lambdaHandler = func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error)

// start does what is done once an environment, before its first request.
func start(ctx context.Context) (lambdaHandler, error) {
	sessionStore, err := ferrule.OpenStore(ctx, os.Getenv)
	if err != nil {
		return nil, err
	}
	return newHandler(sessionStore)
}

// newHandler is the shop on sessions in that store: an http.Handler, behind an
// adapter that makes it a Lambda handler, wrapped.
func newHandler(sessionStore store.Store) (lambdaHandler, error) {
	sessions, err := lambdasession.New(lambdasession.Config{
		Store:      sessionStore,
		ErrorReply: errorReply,
	})
	if err != nil {
		return nil, err
	}
	adapter := httpadapter.NewV2(newShop(sessions))
	return lambdasession.Wrap(sessions, adapter.ProxyWithContext), nil
}
