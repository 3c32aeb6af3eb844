package dynamostore_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/store"
)

// D15.
func TestARevocationThatRacesARenewalWins(t *testing.T) {
	t.Parallel()

	t.Run("if the session is renewed just before Revoke ends it", func(t *testing.T) {
		t.Parallel()
		r := newRace(t)
		key := save(t, r.plain, signedIn("ada", "d1"))
		st := r.before(t, "TransactWriteItems", 0, func() { r.renew(t, &key) })
		if err := st.Revoke(t.Context(), "ada", "d1"); err != nil {
			t.Error(err)
		}
		r.wantEnded(t, key)
	})

	t.Run("if the session is renewed just before RevokeAll ends it, and again", func(t *testing.T) {
		t.Parallel()
		r := newRace(t)
		key := save(t, r.plain, signedIn("ada", "d1"))
		st := newStore(t, intercept(r.db.Client, func(q request) (any, error) {
			if q.operation == "TransactWriteItems" && q.n < 2 {
				r.renew(t, &key)
			}
			return q.forward()
		}), dynamostore.Config{Table: r.table})
		if _, err := st.RevokeAll(t.Context(), "ada", ""); err != nil {
			t.Error(err)
		}
		r.wantEnded(t, key)
	})

	t.Run("if it comes just before the renewal", func(t *testing.T) {
		t.Parallel()
		r := newRace(t)
		key := save(t, r.plain, signedIn("ada", "d1"))
		st := r.before(t, "TransactWriteItems", 0, func() {
			if err := r.plain.Revoke(t.Context(), "ada", "d1"); err != nil {
				t.Error(err)
			}
		})
		from := load(t, r.plain, key)
		if _, err := st.Rotate(t.Context(), key, from, from); !errors.Is(err, store.ErrEnded) {
			t.Errorf("got %v, want an *EndedError", err)
		}
		r.wantEnded(t, key)
	})

	t.Run("and is no success if the device alone vanishes just before", func(t *testing.T) {
		t.Parallel()
		r := newRace(t)
		save(t, r.plain, signedIn("ada", "d1"))
		st := r.before(t, "TransactWriteItems", 0, func() {
			put(t, r.db, r.table, item{"pk": s("u#ada"), "sk": s("d#d1")})
		})
		if err := st.Revoke(t.Context(), "ada", "d1"); err == nil {
			t.Error("a session was not ended, and Revoke gives no error")
		}
	})

	for name, session := range map[string]types.AttributeValue{
		"if the device alone is gone":        nil,
		"if the device is another session's": s(store.NewKey().Digest()),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRace(t)
			key := save(t, r.plain, signedIn("ada", "d1"))
			put(t, r.db, r.table, but(item{"pk": s("u#ada"), "sk": s("d#d1")}, item{"session": session}))
			from := load(t, r.plain, key)
			if _, err := r.plain.Rotate(t.Context(), key, from, from); !errors.Is(err, store.ErrEnded) {
				t.Errorf("got %v, want an *EndedError", err)
			}
		})
	}
}

// D15.
func TestASignInThatIsUnderWayDuringRevokeAllDoesNotSurviveIt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name      string
		operation string
	}{
		{"if it is stored before the revocation is written", "PutItem"},
		{"if it is stored before the devices are listed", "Query"},
		{"if it is stored before the listed ones are ended", "TransactWriteItems"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRace(t)
			old := save(t, r.plain, signedIn("ada", "old"))
			var signIn error
			var key store.Key
			st := r.before(t, c.operation, 0, func() {
				key, signIn = r.plain.Save(t.Context(), signedIn("ada", "new"))
			})
			at, err := st.RevokeAll(t.Context(), "ada", "")
			if err != nil || !at.Equal(beginning) {
				t.Errorf("RevokeAll: %v, %v", at, err)
			}
			r.wantEnded(t, old)
			if signIn == nil {
				r.wantEnded(t, key)
			} else if ended, ok := errors.AsType[*store.EndedError](signIn); !ok || !ended.At.Equal(at) {
				t.Errorf("the sign-in got %v, want an *EndedError of %v", signIn, at)
			}
		})
	}
}

func TestALaterRevocationByAnothersClockStays(t *testing.T) {
	t.Parallel()
	r := newRace(t)
	ahead := beginning.Add(5 * time.Minute)
	fast := newStore(t, r.db.Client, dynamostore.Config{Table: r.table, Now: func() time.Time { return ahead }})
	for _, st := range []*dynamostore.Store{fast, r.plain} {
		at, err := st.RevokeAll(t.Context(), "ada", "")
		if err != nil || !at.Equal(ahead) {
			t.Errorf("RevokeAll: %v, %v; want %v", at, err, ahead)
		}
	}
	signIn := signedIn("ada", "d1")
	signIn.Created = ahead
	if _, err := r.plain.Save(t.Context(), signIn); !errors.Is(err, store.ErrEnded) {
		t.Errorf("a sign-in at that moment: %v, want an *EndedError", err)
	}
	signIn.Created = ahead.Add(time.Microsecond)
	save(t, r.plain, signIn)
}

