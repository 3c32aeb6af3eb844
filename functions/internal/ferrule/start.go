package ferrule

import (
	"context"
	"log/slog"
	"os"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

// Start is what a function does once an environment, before its first request: it
// sets the log up and returns its sessions, as the environment has them. Where
// that cannot be done it says why and ends the program, so that Lambda starts
// another one. ErrorReply is lambdasession's, and may be nil.
func Start(errorReply func(context.Context, error) lambdasession.Reply) *lambdasession.Manager {
	slog.SetDefault(lambdacontext.NewLogger()) // text or JSON, as the function is set to log
	settings, err := Settings(context.Background(), os.Getenv)
	if err != nil {
		fail(err)
	}
	settings.ErrorReply = errorReply
	sessions, err := lambdasession.New(settings)
	if err != nil {
		fail(err)
	}
	return sessions
}

// fail ends a program that cannot start.
func fail(err error) {
	slog.Error("the function cannot start", "error", err)
	os.Exit(1)
}
