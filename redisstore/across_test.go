package redisstore_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"github.com/lambdasession/lambdasession-go/redisstore"
	"github.com/lambdasession/lambdasession-go/redisstore/internal/redistest"
	"github.com/lambdasession/lambdasession-go/store"
)

// The three steps of a sign-in that crosses slots.
var crossing = []string{"lock", "save", "settle"}

// before returns a store that does something just before it first runs a
// script.
func before(t *testing.T, client redisstore.Client, script string, something func()) *redisstore.Store {
	done := false
	return newStore(t, intercept(client, func(_ context.Context, cmd redis.Cmder, forward func() error) error {
		if scriptOf(cmd) == script && !done {
			done = true
			something()
		}
		return forward()
	}), redisstore.Config{})
}

// dying returns a store whose program dies just before it first runs a script.
func dying(t *testing.T, client redisstore.Client, script string) *redisstore.Store {
	dead := false
	return newStore(t, intercept(client, func(_ context.Context, cmd redis.Cmder, forward func() error) error {
		dead = dead || scriptOf(cmd) == script
		if dead {
			return errLost
		}
		return forward()
	}), redisstore.Config{Timeout: time.Second})
}

// A signIn is the session of a visitor who signs in.
type signIn struct {
	plain    *redisstore.Store
	old      store.Key
	from, to store.Record
}

func newSignIn(t *testing.T, client redisstore.Client, from store.Record) signIn {
	t.Helper()
	x := signIn{plain: newStore(t, client, redisstore.Config{}), to: signedIn("to "+store.NewDeviceID(), "d1")}
	if from.Subject != "" {
		from.Subject = "from " + store.NewDeviceID()
	}
	for {
		x.old = save(t, x.plain, from)
		if !redisstore.SharesSlot(x.old, x.to.Subject) {
			break
		}
		x.to.Subject = "to " + store.NewDeviceID()
	}
	x.from = load(t, x.plain, x.old)
	return x
}

// lives reports whether there is a session under the old key, and how many
// devices its new subject has.
func (x signIn) lives(t *testing.T) (old bool, devices int) {
	t.Helper()
	_, err := x.plain.Load(t.Context(), x.old)
	if err != nil && !errors.Is(err, store.ErrEnded) {
		t.Fatal("Load:", err)
	}
	d, e := x.plain.Devices(t.Context(), x.to.Subject)
	if e != nil {
		t.Fatal("Devices:", e)
	}
	return err == nil, len(d)
}

func TestASignInAcrossSlotsThatDies(t *testing.T) {
	t.Parallel()
	client := redistest.StartCluster(t).Client(t)
	warm(t, client)
	for name, from := range map[string]store.Record{"of a visitor": record(nil), "of another subject": signedIn("x", "d0")} {
		for i, step := range crossing {
			happened := i == 2 // saved, but not settled
			t.Run(fmt.Sprintf("%s before it could %s leaves exactly one session", name, step), func(t *testing.T) {
				t.Parallel()
				x := newSignIn(t, client, from)
				_, err := dying(t, client, step).Rotate(t.Context(), x.old, x.from, x.to)
				if happened != (err == nil) {
					t.Fatalf("Rotate gives %v", err)
				}
				if old, devices := x.lives(t); old == happened || (devices == 1) != happened {
					t.Errorf("the old session lives: %t; devices of the new: %d", old, devices)
				}
				if from.Subject != "" {
					d, err := x.plain.Devices(t.Context(), x.from.Subject)
					if err != nil || (len(d) == 0) != happened {
						t.Errorf("%d devices of the old subject, error %v", len(d), err)
					}
				}
			})
			for what, use := range map[string]func(x signIn) error{
				"Update": func(x signIn) error {
					_, err := x.plain.Update(t.Context(), x.old, set("n", "1"))
					return err
				},
				"UpdateTTL": func(x signIn) error {
					_, err := x.plain.UpdateTTL(t.Context(), x.old, x.from.Expires)
					return err
				},
				"Rotate": func(x signIn) error {
					_, err := x.plain.Rotate(t.Context(), x.old, x.from, x.to)
					return err
				},
			} {
				t.Run(fmt.Sprintf("%s before it could %s is settled by an %s", name, step, what), func(t *testing.T) {
					t.Parallel()
					x := newSignIn(t, client, from)
					_, _ = dying(t, client, step).Rotate(t.Context(), x.old, x.from, x.to)
					err := use(x)
					if happened && !errors.Is(err, store.ErrEnded) || !happened && err != nil {
						t.Errorf("%s gives %v", what, err)
					}
					if old, devices := x.lives(t); old != (!happened && what != "Rotate") || (devices == 1) != (happened || what == "Rotate") {
						t.Errorf("the old session lives: %t; devices of the new: %d", old, devices)
					}
				})
			}
			t.Run(fmt.Sprintf("%s before it could %s is ended by a Delete of the old key", name, step), func(t *testing.T) {
				t.Parallel()
				x := newSignIn(t, client, from)
				_, _ = dying(t, client, step).Rotate(t.Context(), x.old, x.from, x.to)
				if err := x.plain.Delete(t.Context(), x.old); err != nil {
					t.Errorf("Delete gives %v", err)
				}
				if old, devices := x.lives(t); old || devices > 0 {
					t.Errorf("the old session lives: %t; devices of the new: %d", old, devices)
				}
			})
		}
	}
	t.Run("of a subject is ended by that one's Revoke and RevokeAll, if it has not happened", func(t *testing.T) {
		t.Parallel()
		for what, revoke := range map[string]func(x signIn) error{
			"Revoke": func(x signIn) error { return x.plain.Revoke(t.Context(), x.from.Subject, x.from.Device) },
			"RevokeAll": func(x signIn) error {
				_, err := x.plain.RevokeAll(t.Context(), x.from.Subject, "")
				return err
			},
		} {
			for i, step := range crossing {
				x := newSignIn(t, client, signedIn("x", "d0"))
				_, _ = dying(t, client, step).Rotate(t.Context(), x.old, x.from, x.to)
				err := revoke(x)
				happened := i == 2
				if want := happened && what == "Revoke"; errors.Is(err, store.ErrNotFound) != want || err != nil && !want {
					t.Errorf("%s before %s gives %v", what, step, err)
				}
				if old, devices := x.lives(t); old || (devices == 1) != happened {
					t.Errorf("after %s before %s: the old session lives: %t; devices of the new: %d", what, step, old, devices)
				}
			}
		}
	})
	t.Run("is found by a Delete of the old key, even if that would have expired", func(t *testing.T) {
		t.Parallel()
		from := record(nil)
		from.Expires = beginning.Add(time.Minute)
		x := newSignIn(t, client, from)
		if _, err := dying(t, client, "settle").Rotate(t.Context(), x.old, x.from, x.to); err != nil {
			t.Fatal(err)
		}
		later := newStore(t, client, redisstore.Config{Now: func() time.Time { return beginning.Add(2 * time.Minute) }})
		if err := later.Delete(t.Context(), x.old); err != nil {
			t.Errorf("Delete gives %v", err)
		}
		if _, devices := x.lives(t); devices > 0 {
			t.Errorf("%d devices live on", devices)
		}
	})
	t.Run("and expires is a session that has expired", func(t *testing.T) {
		t.Parallel()
		x := newSignIn(t, client, record(nil))
		_, _ = dying(t, client, "save").Rotate(t.Context(), x.old, x.from, x.to)
		later := newStore(t, client, redisstore.Config{Now: func() time.Time { return x.from.Expires }})
		_, loaded := later.Load(t.Context(), x.old)
		_, updated := later.Update(t.Context(), x.old, set("n", "1"))
		for _, err := range []error{loaded, updated, later.Delete(t.Context(), x.old)} {
			if !errors.Is(err, store.ErrNotFound) {
				t.Errorf("got %v, want ErrNotFound", err)
			}
		}
	})
	t.Run("keeps its values for the one who reads them", func(t *testing.T) {
		t.Parallel()
		x := newSignIn(t, client, record(map[string][]byte{"cart": []byte("2 pears")}))
		_, _ = dying(t, client, "save").Rotate(t.Context(), x.old, x.from, x.to)
		if diff := cmp.Diff(x.from, load(t, x.plain, x.old)); diff != "" {
			t.Errorf("Load (-want +got):\n%s", diff)
		}
	})
}

