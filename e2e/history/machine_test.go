package history

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

// noon lies in the future, so that a database that sweeps expired items by its
// own clock leaves these alone.
var noon = time.Date(2091, time.July, 3, 12, 0, 0, 589_793_000, time.UTC)

// Requests begin, read, write and end in any order, with time passing.
func TestOverlappingRequests(t *testing.T) { // D1, D4, D5, D15
	t.Parallel()
	for name, open := range stores {
		t.Run("on "+name+" do what the model does", func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex // guards the time, which nothing but the machine moves
			now := noon
			clock := func() time.Time {
				mu.Lock()
				defer mu.Unlock()
				return now
			}
			sessions := newManager(t, open(t, clock), clock)
			run := 0
			rapid.Check(t, func(rt *rapid.T) {
				run++
				m := &machine{
					ctx: t.Context(), sessions: sessions,
					subjects: []string{fmt.Sprintf("ann %d", run), fmt.Sprintf("bob %d", run)},
					world:    &world{sessions: map[string]*stored{}, revoked: map[string]time.Time{}},
				}
				m.setTime = func(t time.Time) {
					mu.Lock()
					defer mu.Unlock()
					now, m.world.now = t, t
				}
				m.setTime(noon)
				defer m.close()
				rt.Repeat(map[string]func(*rapid.T){
					"begin":         m.begin,
					"read":          m.read,
					"write":         m.write,
					"renew":         m.renew,
					"sign in":       m.signIn,
					"sign out":      m.signOut,
					"revoke others": m.revokeOthers,
					"revoke all":    m.revokeAll,
					"respond":       m.respond,
					"respond again": m.respond,
					"visit":         m.visit,
					"visit again":   m.visit,
					"visit anew":    m.visit,
					"time passes":   m.pass,
					"":              m.check,
				})
			})
		})
	}
}

// A machine does the same to a manager and to the model.
type machine struct {
	ctx      context.Context //nolint:containedctx // of the test
	sessions *lambdasession.Manager
	setTime  func(time.Time)
	subjects []string
	world    *world
	cookies  []string // of all sessions, the oldest first
	open     []*pair
	values   values
}

// A pair is a request and its model.
type pair struct {
	*flight
	x *lambdasession.Exchange
	s *lambdasession.Session
}

func (m *machine) close() {
	for _, p := range m.open {
		p.x.Close()
	}
}

// begin begins a request with one of the latest cookies, or none.
func (m *machine) begin(t *rapid.T) {
	if len(m.open) == 4 {
		t.Skip("enough requests are under way")
	}
	cookie := ""
	if n := len(m.cookies); n > 0 {
		if i := rapid.IntRange(max(-1, n-5), n).Draw(t, "cookie"); i >= 0 && i < n {
			cookie = m.cookies[i]
		}
	}
	p, err := m.request(cookie)
	if err != nil {
		t.Fatal(err)
	}
	m.open = append(m.open, p)
}

// visit is a whole request, while the others are under way.
func (m *machine) visit(t *rapid.T) {
	others := m.open
	m.open = nil
	m.begin(t)
	acts := []func(*rapid.T){m.write, m.write, m.renew, m.signIn, m.signOut}
	acts[rapid.IntRange(0, len(acts)-1).Draw(t, "act")](t)
	m.respond(t)
	m.open = others
}

func (m *machine) request(cookie string) (*pair, error) {
	x, err := begin(m.ctx, m.sessions, cookie)
	if err != nil {
		return nil, err
	}
	return &pair{
		x: x, s: lambdasession.From(x.Context()),
		flight: &flight{w: m.world, session: m.world.sessions[cookie], began: m.world.now},
	}, nil
}

// some draws a request that is under way and has not signed out.
func (m *machine) some(t *rapid.T) *pair {
	var alive []*pair
	for _, p := range m.open {
		if !p.destroyed {
			alive = append(alive, p)
		}
	}
	if len(alive) == 0 {
		t.Skip("no request is under way")
	}
	return alive[rapid.IntRange(0, len(alive)-1).Draw(t, "request")]
}

func (m *machine) read(t *rapid.T) { m.look(t, m.some(t)) }

// look compares all that a request can see.
func (m *machine) look(t *rapid.T, p *pair) {
	type sight struct {
		subject          string
		counter, visible int
		expires, ends    time.Time
	}
	p.load()
	d := p.fold(p.base)
	want := sight{subject: d.subject, counter: d.values["counter"], visible: d.values["register"]}
	if p.base != nil {
		want.expires, want.ends = p.base.expires, p.base.ends
	}
	info, err := p.s.Info()
	got := sight{subject: info.Subject, expires: info.Expires, ends: info.Ends}
	var failed, broken error
	got.counter, failed = counter.Get(p.s)
	got.visible, broken = register.Get(p.s)
	if err := errors.Join(err, failed, broken); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(sight{})); diff != "" {
		t.Fatalf("a request sees (-model +session):\n%s", diff)
	}
	if ended := p.s.Status() == lambdasession.Ended; ended != p.ended {
		t.Fatalf("a request sees that its session ended: %v; the model: %v", ended, p.ended)
	}
}

