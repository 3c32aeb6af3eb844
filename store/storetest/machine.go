package storetest

import (
	"cmp"
	"errors"
	"slices"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/lambdasession/lambdasession-go/store"
)

// sequenceClauses: all of it together.
func sequenceClauses() []clause {
	return []clause{
		{"of operations, with time passing, does what the model does", func(x *trial) {
			withDevices := listsDevices(x)
			rapid.Check(x.T, func(t *rapid.T) {
				x.advanceTo(epoch) // so that a failure can be played again
				m := &machine{
					trial:       x,
					model:       model{carried: x.carries(), revoked: map[string]time.Time{}},
					subjects:    []string{newSubject(), newSubject()},
					withDevices: withDevices,
				}
				actions := map[string]func(*rapid.T){
					"Load":        m.loadSome,
					"Save":        m.saveSome,
					"Update":      m.updateSome,
					"UpdateTTL":   m.updateTTLSome,
					"Rotate":      m.rotateSome,
					"Delete":      m.deleteSome,
					"time passes": m.pass,
					"time is up":  m.passToEnd,
				}
				if withDevices {
					actions["Devices"] = m.listSome
					actions["Revoke"] = m.revokeSome
					actions["RevokeAll"] = m.revokeAllSome
				}
				t.Repeat(actions)
			})
		}},
	}
}

// A machine does the same to a store and to the model, and compares.
type machine struct {
	trial       *trial
	model       model
	subjects    []string
	withDevices bool // whether the store lists them
}

func (m *machine) now() time.Time { return m.trial.now() }

// some draws one of the latest sessions: few, so that operations meet, and
// not only live ones.
func (m *machine) some(t *rapid.T) *modelSession {
	n := len(m.model.sessions)
	if n == 0 {
		t.Skip("no session yet")
	}
	return m.model.sessions[rapid.IntRange(max(0, n-5), n-1).Draw(t, "session")]
}

// check compares a session with the model's, and returns it as it is.
func (m *machine) check(t *rapid.T, s *modelSession) store.Record {
	r, err := m.trial.store.Load(m.trial.Context(), s.key)
	m.compare(t, "Load", verdictOf(err), s.state(m.now()))
	if err != nil {
		return r
	}
	if diff := diffRecords(s.record, r); diff != "" {
		t.Fatalf("Load (-model +store):\n%s", diff)
	}
	if same := r.Revision == s.seen.Revision; same != (s.version == s.seenVersion) {
		t.Fatalf("Load: revision %q; before %d writes it was %q", r.Revision, s.version-s.seenVersion, s.seen.Revision)
	}
	return r
}

// load is a check by the request that goes by what it has seen.
func (m *machine) load(t *rapid.T, s *modelSession) {
	if r := m.check(t, s); s.state(m.now()) == done {
		s.seen, s.seenVersion = r, s.version
	}
}

func (m *machine) loadSome(t *rapid.T) { m.load(t, m.some(t)) }

func (m *machine) saveSome(t *rapid.T) {
	r := m.drawRecord(t)
	if rapid.Bool().Draw(t, "signed in") {
		m.drawSignIn(t, &r)
	}
	key, err := m.trial.store.Save(m.trial.Context(), r)
	s, want := m.model.save(r)
	m.compare(t, "Save", verdictOf(err), want)
	if s != nil {
		s.key = key
		m.load(t, s)
		m.list(t, r.Subject)
	}
}

func (m *machine) updateSome(t *rapid.T) {
	s := m.some(t)
	c := store.Changes{
		Set:     drawValues(t, "set"),
		Replace: rapid.Bool().Draw(t, "replace"),
		Expires: m.drawExpires(t),
		Expect:  fields{},
	}
	for _, name := range names {
		if _, set := c.Set[name]; !set && rapid.Bool().Draw(t, "delete "+name) {
			c.Delete = append(c.Delete, name)
		}
	}
	expect := rapid.SampledFrom([]string{"nothing", "what is there", "what was loaded", "anything"}).Draw(t, "expect")
	if from, ok := map[string]fields{
		"what is there":   s.record.Values,
		"what was loaded": s.seen.Values,
		"anything":        drawValues(t, "expected"),
	}[expect]; ok {
		name := rapid.SampledFrom(names).Draw(t, "field")
		c.Expect[name] = from[name] // nil, for absent, if it is not there
	}
	key, err := m.trial.store.Update(m.trial.Context(), s.key, c)
	m.updated(t, "Update", s, c, key, err)
}

// updated compares what an Update or UpdateTTL came to.
func (m *machine) updated(t *rapid.T, what string, s *modelSession, c store.Changes, key store.Key, err error) {
	next, want := m.model.update(m.now(), s, c)
	m.compare(t, what, verdictOf(err), want)
	m.compareCurrent(t, err, s)
	m.check(t, s)
	if next != s {
		next.key = key
		m.check(t, next)
	}
}

func (m *machine) updateTTLSome(t *rapid.T) {
	s := m.some(t)
	expires := m.drawExpires(t)
	key, err := m.trial.store.UpdateTTL(m.trial.Context(), s.key, expires)
	m.updated(t, "UpdateTTL", s, store.Changes{Expires: expires}, key, err)
}

