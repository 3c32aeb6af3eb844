package main

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"os"

	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/console"
	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/template"
	"github.com/lambdasession/lambdasession-go/localtest"
)

// A home is where the functions keep their sessions, as --store says.
type home struct {
	env map[string]string // tells the functions

	database *database        // with --store dynamodb
	redis    *localtest.Redis // with --store redis, if it is ours

	none string // why the sessions cannot be looked at; "" with a database
}

// Close ends what was started.
func (h home) Close() error {
	var err error
	if h.database != nil {
		err = h.database.Close()
	}
	if h.redis != nil {
		err = errors.Join(err, h.redis.Close())
	}
	return err
}

// startStore starts what --store needs.
func (c *localCommand) startStore(ctx context.Context, out *terminal, tables []template.Table, journal *console.Journal) (home, error) {
	switch c.Store {
	case "memory":
		out.printf("  %s", out.paint(yellow, "sessions are in memory: they live as long as the function's process"))
		return home{
			env:  map[string]string{"SESSION_STORE": "memory"},
			none: "With --store memory the sessions are in the function's process, where nobody else can look. Start the command without it to see them here.",
		}, nil
	case "cookie":
		out.printf("  %s", out.paint(yellow, "sessions are in their cookies: they live as long as this command, which has the key"))
		return home{
			env:  map[string]string{"SESSION_STORE": "cookie", "SESSION_STORE_KEYS": newKey()},
			none: "With --store cookie each session is in its visitor's cookie, and nowhere else. Start the command without it to see sessions here.",
		}, nil
	case "redis":
		return c.startRedis(ctx, out)
	default:
		db, err := startDatabase(ctx, out, tables, journal)
		if err != nil {
			return home{}, err
		}
		return home{env: map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": db.meter.Endpoint()}, database: db}, nil
	}
}

// startRedis uses the Redis that REDIS_URL names, or starts one.
func (c *localCommand) startRedis(ctx context.Context, out *terminal) (home, error) {
	h := home{
		env:  map[string]string{"SESSION_STORE": "redis", "REDIS_URL": cmp.Or(c.Env["REDIS_URL"], os.Getenv("REDIS_URL"))},
		none: "With --store redis the sessions are in Redis, where this page cannot look. Start the command without it to see sessions here.",
	}
	if h.env["REDIS_URL"] != "" {
		out.printf("  sessions are in the Redis that REDIS_URL names")
		return h, nil
	}
	err := out.step("starting Redis", func() (err error) {
		h.redis, err = localtest.StartRedis(ctx)
		return err
	})
	if err != nil {
		return home{}, fmt.Errorf("%w\nor set REDIS_URL to the address of one that runs, or go without it: --store cookie, --store memory", err)
	}
	h.env["REDIS_URL"] = h.redis.URL()
	return h, nil
}

// newKey makes a key for the cookies of one run.
func newKey() string {
	var b [32]byte
	rand.Read(b[:]) // never fails: it crashes the program instead
	return base64.StdEncoding.EncodeToString(b[:])
}
