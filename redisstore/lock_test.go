package redisstore_test

import (
	"context"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/lambdasession/lambdasession-go/redisstore"
	"github.com/lambdasession/lambdasession-go/redisstore/internal/redistest"
	"github.com/lambdasession/lambdasession-go/store"
)

func TestALockIsGoneBeforeWhatItPointsTo(t *testing.T) {
	t.Parallel()
	client := redistest.StartCluster(t).Client(t)
	left := func(key store.Key) time.Duration {
		d, err := client.PTTL(t.Context(), "s:{"+key.Reveal()[:2]+"}:"+key.Digest()).Result()
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	x := newSignIn(t, client, record(nil))
	x.to.Expires = beginning.Add(time.Minute)
	successor, err := dying(t, client, "settle").Rotate(t.Context(), x.old, x.from, x.to)
	if err != nil {
		t.Fatal(err)
	}
	if lock, session := left(x.old), left(successor); lock <= 0 || lock > session-30*time.Second {
		t.Errorf("the lock is kept for %v, the successor for %v", lock, session)
	}
	if err := x.plain.Delete(t.Context(), successor); err != nil {
		t.Fatal(err)
	}
	if lock, mark := left(x.old), left(successor); lock > mark-30*time.Second {
		t.Errorf("the lock is kept for %v, the successor's mark for %v", lock, mark)
	}
}

// Each forbids the other's successor; the one that stays on succeeds, and does
// not take the note for a broken source of randomness.
func TestASignInThatIsGivenUpByOthersAgainAndAgainSucceeds(t *testing.T) {
	t.Parallel()
	client := redistest.StartCluster(t).Client(t)
	warm(t, client)
	x := newSignIn(t, client, record(nil))
	others := 3
	st := newStore(t, intercept(client, func(_ context.Context, cmd redis.Cmder, forward func() error) error {
		if scriptOf(cmd) == "save" && others > 0 {
			others--
			if _, err := dying(t, client, "save").Rotate(t.Context(), x.old, x.from, x.to); err == nil {
				t.Error("the other succeeded")
			}
		}
		return forward()
	}), redisstore.Config{})
	if _, err := st.Rotate(t.Context(), x.old, x.from, x.to); err != nil {
		t.Error(err)
	}
	if old, devices := x.lives(t); old || devices != 1 || others > 0 {
		t.Errorf("the old session lives: %t; devices: %d; others to come: %d", old, devices, others)
	}
}

// An attempt that was given up may arrive all the same, when nobody waits for it
// any more.
func TestASaveThatArrivesLateStoresNothing(t *testing.T) {
	t.Parallel()
	client := redistest.StartCluster(t).Client(t)
	warm(t, client)
	x := newSignIn(t, client, record(nil))
	var late []any
	st := newStore(t, intercept(client, func(_ context.Context, cmd redis.Cmder, forward func() error) error {
		if scriptOf(cmd) != "save" {
			return forward()
		}
		late = cmd.Args()
		return errLost
	}), redisstore.Config{})
	_, err := st.Rotate(t.Context(), x.old, x.from, x.to)
	wantNoAnswer(t, err)
	if err := client.Do(t.Context(), late...).Err(); err != nil {
		t.Fatal(err)
	}
	if old, devices := x.lives(t); !old || devices > 0 {
		t.Errorf("the old session lives: %t; devices: %d", old, devices)
	}
}
