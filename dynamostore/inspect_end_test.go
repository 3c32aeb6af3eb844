package dynamostore_test

import (
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/store"
)

func TestEnd(t *testing.T) {
	t.Parallel()

	t.Run("ends a session and takes its device out of the list", func(t *testing.T) {
		t.Parallel()
		r := newRace(t)
		key, other := save(t, r.plain, signedIn("ada", "d1")), save(t, r.plain, signedIn("ada", "d2"))
		if err := r.plain.End(t.Context(), key.Digest()); err != nil {
			t.Fatal(err)
		}
		r.wantEnded(t, key)
		load(t, r.plain, other)
		devices, err := r.plain.Devices(t.Context(), "ada")
		if err != nil || len(devices) != 1 || devices[0].ID != "d2" {
			t.Errorf("listed: %v, %v", devices, err)
		}
		if err := r.plain.Revoke(t.Context(), "ada", "d1"); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("Revoke: %v, want ErrNotFound", err)
		}
	})

	t.Run("ends what the session was renewed to", func(t *testing.T) {
		t.Parallel()
		r := newRace(t)
		key := save(t, r.plain, signedIn("ada", "d1"))
		shown := key.Digest()
		r.renew(t, &key)
		r.renew(t, &key)
		if err := r.plain.End(t.Context(), shown); err != nil {
			t.Fatal(err)
		}
		r.wantEnded(t, key)
	})

	t.Run("ends a session that is renewed at that moment", func(t *testing.T) {
		t.Parallel()
		r := newRace(t)
		key := save(t, r.plain, record(nil))
		st := r.before(t, "UpdateItem", 0, func() { r.renew(t, &key) })
		shown := key.Digest()
		if err := st.End(t.Context(), shown); err != nil {
			t.Fatal(err)
		}
		r.wantEnded(t, key)
	})

	t.Run("ends a damaged session", func(t *testing.T) {
		t.Parallel()
		r := newRace(t)
		key := putSession(t, r.db, r.table, but(goodSession(), item{"v": n("2")}))
		if err := r.plain.End(t.Context(), key.Digest()); err != nil {
			t.Fatal(err)
		}
		r.wantEnded(t, key)
	})

	t.Run("says that the session had ended, was revoked elsewhere, or is none", func(t *testing.T) {
		t.Parallel()
		r := newRace(t)
		out, revoked, idle := save(t, r.plain, record(nil)), save(t, r.plain, signedIn("ada", "d1")), save(t, r.plain, record(nil))
		if err := r.plain.End(t.Context(), out.Digest()); err != nil {
			t.Fatal(err)
		}
		if _, err := r.plain.RevokeAll(t.Context(), "ada", ""); err != nil {
			t.Fatal(err)
		}
		for _, key := range []store.Key{out, revoked} {
			if err := r.plain.End(t.Context(), key.Digest()); !errors.Is(err, store.ErrEnded) {
				t.Errorf("%v, want an *EndedError", err)
			}
		}
		later := newStore(t, r.db.Client, dynamostore.Config{Table: r.table, Now: func() time.Time { return beginning.Add(time.Hour) }})
		for _, key := range []store.Key{idle, store.NewKey()} {
			if err := later.End(t.Context(), key.Digest()); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("%v, want ErrNotFound", err)
			}
		}
	})

	t.Run("does not succeed where DynamoDB does not answer", func(t *testing.T) {
		t.Parallel()
		r := newRace(t)
		key := save(t, r.plain, record(nil))
		st := newStore(t, intercept(r.db.Client, func(request) (any, error) { return nil, errLost }),
			dynamostore.Config{Table: r.table, Logger: slog.New(slog.DiscardHandler)})
		wantNoAnswer(t, st.End(t.Context(), key.Digest()))
		load(t, r.plain, key)
	})
}