func TestASignInAcrossSlotsThatMeetsAnother(t *testing.T) {
	t.Parallel()
	client := redistest.StartCluster(t).Client(t)
	warm(t, client)
	// Each says what the sign-in may give, and which sessions then live.
	for _, other := range []struct {
		name string
		do   func(t *testing.T, x signIn) error
		// by step: what the sign-in gives, whether the old session lives, how many devices there are
		conflict, ended [3]bool
		old             [3]bool
		devices         [3]int
	}{
		{
			name: "Load, which does not disturb it",
			do:   func(t *testing.T, x signIn) error { _, err := x.plain.Load(t.Context(), x.old); return err },
			devices: [3]int{
				1, 1, 1,
			},
		},
		{
			name: "Update, which makes it a conflict unless it has happened",
			do: func(t *testing.T, x signIn) error {
				_, err := x.plain.Update(t.Context(), x.old, set("n", "1"))
				return err
			},
			conflict: [3]bool{true, true, false}, old: [3]bool{true, true, false}, devices: [3]int{0, 0, 1},
		},
		{
			name:  "Delete, which ends whichever lives",
			do:    func(t *testing.T, x signIn) error { return x.plain.Delete(t.Context(), x.old) },
			ended: [3]bool{true, true, false},
		},
		{
			name: "RevokeAll of its subject, which refuses it or ends it",
			do: func(t *testing.T, x signIn) error {
				_, err := x.plain.RevokeAll(t.Context(), x.to.Subject, "")
				return err
			},
			ended: [3]bool{true, true, false}, old: [3]bool{true, true, false},
		},
		{
			name: "the same sign-in again, of which one wins",
			do: func(t *testing.T, x signIn) error {
				_, err := x.plain.Rotate(t.Context(), x.old, x.from, x.to)
				return err
			},
			ended: [3]bool{true, true, false}, devices: [3]int{1, 1, 1},
		},
	} {
		for i, step := range crossing {
			t.Run("meets "+other.name+", before it could "+step, func(t *testing.T) {
				t.Parallel()
				x := newSignIn(t, client, record(nil))
				st := before(t, client, step, func() {
					if err := other.do(t, x); err != nil && !errors.Is(err, store.ErrEnded) {
						t.Errorf("the other gives %v", err)
					}
				})
				_, err := st.Rotate(t.Context(), x.old, x.from, x.to)
				_, conflict := errors.AsType[*store.ConflictError](err)
				if conflict != other.conflict[i] || errors.Is(err, store.ErrEnded) != other.ended[i] ||
					err != nil && !other.conflict[i] && !other.ended[i] {
					t.Errorf("Rotate gives %v", err)
				}
				if old, devices := x.lives(t); old != other.old[i] || devices != other.devices[i] {
					t.Errorf("the old session lives: %t; devices: %d; want %t, %d", old, devices, other.old[i], other.devices[i])
				}
			})
		}
	}
}
