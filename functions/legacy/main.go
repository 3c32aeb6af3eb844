package main

import (
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/lambdasession/lambdasession-go/functions/internal/ferrule"
	"github.com/lambdasession/lambdasession-go/lambdasession"
)

func main() {
	lambda.Start(lambdasession.Wrap(ferrule.Start(nil), handle)) // does not return
}
