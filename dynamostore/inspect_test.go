package dynamostore_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/localtest"
	"github.com/lambdasession/lambdasession-go/store"
)

// inspect returns the session under the key, which is there.
func inspect(t *testing.T, st *dynamostore.Store, key store.Key) dynamostore.Session {
	t.Helper()
	session, err := st.Inspect(t.Context(), key.Digest())
	if err != nil {
		t.Fatal("Inspect:", err)
	}
	if session.ID != key.Digest() {
		t.Errorf("the ID is %q, want the digest of the key, %q", session.ID, key.Digest())
	}
	if session.Bytes < 100 {
		t.Errorf("it has %d bytes", session.Bytes)
	}
	return session
}

func wantSession(t *testing.T, st *dynamostore.Store, key store.Key, want dynamostore.Session) {
	t.Helper()
	got := inspect(t, st, key)
	want.ID, want.Bytes = got.ID, got.Bytes
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("session (-want +got):\n%s", diff)
	}
}

func TestInspectTells(t *testing.T) {
	t.Parallel()
	whole := beginning.Truncate(time.Second) // what an expiry is kept to
	binary := []byte{0xff, 0}

	t.Run("a live session with its values", func(t *testing.T) {
		t.Parallel()
		r := newRace(t)
		wantSession(t, r.plain, save(t, r.plain, record(map[string][]byte{"a": []byte("1"), "b": binary})), dynamostore.Session{
			State: dynamostore.Live, Created: beginning, Expires: whole.Add(30 * time.Minute), Ends: whole.Add(12 * time.Hour),
			Fields: map[string][]byte{"a": []byte("1"), "b": binary},
		})
	})

	t.Run("whose session it is and on which device", func(t *testing.T) {
		t.Parallel()
		r := newRace(t)
		session := inspect(t, r.plain, save(t, r.plain, signedIn("ada", "d1")))
		if session.Subject != "ada" || session.Device != "d1" {
			t.Errorf("it is %q's on %q", session.Subject, session.Device)
		}
	})

	t.Run("a session as expired from its last second on, values included", func(t *testing.T) {
		t.Parallel()
		r := newRace(t)
		kept := record(map[string][]byte{"a": []byte("1")})
		key := save(t, r.plain, kept)
		for late, want := range map[time.Duration]dynamostore.State{-time.Second: dynamostore.Live, 0: dynamostore.Expired, time.Hour: dynamostore.Expired} {
			now := whole.Add(30*time.Minute + late)
			st := newStore(t, r.db.Client, dynamostore.Config{Table: r.table, Now: func() time.Time { return now }})
			wantSession(t, st, key, dynamostore.Session{
				State: want, Created: beginning, Expires: whole.Add(30 * time.Minute), Ends: whole.Add(12 * time.Hour), Fields: kept.Values,
			})
		}
	})

	t.Run("where a renewed session went", func(t *testing.T) {
		t.Parallel()
		r := newRace(t)
		key := save(t, r.plain, signedIn("ada", "d1"))
		old := key
		r.renew(t, &key)
		wantSession(t, r.plain, old, dynamostore.Session{
			State: dynamostore.Ended, Ended: beginning, Successor: key.Digest(), Subject: "ada", Device: "d1",
		})
		if session := inspect(t, r.plain, key); session.State != dynamostore.Live {
			t.Errorf("its successor is %v", session.State)
		}
	})

	t.Run("when a session was logged out or revoked, for as long as its mark is there", func(t *testing.T) {
		t.Parallel()
		r := newRace(t)
		out, revoked := save(t, r.plain, signedIn("ada", "d1")), save(t, r.plain, signedIn("ada", "d2"))
		if err := r.plain.Delete(t.Context(), out); err != nil {
			t.Fatal(err)
		}
		if err := r.plain.Revoke(t.Context(), "ada", "d2"); err != nil {
			t.Fatal(err)
		}
		later := func() time.Time { return beginning.Add(24 * time.Hour) } // TTL is late
		st := newStore(t, r.db.Client, dynamostore.Config{Table: r.table, Now: later})
		wantSession(t, st, out, dynamostore.Session{State: dynamostore.Ended, Ended: beginning, Subject: "ada", Device: "d1"})
		wantSession(t, st, revoked, dynamostore.Session{State: dynamostore.Ended, Ended: beginning, Subject: "ada", Device: "d2"})
	})

	t.Run("a session in a table with other names and a prefix", func(t *testing.T) {
		t.Parallel()
		r := newRace(t)
		prefixed := newStore(t, r.db.Client, dynamostore.Config{Table: r.table, KeyPrefix: "shop#"})
		key := save(t, prefixed, record(nil))
		if session := inspect(t, prefixed, key); session.State != dynamostore.Live {
			t.Errorf("it is %v", session.State)
		}
		if _, err := r.plain.Inspect(t.Context(), key.Digest()); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("without the prefix: %v, want ErrNotFound", err)
		}
	})

	t.Run("what is going on at this moment, although Load need not", func(t *testing.T) {
		t.Parallel()
		r := newRace(t)
		faults := r.db.Faults(t)
		st := newStore(t, faults.Client, dynamostore.Config{Table: r.table, EventualReads: true})
		key := save(t, r.plain, record(nil))
		load(t, st, key)
		if err := r.plain.Delete(t.Context(), key); err != nil {
			t.Fatal(err)
		}
		faults.Inject(localtest.Fault{Kind: localtest.StaleRead})
		if session := inspect(t, st, key); session.State != dynamostore.Ended {
			t.Errorf("it is %v, want ended", session.State)
		}
	})

	t.Run("that nothing is there", func(t *testing.T) {
		t.Parallel()
		r := newRace(t)
		if _, err := r.plain.Inspect(t.Context(), store.NewKey().Digest()); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%v, want ErrNotFound", err)
		}
	})

	t.Run("that DynamoDB could not answer", func(t *testing.T) {
		t.Parallel()
		r := newRace(t)
		faults := r.db.Faults(t)
		faults.Inject(localtest.Fault{Kind: localtest.AccessDenied})
		st := newStore(t, faults.Client, dynamostore.Config{Table: r.table})
		_, err := st.Inspect(t.Context(), store.NewKey().Digest())
		wantNoAnswer(t, err)
	})
}

