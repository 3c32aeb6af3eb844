package history

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

// A browser has one cookie for all its windows, and the session that it stands
// for.
type browser struct {
	subject string
	life    *life
	cookie  string
}

// A window of a browser makes one request after the other.
type window struct {
	*testing.T
	*recorder
	sessions *lambdasession.Manager
	browser  *browser
	rand     *rand.Rand
	values   *values
}

// shares says how often a window of a signed-in browser does what.
var shares = []struct {
	kind  kind
	share int
}{
	{read, 18},
	{set, 12},
	{add, 24},
	{both, 14},
	{clearAll, 4},
	{renew, 10},
	{signOut, 3},
	{list, 4},
	{revoke, 2},
	{forbid, 3},
	{end, 2},
}

// anonymous is what a window does before the browser is signed in: nothing
// that would end the session under a sign-in, which would then begin another.
var anonymous = []kind{read, set, add, both, clearAll, signIn, signIn}

func (w *window) choose() (k kind, l *life, cookie string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	l, cookie = w.browser.life, w.browser.cookie
	switch {
	case cookie == "":
		return []kind{visit, signIn}[w.rand.IntN(2)], nil, ""
	case !l.signedIn:
		k = anonymous[w.rand.IntN(len(anonymous))]
		if k == signIn && l.signingIn {
			k = add
		}
		if k == signIn {
			l.signingIn = true
		}
		return k, l, cookie
	}
	n := 0
	for _, s := range shares {
		n += s.share
	}
	n = w.rand.IntN(n)
	for _, s := range shares {
		if k = s.kind; n < s.share {
			break
		}
		n -= s.share
	}
	return k, l, cookie
}

func (w *window) request() {
	k, l, cookie := w.choose()
	if l == nil {
		l = w.begin(w.browser.subject)
	}
	switch k {
	case list:
		w.list()
	case revoke:
		w.revokeOne()
	case forbid:
		w.revokeAll()
	case end:
		w.revokeOthers(l, cookie)
	default:
		w.one(k, l, cookie)
	}
}

// one makes a request that is about the browser's own session.
func (w *window) one(k kind, l *life, cookie string) {
	in, out := input{kind: k, key: cookie, value: w.values.next()}, output{}
	call := w.nanos()
	in.earliest = call
	after, err := request(w.Context(), w.sessions, cookie, func(ctx context.Context, s *lambdasession.Session) error {
		in.latest = w.nanos()
		switch k {
		case visit, set:
			return register.Set(s, in.value)
		case signIn:
			if in.value%2 == 0 { // some sign-ins take their time
				if _, err := w.sessions.Sessions(ctx, l.subject); err != nil {
					return err
				}
			}
			return errors.Join(s.SetSubject(l.subject, l.name), register.Set(s, in.value))
		case read:
			return look(s, &out)
		case add:
			return increment(s, &out.counter)
		case both:
			return errors.Join(register.Set(s, in.value), increment(s, &out.counter))
		case clearAll:
			return s.Clear()
		case renew:
			return s.Renew()
		case signOut:
			return s.Destroy()
		}
		panic("no such request: " + k)
	})
	switch {
	case errors.Is(err, lambdasession.ErrEnded):
		out.refused = true
	case errors.Is(err, lambdasession.ErrConflict):
		out.conflict = true
	case err != nil:
		w.Errorf("%s: %v", k, err)
		return
	case after != cookie:
		out.key, out.live = after, after == ""
	}
	w.operation(l, in, out, call)
	w.receive(k, l, cookie, out)
}

// receive does what the browser does with the answer, and gives a cookie up
// that has turned out to be dead.
func (w *window) receive(k kind, l *life, cookie string, out output) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if k == signIn {
		l.signingIn = false
		l.signedIn = l.signedIn || out.key != ""
	}
	if out.key != "" {
		l.keys = append(l.keys, out.key)
		w.browser.life, w.browser.cookie = l, out.key
		return
	}
	dead := k == signOut || k == read && !out.live || k != signIn && out.refused
	if dead && w.browser.cookie == cookie {
		w.browser.life, w.browser.cookie = nil, ""
	}
}

// look reads everything of a session.
func look(s *lambdasession.Session, out *output) error {
	info, err := s.Info()
	if err != nil {
		return err
	}
	out.live, out.signedIn = !info.Created.IsZero(), info.Subject != ""
	var broken error
	out.counter, err = counter.Get(s)
	out.register, broken = register.Get(s)
	return errors.Join(err, broken)
}

func (w *window) list() []lambdasession.Device {
	seen := wide{kinds: []kind{list}, call: w.nanos()}
	devices, err := w.sessions.Sessions(w.Context(), w.browser.subject)
	if err != nil {
		w.Errorf("list: %v", err)
		return nil
	}
	for _, d := range devices {
		seen.listed = append(seen.listed, d.Label)
	}
	w.wide(w.browser.subject, seen)
	return devices
}

func (w *window) revokeOne() {
	devices := w.list()
	if len(devices) == 0 {
		return
	}
	d := devices[w.rand.IntN(len(devices))]
	call := w.nanos()
	if err := w.sessions.Revoke(w.Context(), w.browser.subject, d.ID); err != nil {
		w.Errorf("revoke: %v", err)
		return
	}
	w.operation(w.named(d.Label), input{kind: revoke}, output{}, call)
}

func (w *window) named(name string) *life {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, l := range w.lives {
		if l.name == name {
			return l
		}
	}
	panic("no such session: " + name)
}

func (w *window) revokeAll() {
	all := wide{kinds: []kind{forbid, end}, call: w.nanos()}
	if err := w.sessions.RevokeAll(w.Context(), w.browser.subject); err != nil {
		w.Errorf("revoke all: %v", err)
		return
	}
	w.wide(w.browser.subject, all)
}

// revokeOthers ends the subject's sessions but the browser's own, if that is
// alive.
func (w *window) revokeOthers(l *life, cookie string) {
	in, out := input{kind: read, key: cookie}, output{}
	others := wide{kinds: []kind{forbid, end}, spared: l}
	call := w.nanos()
	_, err := request(w.Context(), w.sessions, cookie, func(ctx context.Context, s *lambdasession.Session) error {
		if err := look(s, &out); err != nil || !out.live {
			return err
		}
		others.call = w.nanos()
		return w.sessions.RevokeOthers(ctx, l.subject)
	})
	if err != nil {
		w.Errorf("revoke others: %v", err)
		return
	}
	if out.live {
		w.wide(l.subject, others)
	}
	w.operation(l, in, out, call)
	w.receive(read, l, cookie, out)
}
