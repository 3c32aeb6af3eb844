package redisstore

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/lambdasession/lambdasession-go/store"
)

// Check compares each server with what the store needs of it, and does once
// all that a session goes through, so that a permission that is missing shows.
// The error tells every difference at once, each with what to change. What
// Check stores is gone within an hour.
func (s *Store) Check(ctx context.Context) error {
	return errors.Join(s.checkServers(ctx), s.checkLife(ctx))
}

func (s *Store) checkServers(ctx context.Context) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()
	return s.each(ctx, func(ctx context.Context, server pipeliner) error {
		var info *redis.StringCmd
		_, err := server.Pipelined(ctx, func(p redis.Pipeliner) error {
			info = p.Info(ctx)
			return nil
		})
		if err != nil {
			return s.explain(ctx, err)
		}
		return s.checkInfo(info.Val())
	})
}

// minMajor is the first major version of Redis and of Valkey that runs the
// store's scripts. Valkey says redis_version 7.2.4 beside its own.
const minMajor = 7

// checkInfo reads what INFO says.
// https://redis.io/docs/latest/commands/info/
func (s *Store) checkInfo(info string) error {
	var problems []error
	problem := func(format string, args ...any) {
		problems = append(problems, fmt.Errorf("redisstore: %s %w", s.place, fmt.Errorf(format, args...)))
	}
	says := map[string]string{}
	for line := range strings.Lines(info) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		says[name] = value
	}
	version := says["redis_version"]
	major, _, _ := strings.Cut(version, ".")
	if n, err := strconv.Atoi(major); err != nil || n < minMajor {
		problem("has version %.20q: use Redis %d.0 or later, or Valkey", version, minMajor)
	}
	if policy := says["maxmemory_policy"]; policy != "noeviction" {
		problem("has the maxmemory-policy %.30q, and would drop lists of devices, which no revocation finds any more: "+
			"set it to noeviction", policy)
	}
	if says["role"] != "master" {
		problem("is a replica: give the client the primary's address")
	}
	if s.oneSlot && says["cluster_enabled"] == "1" {
		problem("is a cluster: make the client with redis.NewClusterClient")
	}
	return errors.Join(problems...)
}

// checkLife has a session go through everything, in two slots.
func (s *Store) checkLife(ctx context.Context) error {
	now := s.now()
	visitor := store.Record{Created: now, Expires: now.Add(time.Minute), Ends: now.Add(time.Minute)}
	user := visitor
	user.Subject, user.Device = "check-"+newRevision(), store.NewDeviceID()

	key, err := s.Save(ctx, visitor)
	if err != nil {
		return err
	}
	if key, err = s.Update(ctx, key, store.Changes{
		Set: map[string][]byte{"a": nil}, Delete: []string{"b"}, Replace: true, Expires: visitor.Ends,
		Expect: map[string][]byte{"a": nil},
	}); err != nil {
		return err
	}
	from, err := s.Load(ctx, key)
	if err != nil {
		return err
	}
	if key, err = s.Rotate(ctx, key, from, user); err != nil {
		return err
	}
	if _, err := s.Devices(ctx, user.Subject); err != nil {
		return err
	}
	if err := s.Delete(ctx, key); err != nil {
		return err
	}
	_, err = s.RevokeAll(ctx, user.Subject, "")
	return err
}