// D16.
func TestInspectTellsWhatIsWrongWithAHostileItem(t *testing.T) {
	t.Parallel()
	db := localtest.DynamoDB(t)
	table := db.Table()
	st := newStore(t, db.Client, dynamostore.Config{Table: table})
	for name, it := range hostileSessions() {
		t.Run("with "+name, func(t *testing.T) {
			t.Parallel()
			session, err := st.Inspect(t.Context(), putSession(t, db, table, it).Digest())
			if err != nil {
				t.Fatal(err)
			}
			if session.State != dynamostore.Damaged {
				t.Errorf("it is %v, want damaged", session.State)
			}
			wantDecodeError(t, "Err", session.Err)
		})
	}

	t.Run("and what can be read of it all the same", func(t *testing.T) {
		t.Parallel()
		session := inspect(t, st, putSession(t, db, table, but(goodSession(), item{"v": n("2")})))
		if session.Subject != "ada" || session.Ends.IsZero() || string(session.Fields["cart"]) != "1 apple" {
			t.Errorf("only %+v", session)
		}
		session = inspect(t, st, putSession(t, db, table, but(goodSession(), item{"data": m(item{"a": s("1"), "b": n("1")})})))
		if session.Device != "d1" || session.Fields != nil {
			t.Errorf("with a value of another type: %+v", session)
		}
	})
}

func TestWhatIsNoIDIsRefused(t *testing.T) {
	t.Parallel()
	st := newStore(t, intercept(nil, func(q request) (any, error) {
		t.Errorf("a %s for it", q.operation)
		return nil, errLost
	}), dynamostore.Config{Table: "sessions"})
	good := store.NewKey().Digest()
	for what, id := range map[string]string{
		"nothing":              "",
		"a part of one":        good[:42],
		"more than one":        good + "A",
		"a partition key":      "s#" + good,
		"a space":              good[:42] + " ",
		"a new line":           strings.Repeat("A", 42) + "\n",
		"more than 32 bytes":   strings.Repeat("A", 42) + "B",
		"the letters of paths": good[:42] + "/",
		"a cookie with a tag":  good + "." + good,
	} {
		t.Run("for "+what, func(t *testing.T) {
			t.Parallel()
			_, inspected := st.Inspect(t.Context(), id)
			for operation, err := range map[string]error{"Inspect": inspected, "End": st.End(t.Context(), id)} {
				if _, ok := errors.AsType[*store.InvalidError](err); !ok {
					t.Errorf("%s: %v, want an *InvalidError", operation, err)
				} else if id != "" && strings.Contains(err.Error(), id) {
					t.Errorf("%s repeats it, and it may be a secret: %v", operation, err)
				}
			}
		})
	}
}

func TestStateHasAName(t *testing.T) {
	t.Parallel()
	for state, want := range map[dynamostore.State]string{
		dynamostore.Live: "live", dynamostore.Expired: "expired", dynamostore.Ended: "ended", dynamostore.Damaged: "damaged",
		0: "State(0)", 5: "State(5)", -1: "State(-1)",
	} {
		if got := state.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
