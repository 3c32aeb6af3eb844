package redisstore

import (
	"context"

	"github.com/redis/go-redis/v9"
)

// Warm opens a connection and leaves the scripts with the server, with each of
// a cluster. Called while the function initialises, it saves the
// first visitor that time. Its error may be ignored: the first operation would
// meet it again, and a script that is missing is sent when it is needed.
func (s *Store) Warm(ctx context.Context) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	return s.each(ctx, func(ctx context.Context, server pipeliner) error {
		_, err := server.Pipelined(ctx, func(p redis.Pipeliner) error {
			for _, sc := range scripts() {
				p.ScriptLoad(ctx, sc.source)
			}
			return nil
		})
		if err != nil {
			return s.explain(ctx, err)
		}
		return nil
	})
}

// A pipeliner sends several commands at once; every client of go-redis does.
type pipeliner interface {
	Pipelined(context.Context, func(redis.Pipeliner) error) ([]redis.Cmder, error)
}

// each does something with every server that may keep sessions.
func (s *Store) each(ctx context.Context, do func(context.Context, pipeliner) error) error {
	switch c := s.client.(type) {
	case interface {
		ForEachMaster(context.Context, func(context.Context, *redis.Client) error) error
	}:
		return c.ForEachMaster(ctx, func(ctx context.Context, server *redis.Client) error { return do(ctx, server) })
	case pipeliner:
		return do(ctx, c)
	default:
		_, err := s.hashOf(ctx, s.cfg.Prefix+"s:{AA}:warm")
		return err
	}
}
