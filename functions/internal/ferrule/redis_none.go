//go:build !redis

package ferrule

import (
	"context"
	"errors"

	"github.com/lambdasession/lambdasession-go/store"
)

// openRedis has nothing to open: go-redis would make every program of the sample
// larger by some megabytes, also where it is deployed with DynamoDB.
func openRedis(context.Context, string) (store.Store, error) {
	return nil, errors.New("SESSION_STORE is redis, which this program was built without: build it with -tags redis, or set SESSION_STORE to dynamodb, cookie or memory")
}
