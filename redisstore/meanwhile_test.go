package redisstore_test

import (
	"errors"
	"testing"

	"github.com/lambdasession/lambdasession-go/redisstore"
	"github.com/lambdasession/lambdasession-go/redisstore/internal/redistest"
	"github.com/lambdasession/lambdasession-go/store"
)

// What came in between decides what may be said: never a conflict that would
// have the change made again on top of itself.
func TestALostAnswerWithAnotherWriterInBetween(t *testing.T) {
	t.Parallel()
	client := redistest.Start(t).Client(t)
	warm(t, client)
	increment := set("n", "2")
	increment.Expect = map[string][]byte{"n": []byte("1")}

	t.Run("of an Update that expects is no conflict, and says that it doesn't know", func(t *testing.T) {
		t.Parallel()
		for _, applied := range []bool{true, false} {
			plain := newStore(t, client, redisstore.Config{})
			key := save(t, plain, record(map[string][]byte{"n": []byte("1")}))
			st := newStore(t, losing(client, "change", applied, func() {
				if _, err := plain.Update(t.Context(), key, set("n", "7")); err != nil {
					t.Error(err)
				}
			}), redisstore.Config{})
			_, err := st.Update(t.Context(), key, increment)
			wantNoAnswer(t, err)
			if got := string(load(t, plain, key).Values["n"]); got != "7" {
				t.Errorf("the other's value became %q", got)
			}
		}
	})
	t.Run("is not asked for again by the client itself, which would not say so", func(t *testing.T) {
		t.Parallel()
		server := redistest.Start(t)
		client := server.Client(t)
		warm(t, client)
		proxy := redistest.NewProxy(t, server.Addr)
		plain := newStore(t, client, redisstore.Config{})
		key := save(t, plain, record(map[string][]byte{"n": []byte("1")}))
		proxy.Fail(redistest.Fault{Request: []byte(redisstore.Scripts()["change"]), Applied: true, Meanwhile: func() {
			if _, err := plain.Update(t.Context(), key, set("n", "7")); err != nil {
				t.Error(err)
			}
		}})
		_, err := newStore(t, redistest.Dial(t, proxy.Addr), redisstore.Config{}).Update(t.Context(), key, increment)
		wantNoAnswer(t, err)
	})
	t.Run("of an Update of a session that was renewed in between says that it doesn't know", func(t *testing.T) {
		t.Parallel()
		plain := newStore(t, client, redisstore.Config{})
		key := save(t, plain, record(map[string][]byte{"n": []byte("1")}))
		st := newStore(t, losing(client, "change", true, func() {
			from := load(t, plain, key)
			if _, err := plain.Rotate(t.Context(), key, from, from); err != nil {
				t.Error(err)
			}
		}), redisstore.Config{})
		_, err := st.Update(t.Context(), key, increment)
		wantNoAnswer(t, err)
	})
	t.Run("of a Rotate that did not arrive is a conflict", func(t *testing.T) {
		t.Parallel()
		plain := newStore(t, client, redisstore.Config{})
		key := save(t, plain, record(nil))
		from := load(t, plain, key)
		st := newStore(t, losing(client, "rotate", false, func() {
			if _, err := plain.Update(t.Context(), key, set("n", "7")); err != nil {
				t.Error(err)
			}
		}), redisstore.Config{})
		_, err := st.Rotate(t.Context(), key, from, from)
		if _, ok := errors.AsType[*store.ConflictError](err); !ok {
			t.Errorf("Rotate gives %v, want a conflict", err)
		}
	})
	t.Run("of a Save whose session was revoked in between brings nothing back", func(t *testing.T) {
		t.Parallel()
		for name, revoke := range map[string]func(*redisstore.Store, string) error{
			"Revoke": func(st *redisstore.Store, s string) error { return st.Revoke(t.Context(), s, "d1") },
			"RevokeAll": func(st *redisstore.Store, s string) error {
				_, err := st.RevokeAll(t.Context(), s, "")
				return err
			},
		} {
			plain := newStore(t, client, redisstore.Config{})
			subject := t.Name() + name
			st := newStore(t, losing(client, "save", true, func() {
				if err := revoke(plain, subject); err != nil {
					t.Error(err)
				}
			}), redisstore.Config{})
			if _, err := st.Save(t.Context(), signedIn(subject, "d1")); err == nil {
				t.Errorf("after %s in between, Save succeeds", name)
			}
			if d, err := plain.Devices(t.Context(), subject); err != nil || len(d) > 0 {
				t.Errorf("after %s in between: %d devices, error %v", name, len(d), err)
			}
		}
	})
	t.Run("of a Delete is a Delete that ended the session", func(t *testing.T) {
		t.Parallel()
		plain := newStore(t, client, redisstore.Config{})
		key := save(t, plain, record(nil))
		if err := newStore(t, losing(client, "end", true, nil), redisstore.Config{}).Delete(t.Context(), key); err != nil {
			t.Error(err)
		}
	})
}
