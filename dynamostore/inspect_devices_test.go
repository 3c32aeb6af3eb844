package dynamostore_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/store"
)

func TestSessionIDs(t *testing.T) {
	t.Parallel()

	t.Run("each device of the subject has its session's ID", func(t *testing.T) {
		t.Parallel()
		r := newRace(t)
		one, two := save(t, r.plain, signedIn("ada", "d1")), save(t, r.plain, signedIn("ada", "d2"))
		save(t, r.plain, signedIn("grace", "d3"))
		got, err := r.plain.SessionIDs(t.Context(), "ada")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[string]string{"d1": one.Digest(), "d2": two.Digest()}, got); diff != "" {
			t.Error(diff)
		}
	})

	t.Run("a renewed session has its successor's", func(t *testing.T) {
		t.Parallel()
		r := newRace(t)
		key := save(t, r.plain, signedIn("ada", "d1"))
		loaded, err := r.plain.Load(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		next, err := r.plain.Rotate(t.Context(), key, loaded, loaded)
		if err != nil {
			t.Fatal(err)
		}
		got, err := r.plain.SessionIDs(t.Context(), "ada")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(map[string]string{"d1": next.Digest()}, got); diff != "" {
			t.Error(diff)
		}
	})

	t.Run("a subject that cannot be is invalid", func(t *testing.T) {
		t.Parallel()
		_, err := newRace(t).plain.SessionIDs(t.Context(), "")
		if _, ok := errors.AsType[*store.InvalidError](err); !ok {
			t.Errorf("got %v", err)
		}
	})
}
