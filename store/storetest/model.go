package storetest

import (
	"slices"
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

// A model is the contract without keys, races or failures: what any store
// must be seen to hold after a sequence of operations.
type model struct {
	carried  bool                 // the state travels with the key
	sessions []*modelSession      // in the order in which they were made
	revoked  map[string]time.Time // by subject
}

// A modelSession is one session from its making to the end of its mark. What
// it was renewed to is another.
type modelSession struct {
	record  store.Record // without a revision
	version int          // counts writes, as the revision would
	ended   time.Time    // zero if it was not
	next    *modelSession

	key store.Key // the store's key for it

	// What the machine loaded last, and at which version: what a request in
	// flight would go by.
	seen        store.Record
	seenVersion int
}

// A verdict is what an operation says of a session: one of the four below, or
// the text of an error that nothing predicts.
type verdict string

const (
	done     verdict = "done"
	notFound verdict = "not found"
	conflict verdict = "conflict"
)

// endedAt is the verdict of an *EndedError.
func endedAt(t time.Time) verdict { return verdict("ended at " + t.UTC().Format(time.RFC3339Nano)) }

// state is the verdict of a Load at that time.
func (s *modelSession) state(now time.Time) verdict {
	if !s.ended.IsZero() {
		if now.Sub(s.ended) < store.MarkLifetime {
			return endedAt(s.ended)
		}
		return notFound
	}
	if now.Before(s.record.Expires) {
		return done
	}
	return notFound
}

// save predicts a Save, and makes the session if it succeeds.
func (m *model) save(r store.Record) (*modelSession, verdict) {
	if v := m.mayBegin(r); v != done {
		return nil, v
	}
	return m.add(r), done
}

func (m *model) add(r store.Record) *modelSession {
	r = r.Clone()
	r.Created = r.Created.Truncate(time.Microsecond)
	r.Ends = r.Ends.Truncate(time.Second)
	r.Expires = r.Expires.Truncate(time.Second)
	s := &modelSession{record: r, seenVersion: -1}
	m.sessions = append(m.sessions, s)
	return s
}

func (m *model) mayBegin(r store.Record) verdict {
	if at, ok := m.revoked[r.Subject]; ok && !r.Created.After(at) {
		return endedAt(at)
	}
	return done
}

// update predicts an Update, and returns the session that it leaves: another
// one where the state travels with the key.
func (m *model) update(now time.Time, s *modelSession, c store.Changes) (*modelSession, verdict) {
	if !m.carried {
		return s, s.update(now, c)
	}
	next := *s
	if v := next.update(now, c); v != done {
		return s, v
	}
	m.sessions = append(m.sessions, &next)
	return &next, done
}

func (s *modelSession) update(now time.Time, c store.Changes) verdict {
	if v := s.state(now); v != done {
		return v
	}
	if !c.Holds(s.record.Values) {
		return conflict
	}
	s.record.Values = c.Apply(s.record.Values)
	s.record.Expires = c.Expires.Truncate(time.Second)
	if s.record.Expires.After(s.record.Ends) {
		s.record.Expires = s.record.Ends
	}
	s.version++
	return done
}

// rotate predicts a Rotate by a request that saw the session at that version,
// and makes the successor if it succeeds. Where more than one thing is wrong,
// it predicts what is wrong with the session before what is wrong with the
// sign-in; the store may say either, so the second is returned as well.
func (m *model) rotate(now time.Time, s *modelSession, version int, to store.Record) (next *modelSession, v, or verdict) {
	if v := s.state(now); v != done {
		return nil, v, v
	}
	signIn := done
	if to.Subject == s.record.Subject && to.Device == s.record.Device {
		to.Label = s.record.Label
	} else {
		signIn = m.mayBegin(to)
	}
	switch {
	case version != s.version && signIn != done:
		return nil, conflict, signIn
	case version != s.version:
		return nil, conflict, conflict
	case signIn != done:
		return nil, signIn, signIn
	}
	next = m.add(to)
	if !m.carried {
		s.ended, s.next = now, next
	}
	return next, done, done
}

// end predicts a Delete.
func (m *model) end(now time.Time, s *modelSession) verdict {
	if m.carried {
		return s.state(now)
	}
	for at := s; at != nil && at.state(now) != notFound; at = at.next {
		if at.state(now) == done {
			at.ended = now
			return done
		}
	}
	return s.state(now)
}

// devices predicts Devices, oldest first.
func (m *model) devices(now time.Time, subject string) []store.Device {
	var d []store.Device
	for _, s := range m.live(now, subject) {
		r := s.record
		d = append(d, store.Device{ID: r.Device, Label: r.Label, Created: r.Created, Expires: r.Expires, Ends: r.Ends})
	}
	slices.SortFunc(d, byAge)
	return d
}

// revoke predicts a Revoke.
func (m *model) revoke(now time.Time, subject, device string) verdict {
	for _, s := range m.live(now, subject) {
		if s.record.Device == device {
			s.ended = now
			return done
		}
	}
	return notFound
}

// revokeAll predicts a RevokeAll.
func (m *model) revokeAll(now time.Time, subject, keep string) {
	for _, s := range m.live(now, subject) {
		if s.record.Device != keep {
			s.ended = now
		}
	}
	m.revoked[subject] = now
}

func (m *model) live(now time.Time, subject string) []*modelSession {
	var live []*modelSession
	for _, s := range m.sessions {
		if s.record.Subject == subject && s.state(now) == done {
			live = append(live, s)
		}
	}
	return live
}