func (m *machine) rotateSome(t *rapid.T) {
	s := m.some(t)
	if rapid.Bool().Draw(t, "loaded before") {
		m.load(t, s)
	}
	var to store.Record
	switch rapid.SampledFrom([]string{"renewal", "sign-in", "sign-out"}).Draw(t, "kind") {
	case "renewal":
		to = m.trial.renewal(s.seen)
		to.Label = "ignored"
	case "sign-in":
		to = m.drawRecord(t)
		m.drawSignIn(t, &to)
	case "sign-out":
		to = m.drawRecord(t)
	}
	key, err := m.trial.store.Rotate(m.trial.Context(), s.key, s.seen, to)
	next, want, or := m.model.rotate(m.now(), s, s.seenVersion, to)
	if got := verdictOf(err); got != or {
		m.compare(t, "Rotate", got, want)
	}
	m.compareCurrent(t, err, s)
	if next != nil {
		next.key = key
		m.load(t, next)
		if next.seen.Revision == s.seen.Revision {
			t.Fatalf("the successor has its predecessor's revision %q", s.seen.Revision)
		}
		m.list(t, to.Subject)
	}
	m.check(t, s)
}

func (m *machine) deleteSome(t *rapid.T) {
	s := m.some(t)
	err := m.trial.store.Delete(m.trial.Context(), s.key)
	m.compare(t, "Delete", verdictOf(err), m.model.end(m.now(), s))
	for ; s != nil; s = s.next {
		m.check(t, s)
	}
}

func (m *machine) pass(t *rapid.T) {
	m.trial.advance(rapid.SampledFrom([]time.Duration{
		time.Microsecond, time.Second, time.Minute, 5 * time.Minute, store.MarkLifetime, idle, absolute,
	}).Draw(t, "time"))
}

// passToEnd goes to where something of a session comes to its end, or just
// before.
func (m *machine) passToEnd(t *rapid.T) {
	s := m.some(t)
	to := s.record.Expires
	if !s.ended.IsZero() {
		to = s.ended.Add(store.MarkLifetime)
	}
	if rapid.Bool().Draw(t, "just before") {
		to = to.Add(-time.Microsecond)
	}
	if to.After(m.now()) {
		m.trial.advanceTo(to)
	}
	m.check(t, s)
}

func (m *machine) listSome(t *rapid.T) {
	m.list(t, rapid.SampledFrom(m.subjects).Draw(t, "subject"))
}

// list compares a subject's devices with the model's, if the store has any.
func (m *machine) list(t *rapid.T, subject string) {
	if !m.withDevices || subject == "" {
		return
	}
	got, err := m.trial.subjects.Devices(m.trial.Context(), subject)
	m.compare(t, "Devices", verdictOf(err), done)
	if !slices.IsSortedFunc(got, func(a, b store.Device) int { return a.Created.Compare(b.Created) }) {
		t.Fatalf("Devices are not in the order of their age: %v", got)
	}
	slices.SortFunc(got, byAge)
	if diff := gocmp.Diff(m.model.devices(m.now(), subject), got, cmpopts.EquateEmpty()); diff != "" {
		t.Fatalf("Devices (-model +store):\n%s", diff)
	}
}

func (m *machine) revokeSome(t *rapid.T) {
	s := m.some(t)
	if s.record.Subject == "" {
		t.Skip("an anonymous session has no device")
	}
	r := s.record
	err := m.trial.subjects.Revoke(m.trial.Context(), r.Subject, r.Device)
	m.compare(t, "Revoke", verdictOf(err), m.model.revoke(m.now(), r.Subject, r.Device))
	m.check(t, s)
}

func (m *machine) revokeAllSome(t *rapid.T) {
	subject, keep := rapid.SampledFrom(m.subjects).Draw(t, "subject"), ""
	if rapid.Bool().Draw(t, "keep one") {
		keep = m.some(t).record.Device
	}
	at, err := m.trial.subjects.RevokeAll(m.trial.Context(), subject, keep)
	m.compare(t, "RevokeAll", verdictOf(err), done)
	if !at.Equal(m.now()) {
		t.Fatalf("RevokeAll: the moment is %v, want %v", at, m.now())
	}
	m.model.revokeAll(m.now(), subject, keep)
	m.list(t, subject)
}

func (m *machine) compare(t *rapid.T, what string, got, want verdict) {
	if got != want {
		t.Fatalf("%s at %v: the store says %q, the model %q", what, m.now(), got, want)
	}
}

// compareCurrent checks what a *ConflictError says of the session.
func (m *machine) compareCurrent(t *rapid.T, err error, s *modelSession) {
	if verdictOf(err) != conflict {
		return
	}
	if diff := diffRecords(s.record, current(err)); diff != "" {
		t.Fatalf("Current of the *ConflictError (-model +store):\n%s", diff)
	}
}

// verdictOf says what an operation's error says of the session.
func verdictOf(err error) verdict {
	ended, isEnded := errors.AsType[*store.EndedError](err)
	_, isConflict := errors.AsType[*store.ConflictError](err)
	switch {
	case err == nil:
		return done
	case isEnded:
		return endedAt(ended.At)
	case isConflict:
		return conflict
	case errors.Is(err, store.ErrNotFound):
		return notFound
	default:
		return verdict(err.Error())
	}
}

// byAge orders devices by age, and those of one age in some way.
func byAge(a, b store.Device) int {
	return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
}
