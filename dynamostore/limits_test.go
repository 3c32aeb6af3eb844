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

// large is a session whose one field has so many bytes.
func large(bytes int) store.Record {
	return record(map[string][]byte{"x": []byte(strings.Repeat("x", bytes))})
}

// largest finds, by asking, the most bytes that a session's one field may have.
func largest(t *testing.T, st store.Store) int {
	t.Helper()
	fits, tooLarge := 390<<10, 410<<10
	for tooLarge-fits > 1 {
		bytes := (fits + tooLarge) / 2
		_, err := st.Save(t.Context(), large(bytes))
		switch {
		case err == nil:
			fits = bytes
		case errors.Is(err, store.ErrTooLarge):
			tooLarge = bytes
		default:
			t.Fatal(err)
		}
	}
	return fits
}

// D11.
func TestASessionThatIsTooLarge(t *testing.T) {
	t.Parallel()
	db := localtest.DynamoDB(t)
	st := newStore(t, db.Client, dynamostore.Config{Table: db.Table()})
	limit := largest(t, st)
	if limit < 400<<10-300 || limit >= 400<<10 {
		t.Fatalf("a session's value may have %d bytes, want somewhat less than 400 KB", limit)
	}
	wantTooLarge := func(t *testing.T, err error) {
		t.Helper()
		if !errors.Is(err, store.ErrTooLarge) {
			t.Errorf("got %v, want ErrTooLarge", err)
		}
	}

	t.Run("is not saved", func(t *testing.T) {
		t.Parallel()
		_, err := st.Save(t.Context(), large(limit+1))
		wantTooLarge(t, err)
	})

	t.Run("is not what an update makes of one", func(t *testing.T) {
		t.Parallel()
		key := save(t, st, large(limit-3))
		before := load(t, st, key)
		_, err := st.Update(t.Context(), key, set("y", "12")) // 2 bytes, a name of 1, an entry of 1
		wantTooLarge(t, err)
		if diff := cmp.Diff(before, load(t, st, key)); diff != "" {
			t.Errorf("the session was changed:\n%s", diff)
		}
		if _, err := st.Update(t.Context(), key, set("y", "1")); err != nil {
			t.Errorf("at the limit: %v", err)
		}
	})

	t.Run("is not what a session is renewed to", func(t *testing.T) {
		t.Parallel()
		key := save(t, st, large(1))
		before := load(t, st, key)
		_, err := st.Rotate(t.Context(), key, before, large(limit+1))
		wantTooLarge(t, err)
		if diff := cmp.Diff(before, load(t, st, key)); diff != "" {
			t.Errorf("the session was changed:\n%s", diff)
		}
	})

	t.Run("is not signed in to", func(t *testing.T) {
		t.Parallel()
		r := large(limit)
		r.Subject, r.Device = "ada", "d1"
		_, err := st.Save(t.Context(), r)
		wantTooLarge(t, err)
	})

	t.Run("almost, can still be touched, shrunk, renewed and ended", func(t *testing.T) {
		t.Parallel()
		key := save(t, st, large(limit))
		if _, err := st.UpdateTTL(t.Context(), key, beginning.Add(time.Hour)); err != nil {
			t.Error(err)
		}
		from := load(t, st, key)
		key, err := st.Rotate(t.Context(), key, from, from)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := st.Update(t.Context(), key, store.Changes{Delete: []string{"x"}, Expires: from.Expires}); err != nil {
			t.Error(err)
		}
		if err := st.Delete(t.Context(), key); err != nil {
			t.Error(err)
		}
	})
}

func TestAWriteThatIsTooLargeByItselfIsNotSent(t *testing.T) {
	t.Parallel()
	st := newStore(t, intercept(nil, func(r request) (any, error) {
		t.Errorf("a %s was sent", r.operation)
		return nil, errLost
	}), dynamostore.Config{Table: "sessions"})
	huge := large(400<<10 + 1)
	_, saved := st.Save(t.Context(), huge)
	_, updated := st.Update(t.Context(), store.NewKey(), set("x", string(huge.Values["x"])))
	_, rotated := st.Rotate(t.Context(), store.NewKey(), large(1), huge)
	for _, err := range []error{saved, updated, rotated} {
		if !errors.Is(err, store.ErrTooLarge) {
			t.Errorf("got %v, want ErrTooLarge", err)
		}
	}
}

// S1, D7.
func TestAKeyThatIsTaken(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		taken int // so many of the first keys
		want  bool
	}{
		{"once gives another key", 1, true},
		{"again and again is an error, in time", 1000, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db := localtest.DynamoDB(t)
			table := db.Table()
			plain := newStore(t, db.Client, dynamostore.Config{Table: table})
			key := save(t, plain, record(nil))
			from := load(t, plain, key)
			client := newSquatter(t, db.Client, table, c.taken)
			st := newStore(t, client, dynamostore.Config{Table: table})

			_, saved := st.Save(t.Context(), record(map[string][]byte{"mine": nil}))
			client.reset()
			_, signedIn := st.Save(t.Context(), signedIn("ada", "d1"))
			client.reset()
			_, renewed := st.Rotate(t.Context(), key, from, from)
			for what, err := range map[string]error{"Save": saved, "Save with a subject": signedIn, "Rotate": renewed} {
				if c.want {
					if err != nil {
						t.Errorf("%s: %v", what, err)
					}
				} else {
					wantNoAnswer(t, err)
				}
			}
			if !c.want {
				if got := load(t, plain, key); got.Revision != from.Revision {
					t.Error("a session was ended although its successor could not be stored")
				}
			}
			client.wantUntouched()
		})
	}
}
