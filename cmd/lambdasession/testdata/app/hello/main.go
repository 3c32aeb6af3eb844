// Command hello is a function that greets, fails and dies as its visitor likes.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
)

func main() {
	if os.Getenv("GREETING") == "" {
		log.Fatal("GREETING is not set")
	}
	lambda.Start(handle)
}

func handle(_ context.Context, r events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	switch r.RawPath {
	case "/fail":
		return events.APIGatewayV2HTTPResponse{}, errors.New("out of greetings")
	case "/die":
		os.Exit(1)
	case "/nonsense":
		return events.APIGatewayV2HTTPResponse{StatusCode: 42}, nil
	case "/sly":
		log.Printf("greeting at \x1b[2J%s\tas ever", r.RawPath)
		return events.APIGatewayV2HTTPResponse{}, errors.New("out of \x1b[2Jgreetings")
	case "/where":
		return text(fmt.Sprintf("%s at %s, sessions in %q", os.Getenv("TABLE"), os.Getenv("AWS_ENDPOINT_URL_DYNAMODB"), os.Getenv("SESSION_STORE"))), nil
	}
	log.Printf("greeting at %s", r.RawPath)
	return text(os.Getenv("GREETING") + " " + r.PathParameters["name"]), nil
}

func text(body string) events.APIGatewayV2HTTPResponse {
	return events.APIGatewayV2HTTPResponse{StatusCode: 200, Body: body}
}
