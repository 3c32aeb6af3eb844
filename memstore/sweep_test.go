package memstore

import (
	"errors"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

// An agingStore is a store with a clock that the test moves.
type agingStore struct {
	*testing.T
	*Store
	now time.Time
}

func newAgingStore(t *testing.T) *agingStore {
	s := &agingStore{T: t, Store: New(), now: time.Date(2026, time.March, 14, 9, 26, 53, 0, time.UTC)}
	s.Now = func() time.Time { return s.now }
	return s
}

// record makes a sign-in that lasts a minute.
func (s *agingStore) record() store.Record {
	return store.Record{
		Subject: "alice", Device: store.NewDeviceID(),
		Created: s.now, Expires: s.now.Add(time.Minute), Ends: s.now.Add(time.Hour),
	}
}

func (s *agingStore) save() store.Key {
	s.Helper()
	key, err := s.Save(s.Context(), s.record())
	if err != nil {
		s.Fatal(err)
	}
	return key
}

func TestMemoryIsBoundedByWhatIsInUse(t *testing.T) {
	t.Parallel()
	const many = 20 * minSweep // so few live at once that less than minSweep may be kept

	t.Run("expired sessions are dropped as others are made", func(t *testing.T) {
		t.Parallel()
		s := newAgingStore(t)
		for range many {
			s.save()
			s.now = s.now.Add(time.Second)
		}
		wantAtMost(t, "sessions", len(s.sessions), minSweep)
	})
	t.Run("old marks are dropped as others are made", func(t *testing.T) {
		t.Parallel()
		s := newAgingStore(t)
		for range many {
			if err := s.Delete(t.Context(), s.save()); err != nil {
				t.Fatal(err)
			}
			s.now = s.now.Add(store.MarkLifetime / 60)
		}
		wantAtMost(t, "marks", len(s.sessions), minSweep)
	})
	t.Run("the keys that one session leaves behind are dropped as it renews", func(t *testing.T) {
		t.Parallel()
		s := newAgingStore(t)
		key := s.save()
		for range many {
			from, err := s.Load(t.Context(), key)
			if err != nil {
				t.Fatal(err)
			}
			if key, err = s.Rotate(t.Context(), key, from, s.record()); err != nil {
				t.Fatal(err)
			}
			s.now = s.now.Add(store.MarkLifetime / 60)
		}
		wantAtMost(t, "sessions", len(s.sessions), minSweep)
	})
	t.Run("old revocations are dropped as others are made", func(t *testing.T) {
		t.Parallel()
		s := newAgingStore(t)
		for range many {
			if _, err := s.RevokeAll(t.Context(), store.NewDeviceID(), ""); err != nil {
				t.Fatal(err)
			}
			s.now = s.now.Add(revocationLifetime / 60)
		}
		wantAtMost(t, "revocations", len(s.revoked), minSweep)
	})
}

func TestWhatIsInUseIsNeverSwept(t *testing.T) {
	t.Parallel()
	s := newAgingStore(t)
	const many = 20 * minSweep
	ended := s.save()
	if err := s.Delete(t.Context(), ended); err != nil {
		t.Fatal(err)
	}
	revoked, err := s.RevokeAll(t.Context(), "alice", "")
	if err != nil {
		t.Fatal(err)
	}
	s.now = s.now.Add(store.MarkLifetime - time.Second)
	var live []store.Key
	for range many {
		live = append(live, s.save())
	}

	for _, key := range live {
		if _, err := s.Load(t.Context(), key); err != nil {
			t.Fatalf("Load of a live session: %v", err)
		}
	}
	if _, err := s.Load(t.Context(), ended); !errors.Is(err, store.ErrEnded) {
		t.Errorf("Load of a session that ended %v ago: got %v, want ErrEnded", store.MarkLifetime-time.Second, err)
	}
	late := s.record()
	late.Created = revoked
	if _, err := s.Save(t.Context(), late); !errors.Is(err, store.ErrEnded) {
		t.Errorf("Save of a sign-in from before the revocation: got %v, want ErrEnded", err)
	}
}

func wantAtMost(t *testing.T, what string, got, most int) {
	t.Helper()
	if got > most {
		t.Errorf("%d %s are kept, want at most %d", got, what, most)
	}
}
