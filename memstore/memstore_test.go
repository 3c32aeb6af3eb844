package memstore_test

import (
	"errors"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/lambdasession/lambdasession-go/memstore"
	"github.com/lambdasession/lambdasession-go/store"
	"github.com/lambdasession/lambdasession-go/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestContract(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) store.Store {
		s := memstore.New()
		s.Now = storetest.Now(t)
		return s
	})
}

func TestWithoutAClockOfItsOwnItGoesByTheWallClock(t *testing.T) {
	t.Parallel()
	s := memstore.New()
	now := time.Now()
	for name, test := range map[string]struct {
		expires time.Time
		want    error
	}{
		"a session of an hour is live":                  {now.Add(time.Hour), nil},
		"a session that expired an hour ago is expired": {now.Add(-time.Hour), store.ErrNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			key, err := s.Save(t.Context(), store.Record{Created: now, Expires: test.expires, Ends: now.Add(time.Hour)})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.Load(t.Context(), key); !errors.Is(err, test.want) {
				t.Errorf("Load: got %v, want %v", err, test.want)
			}
		})
	}
}
