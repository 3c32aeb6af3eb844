package main

import (
	"context"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/awslabs/aws-lambda-go-api-proxy/httpadapter"

	"github.com/lambdasession/lambdasession-go/functions/internal/ferrule"
	"github.com/lambdasession/lambdasession-go/lambdasession"
)

func main() {
	lambda.Start(newHandler(ferrule.Start(errorReply))) // does not return
}

// A lambdaHandler is what Lambda calls for each request that API Gateway's
// HTTP API sends.
type lambdaHandler = func(context.Context, events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error)

// newHandler is the shop: an http.Handler, behind an adapter that makes it a
// Lambda handler, wrapped.
func newHandler(sessions *lambdasession.Manager) lambdaHandler {
	adapter := httpadapter.NewV2(newShop(sessions))
	return lambdasession.Wrap(sessions, adapter.ProxyWithContext)
}
