package memstore

import (
	"errors"
	"maps"
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

const (
	// minSweep is how many entries are few enough to let them be.
	minSweep = 256

	// revocationLifetime is longer than a sign-in can be under way.
	revocationLifetime = time.Hour
)

// sweep drops what time has taken the meaning from: expired sessions, old
// marks, old revocations. It does so whenever the entries have doubled since
// the last time: memory stays within twice what is in use, and a write pays,
// on average, for looking at two entries.
func (s *Store) sweep(now time.Time) {
	if len(s.sessions)+len(s.revoked) < s.sweepAt {
		return
	}
	maps.DeleteFunc(s.sessions, func(_ string, e *session) bool {
		return errors.Is(e.check(now), store.ErrNotFound)
	})
	maps.DeleteFunc(s.revoked, func(_ string, at time.Time) bool {
		return now.Sub(at) > revocationLifetime
	})
	s.sweepAt = max(minSweep, 2*(len(s.sessions)+len(s.revoked)))
}
