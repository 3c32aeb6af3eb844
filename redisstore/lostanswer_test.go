package redisstore_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/redis/go-redis/v9"

	"github.com/lambdasession/lambdasession-go/redisstore"
	"github.com/lambdasession/lambdasession-go/redisstore/internal/redistest"
	"github.com/lambdasession/lambdasession-go/store"
)

// An outcome is what somebody who looks finds after a deed.
type outcome struct {
	Old, New   store.Record
	OldE, NewE string
	Devices    []store.Device
	Keys       int // of Redis
}

func look(t *testing.T, client redis.UniversalClient, prefix string, before, after store.Key) outcome {
	t.Helper()
	st := newStore(t, client.(redisstore.Client), redisstore.Config{Prefix: prefix})
	var o outcome
	var err error
	if o.Old, err = st.Load(t.Context(), before); err != nil {
		o.OldE = err.Error()
	}
	if o.New, err = st.Load(t.Context(), after); err != nil {
		o.NewE = err.Error()
	}
	if o.Devices, err = st.Devices(t.Context(), "ada"); err != nil {
		t.Fatal(err)
	}
	o.Keys = countKeys(t, client, prefix)
	return o
}

// countKeys counts the keys that begin with the prefix, on all servers.
func countKeys(t *testing.T, client redis.UniversalClient, prefix string) int {
	t.Helper()
	var n atomic.Int64
	count := func(ctx context.Context, c *redis.Client) error {
		keys, err := c.Keys(ctx, prefix+"*").Result()
		n.Add(int64(len(keys)))
		return err
	}
	var err error
	if c, ok := client.(*redis.ClusterClient); ok {
		err = c.ForEachMaster(t.Context(), count)
	} else {
		err = count(t.Context(), client.(*redis.Client))
	}
	if err != nil {
		t.Fatal(err)
	}
	return int(n.Load())
}

// D8, over a real connection that breaks after the server has answered, or
// before it was asked.
func TestAWriteWhoseAnswerIsLostIsAppliedOnce(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t)
	client := server.Client(t)
	warm(t, client)
	for _, d := range deeds() {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			want, steps := undisturbed(t, client, d)
			for _, step := range steps {
				for name, applied := range map[string]bool{" after it was applied": true, " before it arrived": false} {
					t.Run(step+name, func(t *testing.T) {
						t.Parallel()
						proxy := redistest.NewProxy(t, server.Addr)
						prefix := t.Name() + ":"
						plain := newStore(t, client, redisstore.Config{Prefix: prefix})
						key := inAnotherSlot(t, plain, d.prepare)
						before := load(t, plain, key)
						var applies atomic.Int64
						proxy.Fail(redistest.Fault{
							Request: []byte(redisstore.Scripts()[step]), Applied: applied,
							Meanwhile: func() { applies.Add(1) },
						})
						st := newStore(t, redistest.Dial(t, proxy.Addr), redisstore.Config{Prefix: prefix})
						after, err := d.run(t.Context(), st, key, before)
						if err != nil {
							t.Fatalf("a lost answer is an error: %v", err)
						}
						if applies.Load() != 1 {
							t.Fatal("no answer was lost")
						}
						got := look(t, client, prefix, key, after)
						if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(store.Record{}, "Revision")); diff != "" {
							t.Errorf("another outcome than when no answer is lost (-want +got):\n%s", diff)
						}
					})
				}
			}
		})
	}
}

// On a cluster, where a sign-in takes several steps. The client itself loses
// the answer there, since it talks to the servers that the cluster names.
func TestAWriteWhoseAnswerIsLostIsAppliedOnceOnACluster(t *testing.T) {
	t.Parallel()
	client := redistest.StartCluster(t).Client(t)
	warm(t, client)
	for _, d := range deeds() {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			want, steps := undisturbed(t, client, d)
			for _, step := range steps {
				for name, applied := range map[string]bool{" after it was applied": true, " before it arrived": false} {
					t.Run(step+name, func(t *testing.T) {
						t.Parallel()
						prefix := t.Name() + ":"
						plain := newStore(t, client, redisstore.Config{Prefix: prefix})
						key := inAnotherSlot(t, plain, d.prepare)
						before := load(t, plain, key)
						st := newStore(t, losing(client, step, applied, nil), redisstore.Config{Prefix: prefix})
						after, err := d.run(t.Context(), st, key, before)
						if err != nil {
							t.Fatalf("a lost answer is an error: %v", err)
						}
						got := look(t, client, prefix, key, after)
						if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(store.Record{}, "Revision")); diff != "" {
							t.Errorf("another outcome than when no answer is lost (-want +got):\n%s", diff)
						}
					})
				}
			}
		})
	}
}

// undisturbed does the deed, and returns what it leads to and which scripts it
// runs.
func undisturbed(t *testing.T, client redis.UniversalClient, d deed) (want outcome, steps []string) {
	t.Helper()
	prefix := t.Name() + ":"
	st := newStore(t, intercept(client, func(_ context.Context, cmd redis.Cmder, forward func() error) error {
		steps = append(steps, scriptOf(cmd))
		return forward()
	}), redisstore.Config{Prefix: prefix})
	key := inAnotherSlot(t, st, d.prepare)
	r := load(t, st, key)
	steps = nil
	after, err := d.run(t.Context(), st, key, r)
	if err != nil {
		t.Fatal(err)
	}
	ran := steps
	return look(t, client, prefix, key, after), ran
}

var errLost = errors.New("connection reset by peer")

// losing is a client that loses the answer to the first run of a script: after
// it was applied, or before it reached the server. Then, before it is sent
// again, meanwhile happens.
func losing(behind redisstore.Client, script string, applied bool, meanwhile func()) redisstore.Client {
	var lost atomic.Bool
	return intercept(behind, func(_ context.Context, cmd redis.Cmder, forward func() error) error {
		if scriptOf(cmd) != script || lost.Swap(true) {
			return forward()
		}
		if applied {
			if err := forward(); err != nil {
				return err
			}
		}
		if meanwhile != nil {
			meanwhile()
		}
		return errLost
	})
}

// wantNoAnswer fails the test unless err means that the store could not answer.
func wantNoAnswer(t *testing.T, err error) {
	t.Helper()
	if err == nil || isOutcome(err) {
		t.Errorf("got %v, want an error that means no answer", err)
	}
}

// isOutcome reports whether the error says something of the session.
func isOutcome(err error) bool {
	_, invalid := errors.AsType[*store.InvalidError](err)
	_, conflict := errors.AsType[*store.ConflictError](err)
	_, decode := errors.AsType[*store.DecodeError](err)
	return invalid || conflict || decode || errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrEnded) ||
		errors.Is(err, store.ErrTooLarge) || errors.Is(err, store.ErrUnsupported)
}
