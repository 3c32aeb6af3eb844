package ferrule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/memstore"
	"github.com/lambdasession/lambdasession-go/store"
)

// openStore returns the store that getenv names, with its connection open, so that
// the first visitor does not wait for it. An error names the variable to set.
func openStore(ctx context.Context, getenv func(string) string) (store.Store, error) {
	switch kind := getenv("SESSION_STORE"); kind {
	case "", "dynamodb":
		return openDynamoDB(ctx, getenv("SESSION_TABLE"))
	case "memory":
		slog.WarnContext(ctx, "sessions are kept in memory and end with this process")
		return memstore.New(), nil
	default:
		return nil, fmt.Errorf("SESSION_STORE is %q: set it to dynamodb (the default) or memory", kind)
	}
}

func openDynamoDB(ctx context.Context, table string) (store.Store, error) {
	if table == "" {
		return nil, errors.New("SESSION_TABLE is empty: set it to the name of the sessions table, or SESSION_STORE to memory")
	}
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, fmt.Errorf("load the AWS configuration: %w", err)
	}
	if cfg.Region == "" {
		return nil, errors.New("AWS_REGION is empty: set it to the region of the sessions table, such as eu-central-1")
	}
	sessions, err := dynamostore.New(dynamodb.NewFromConfig(cfg), dynamostore.Config{Table: table})
	if err != nil {
		return nil, err
	}
	if err := sessions.Warm(ctx); err != nil {
		// The first request will try again and, if it must, answer 503.
		slog.WarnContext(ctx, "the sessions table did not answer yet", "table", table, "error", err)
	}
	return sessions, nil
}