func (m *machine) write(t *rapid.T) {
	p := m.some(t)
	e := edit{kind: rapid.SampledFrom([]kind{set, set, add, add, drop, clearAll}).Draw(t, "what")}
	var err error
	switch e.kind {
	case set:
		e.value = m.values.next()
		if rapid.Bool().Draw(t, "an old value") {
			e.value = 1
		}
		err = register.Set(p.s, e.value)
	case add:
		m.look(t, p) // whether an Update reads is another test's matter
		e.value = rapid.IntRange(1, 9).Draw(t, "so much")
		_, err = counter.Update(p.s, func(n int) (int, error) { return n + e.value, nil })
	case drop:
		err = counter.Delete(p.s)
	case clearAll:
		err = p.s.Clear()
	}
	if err != nil {
		t.Fatal(err)
	}
	p.edits = append(p.edits, e)
}

func (m *machine) renew(t *rapid.T) {
	p := m.some(t)
	if err := p.s.Renew(); err != nil {
		t.Fatal(err)
	}
	p.renewed = true
}

func (m *machine) signIn(t *rapid.T) {
	p := m.some(t)
	m.world.devices++
	e := edit{kind: signIn, subject: rapid.SampledFrom(m.subjects).Draw(t, "subject"), device: m.world.devices}
	if err := p.s.SetSubject(e.subject, fmt.Sprint(e.device)); err != nil {
		t.Fatal(err)
	}
	p.edits, p.renewed = append(p.edits, e), true
}

func (m *machine) signOut(t *rapid.T) {
	p := m.some(t)
	if err := p.s.Destroy(); err != nil {
		t.Fatal(err)
	}
	p.destroyed = true
}

// revokeOthers ends all sessions of a subject but that of a request, if it has
// one: of those the request knows of.
func (m *machine) revokeOthers(t *rapid.T) {
	p, subject, keep := m.some(t), rapid.SampledFrom(m.subjects).Draw(t, "subject"), 0
	if err := m.sessions.RevokeOthers(p.x.Context(), subject); err != nil {
		t.Fatal(err)
	}
	p.load()
	if p.base != nil && p.base.subject == subject {
		keep = p.base.device
	}
	m.world.revokeAll(subject, keep)
	if !m.world.now.Before(p.began) {
		p.began = m.world.now.Add(time.Microsecond)
	}
}

func (m *machine) revokeAll(t *rapid.T) {
	subject := rapid.SampledFrom(m.subjects).Draw(t, "subject")
	if err := m.sessions.RevokeAll(m.ctx, subject); err != nil {
		t.Fatal(err)
	}
	m.world.revokeAll(subject, 0)
}

func (m *machine) respond(t *rapid.T) {
	if len(m.open) == 0 {
		t.Skip("no request is under way")
	}
	i := rapid.IntRange(0, len(m.open)-1).Draw(t, "request")
	p := m.open[i]
	m.open = slices.Delete(m.open, i, i+1)
	defer p.x.Close()
	wantRefused, next, wantGone := p.commit()
	cookie, changed, err := commit(p.x)
	refused := errors.Is(err, lambdasession.ErrEnded)
	if err != nil && !refused {
		t.Fatal(err)
	}
	gone, created := changed && cookie == "", changed && cookie != ""
	if refused != wantRefused || gone != wantGone || created != (next != nil) {
		t.Fatalf("a response is refused: %v, takes the cookie away: %v, sets a new one: %v; the model says %v, %v, %v",
			refused, gone, created, wantRefused, wantGone, next != nil)
	}
	if created {
		m.world.sessions[cookie] = next
		m.cookies = append(m.cookies, cookie)
	}
}

func (m *machine) pass(t *rapid.T) {
	m.setTime(m.world.now.Add(rapid.SampledFrom([]time.Duration{
		time.Microsecond, time.Second, time.Minute, 4 * time.Minute, 16 * time.Minute, idle, absolute,
	}).Draw(t, "time")))
}

// check looks at what the latest cookies stand for, without a trace, and at the
// lists.
func (m *machine) check(t *rapid.T) {
	for _, cookie := range m.cookies[max(0, len(m.cookies)-3):] {
		p, err := m.request(cookie)
		if err != nil {
			t.Fatal(err)
		}
		m.look(t, p)
		p.x.Close()
	}
	for _, subject := range m.subjects {
		var want, got []string
		for _, s := range m.world.sessions {
			if s.subject == subject && s.live(m.world.now) {
				want = append(want, fmt.Sprint(s.label))
			}
		}
		devices, err := m.sessions.Sessions(m.ctx, subject)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range devices {
			got = append(got, d.Label)
		}
		slices.Sort(want)
		slices.Sort(got)
		if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("%s is signed in on (-model +sessions):\n%s", subject, diff)
		}
	}
}
