package redisstore_test

import (
	"context"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/redisstore"
)

// The same line makes the client of one server, of Sentinel's or of a cluster.
// ContextTimeoutEnabled must be set, so that an operation ends in time.
func ExampleNew() {
	client := redis.NewUniversalClient(&redis.UniversalOptions{
		Addrs:                 []string{"localhost:6379"},
		ContextTimeoutEnabled: true,
	})
	defer func() { _ = client.Close() }()
	st, err := redisstore.New(client, redisstore.Config{Prefix: "shop:"})
	if err != nil {
		fmt.Println(err)
		return
	}
	_, err = lambdasession.New(lambdasession.Config{Store: st})
	fmt.Println(err)
	// Output: <nil>
}

// All that is wrong is told at once.
func ExampleNew_mistakes() {
	client := redis.NewClient(&redis.Options{Addr: "localhost:6379"})
	defer func() { _ = client.Close() }()
	_, err := redisstore.New(client, redisstore.Config{Prefix: "{shop}", Timeout: -time.Second})
	fmt.Println(err)
	// Output:
	// redisstore: the client goes on reading after its context has ended: set ContextTimeoutEnabled in its options
	// redisstore: Config.Prefix "{shop}" has a brace: leave braces out, a cluster would put all keys into the one slot that they name
	// redisstore: Config.Timeout is -1s: use a positive duration, or 0 for 2s
}

// A roundTrips is a client that counts the round trips.
type roundTrips struct {
	*redis.Client
	n int
}

func (c *roundTrips) Process(ctx context.Context, cmd redis.Cmder) error {
	c.n++
	return c.Client.Process(ctx, cmd)
}

// Any client will do that runs commands: here, go-redis's with something around it.
func ExampleClient() {
	client := redis.NewClient(&redis.Options{Addr: "localhost:6379", ContextTimeoutEnabled: true})
	defer func() { _ = client.Close() }()
	_, err := redisstore.New(&roundTrips{Client: client}, redisstore.Config{})
	fmt.Println(err)
	// Output: <nil>
}
