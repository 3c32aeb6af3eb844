package redisstore

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	maxAttempts = 5

	// firstPause is the longest pause before the second attempt; each further
	// one may be twice as long.
	firstPause = 20 * time.Millisecond

	// minPatience is the least time an attempt gets, if there is so much: a
	// TLS handshake takes that long on a small function.
	minPatience = 250 * time.Millisecond
)

// run runs a script, up to five times, within Config.Timeout and the time that
// ctx has left, and returns its reply.
//
// The client would send again too, but it would not tell of an attempt whose
// outcome is unknown: one that got no answer, and may have been applied. Unsure
// is whether there was such an attempt before the last one.
//
// Every error is explained.
func (s *Store) run(ctx context.Context, sc *script, keys []string, args ...any) (reply []any, unsure bool, err error) {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	for n := range maxAttempts {
		if n > 0 && pause(ctx, firstPause<<(n-1)) != nil {
			break
		}
		var failed error
		if reply, failed = s.attempt(ctx, sc, keys, args); failed == nil {
			return reply, unsure, nil
		}
		if err == nil || !errors.Is(failed, context.DeadlineExceeded) {
			err = failed // that time ran out says less than what took it
		}
		verdict := judge(failed)
		if verdict == refused || ctx.Err() != nil {
			break
		}
		unsure = unsure || verdict == unknown
	}
	return nil, unsure, s.explain(ctx, err)
}

// attempt runs a script once, by its name, and if the server doesn't know that
// by its text. It gets half of the time that is left, so that a connection that
// has died unnoticed, as they do while Lambda freezes an environment, leaves
// time for another.
func (s *Store) attempt(ctx context.Context, sc *script, keys []string, args []any) ([]any, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	deadline, _ := ctx.Deadline() // run has seen to it
	ctx, cancel := context.WithTimeout(ctx, max(time.Until(deadline)/2, minPatience))
	defer cancel()
	reply, err := s.do(ctx, "evalsha", sc.sha, keys, args)
	if redis.HasErrorPrefix(err, "NOSCRIPT") {
		reply, err = s.do(ctx, "eval", sc.source, keys, args)
	}
	return reply, err
}

func (s *Store) do(ctx context.Context, command, script string, keys []string, args []any) ([]any, error) {
	all := make([]any, 0, 3+len(keys)+len(args))
	all = append(all, command, script, len(keys))
	for _, k := range keys {
		all = append(all, k)
	}
	cmd := once{redis.NewCmd(ctx, append(all, args...)...)}
	if err := s.client.Process(ctx, cmd); err != nil {
		return nil, err
	}
	reply, err := cmd.Slice()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errReply, err)
	}
	return reply, nil
}

// A once is a command that the client does not send again by itself.
type once struct{ *redis.Cmd }

// NoRetry is asked by go-redis.
func (once) NoRetry() bool { return true }

// pause waits for a random part of the time given ("full jitter"), so that
// requests that met do not meet again.
func pause(ctx context.Context, most time.Duration) error {
	t := time.NewTimer(rand.N(most)) //nolint:gosec // nobody gains by guessing a pause
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// A verdict is what a failed attempt means.
type verdict int

const (
	unknown verdict = iota // it may have been applied: there was no answer
	refused                // it was not applied, and would not be if it were sent again
	later                  // it was not applied, but may be if it is sent again
)

// passing is what a server's answer begins with that a moment later is another:
// during a start, a failover, or the move of a slot to another server.
// BUSY is a slow script of somebody's.
var passing = []string{
	"LOADING", "READONLY", "MASTERDOWN", "NOREPLICAS", "CLUSTERDOWN", "TRYAGAIN", "MOVED", "ASK", "BUSY",
	"max number of clients reached",
}

func judge(err error) verdict {
	if errors.Is(err, errReply) {
		return refused
	}
	if _, answered := errors.AsType[redis.Error](err); !answered {
		return judgeConnection(err)
	}
	for _, prefix := range passing {
		if redis.HasErrorPrefix(err, prefix) {
			return later
		}
	}
	return refused
}

// judgeConnection judges an attempt that the server did not answer. It cannot
// have been applied where there was no connection to send it by.
func judgeConnection(err error) verdict {
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" || errors.Is(err, redis.ErrPoolTimeout) || errors.Is(err, redis.ErrPoolExhausted) {
		return later
	}
	if errors.Is(err, redis.ErrClosed) {
		return refused
	}
	return unknown
}
