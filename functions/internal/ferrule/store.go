package ferrule

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/lambdasession/lambdasession-go/cookiestore"
	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/memstore"
	"github.com/lambdasession/lambdasession-go/store"
)

// cookieBytes is what a session may have that travels in its cookie: see package
// cookiestore.
const cookieBytes = 2800

// openStore returns the store that getenv names, with its connection open, so that
// the first visitor does not wait for it, and the bytes that a session may have, 0
// for the library's default. An error names the variable to set.
func openStore(ctx context.Context, getenv func(string) string) (sessions store.Store, maxBytes int, err error) {
	switch kind := getenv("SESSION_STORE"); kind {
	case "", "dynamodb":
		sessions, err = openDynamoDB(ctx, getenv("SESSION_TABLE"))
	case "redis":
		sessions, err = openRedis(ctx, getenv("REDIS_URL"))
	case "cookie":
		maxBytes = cookieBytes
		sessions, err = openCookie(ctx, getenv)
	case "memory":
		slog.WarnContext(ctx, "sessions are kept in memory and end with this process")
		sessions = memstore.New()
	default:
		err = fmt.Errorf("SESSION_STORE is %q: set it to dynamodb (the default), redis, cookie or memory", kind)
	}
	return sessions, maxBytes, err
}

func openDynamoDB(ctx context.Context, table string) (store.Store, error) {
	if table == "" {
		return nil, errors.New("SESSION_TABLE is empty: set it to the name of the sessions table, or SESSION_STORE to redis, cookie or memory")
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

func openCookie(ctx context.Context, getenv func(string) string) (store.Store, error) {
	keys, err := storeKeys(ctx, getenv)
	if err != nil {
		return nil, err
	}
	return cookiestore.New(cookiestore.Config{Keys: keys})
}
