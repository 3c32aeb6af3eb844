//go:build redis

package ferrule

import (
	"context"
	"errors"
	"log/slog"

	"github.com/redis/go-redis/v9"

	"github.com/lambdasession/lambdasession-go/redisstore"
	"github.com/lambdasession/lambdasession-go/store"
)

// openRedis never quotes the address, which may hold a password.
func openRedis(ctx context.Context, address string) (store.Store, error) {
	options, err := redis.ParseURL(address)
	if err != nil {
		return nil, errors.New("REDIS_URL is no address of a Redis: set it to one such as redis://localhost:6379, or rediss://user:password@host:6379 for TLS")
	}
	options.ContextTimeoutEnabled = true
	sessions, err := redisstore.New(redis.NewClient(options), redisstore.Config{})
	if err != nil {
		return nil, err
	}
	if err := sessions.Warm(ctx); err != nil {
		// The first request will try again and, if it must, answer 503.
		slog.WarnContext(ctx, "Redis did not answer yet", "error", err)
	}
	return sessions, nil
}
