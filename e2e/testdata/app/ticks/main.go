// Command ticks streams until it is ended.
package main

import (
	"context"
	"io"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
)

func main() {
	lambda.Start(func(context.Context, events.LambdaFunctionURLRequest) (*events.LambdaFunctionURLStreamingResponse, error) {
		read, write := io.Pipe()
		go func() {
			for range time.Tick(10 * time.Millisecond) {
				if _, err := io.WriteString(write, "tick\n"); err != nil {
					return
				}
			}
		}()
		return &events.LambdaFunctionURLStreamingResponse{StatusCode: 200, Body: read}, nil
	})
}