func TestASessionThatPassesToAnotherTakesItsDeviceOutOfTheList(t *testing.T) {
	t.Parallel()
	for name, to := range map[string]store.Record{
		"to another subject":                   signedIn("eve", "d1"),
		"to another device":                    signedIn("ada", "d2"),
		"to nobody, with an anonymous renewal": record(nil),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRace(t)
			key := save(t, r.plain, signedIn("ada", "d1"))
			if _, err := r.plain.Rotate(t.Context(), key, load(t, r.plain, key), to); err != nil {
				t.Fatal(err)
			}
			out, err := r.db.Client.GetItem(t.Context(), &dynamodb.GetItemInput{
				TableName: &r.table, Key: item{"pk": s("u#ada"), "sk": s("d#d1")},
			})
			if err != nil || out.Item != nil {
				t.Errorf("the old device is still there: %v, %v", out.Item, err)
			}
		})
	}
}

func TestASubjectThatIsNone(t *testing.T) {
	t.Parallel()
	st := newStore(t, intercept(nil, nil), dynamostore.Config{Table: "sessions"})
	_, devices := st.Devices(t.Context(), "")
	_, revokedAll := st.RevokeAll(t.Context(), "", "")
	for _, err := range []error{devices, revokedAll, st.Revoke(t.Context(), "", "d1")} {
		if _, ok := errors.AsType[*store.InvalidError](err); !ok {
			t.Errorf("got %v, want an *InvalidError", err)
		}
	}
}

func TestRevokeAllGoesOnAfterAFailure(t *testing.T) {
	t.Parallel()
	r := newRace(t)
	for i := range 3 {
		save(t, r.plain, signedIn("ada", fmt.Sprintf("d%d", i)))
	}
	client := intercept(r.db.Client, func(q request) (any, error) {
		if q.operation == "TransactWriteItems" && q.n == 0 {
			return nil, &types.ResourceNotFoundException{}
		}
		return q.forward()
	})
	_, err := newStore(t, client, dynamostore.Config{Table: r.table}).RevokeAll(t.Context(), "ada", "")
	wantNoAnswer(t, err)
	if devices, err := r.plain.Devices(t.Context(), "ada"); len(devices) != 1 || err != nil {
		t.Errorf("%d devices are left, %v; want the one that could not be ended", len(devices), err)
	}
	if _, err := r.plain.RevokeAll(t.Context(), "ada", ""); err != nil {
		t.Error(err)
	}
	if devices, err := r.plain.Devices(t.Context(), "ada"); len(devices) != 0 || err != nil {
		t.Errorf("%d devices are left, %v", len(devices), err)
	}
}

func TestRevokeAllSaysThatItWasCutShort(t *testing.T) {
	t.Parallel()
	r := newRace(t)
	for i := range 3 {
		save(t, r.plain, signedIn("ada", fmt.Sprintf("d%d", i)))
	}
	ctx, cancel := context.WithCancel(t.Context())
	st := newStore(t, intercept(r.db.Client, func(q request) (any, error) {
		if q.operation == "TransactWriteItems" {
			defer cancel()
		}
		return q.forward()
	}), dynamostore.Config{Table: r.table})
	_, err := st.RevokeAll(ctx, "ada", "")
	wantNoAnswer(t, err)
	if devices, err := r.plain.Devices(t.Context(), "ada"); len(devices) != 2 || err != nil {
		t.Errorf("%d devices are left, %v; want 2", len(devices), err)
	}
}

// D9.
func TestRevokeAllOfManyIsNotKeptByABlackHole(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(_ int, r *http.Request) (*http.Response, error) {
			switch target := r.Header.Get("X-Amz-Target"); {
			case strings.HasSuffix(target, "TransactWriteItems"):
				return hangs(r)
			case strings.HasSuffix(target, "Query"):
				device := fmt.Sprintf(`{"sk": {"S": "d#d1"}, "session": {"S": %q}}`, store.NewKey().Digest())
				return ok(`{"Items": [` + strings.Repeat(device+",", 99) + device + `]}`)
			}
			return ok("{}")
		}}
		start := time.Now()
		_, err := onWire(t, w).RevokeAll(t.Context(), "ada", "")
		wantNoAnswer(t, err)
		if took := time.Since(start); took != 2*time.Second {
			t.Errorf("took %v, want the timeout of one request", took)
		}
	})
}
