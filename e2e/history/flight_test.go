package history

import (
	"maps"
	"time"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/store"
)

const (
	idle     = lambdasession.DefaultIdleTimeout
	absolute = lambdasession.DefaultAbsoluteTimeout

	// grace is how long after a session's end a request with its cookie may
	// come from a browser that has not heard of it.
	grace = time.Minute
)

// A world is what there is, as the manager's documentation has it: sessions by
// cookie, one clock, no races and no failures.
type world struct {
	now      time.Time
	sessions map[string]*stored
	revoked  map[string]time.Time // by subject: no sign-in that began until then
	devices  int
}

// A stored session, or the mark that it has left.
type stored struct {
	values        map[string]int
	subject       string
	device, label int
	expires, ends time.Time

	ended time.Time // zero if it was not
	next  *stored   // what it was renewed to
}

func (s *stored) live(now time.Time) bool {
	return s != nil && s.ended.IsZero() && now.Before(s.expires)
}

func (s *stored) marked(now time.Time) bool {
	return s != nil && !s.ended.IsZero() && now.Before(s.ended.Add(store.MarkLifetime))
}

// A flight is a request under way, as the model sees it.
type flight struct {
	w       *world
	session *stored // of its cookie; nil for none
	began   time.Time

	loaded bool
	base   *stored // what was loaded; nil if that was no session
	ended  bool    // that had ended a moment ago

	edits     []edit
	renewed   bool
	destroyed bool
}

// An edit is one write of a request, in call order.
type edit struct {
	kind    kind // set, add, clearAll, signIn, or drop
	value   int
	subject string
	device  int
}

const drop kind = "drop" // the counter

// load predicts the first read.
func (f *flight) load() {
	if f.loaded || f.destroyed {
		return
	}
	f.loaded = true
	switch now := f.w.now; {
	case f.session.live(now):
		copied := *f.session
		copied.values = maps.Clone(f.session.values)
		f.base = &copied
	case f.session.marked(now):
		f.ended = f.began.Before(f.session.ended.Add(grace))
	}
}

// A draft is what the edits make of a session.
type draft struct {
	stored
	replaced bool // nothing is left of it
	expects  bool // that the counter be what it was
}

func (f *flight) fold(base *stored) draft {
	d := draft{stored: stored{values: map[string]int{}}}
	if base != nil {
		d.subject, d.device = base.subject, base.device
		maps.Copy(d.values, base.values)
	}
	own := false // the counter is the request's
	for _, e := range f.edits {
		switch e.kind {
		case set:
			d.values["register"] = e.value
		case add:
			d.expects = d.expects || !own && !d.replaced
			own = true
			d.values["counter"] += e.value
		case drop:
			d.expects, own = false, true
			delete(d.values, "counter")
		case clearAll:
			d.expects, d.replaced, d.values = false, true, map[string]int{}
		case signIn:
			if d.subject != "" && d.subject != e.subject {
				d.expects, d.replaced, d.values = false, true, map[string]int{}
			}
			if d.subject != e.subject || d.device == 0 {
				d.subject, d.device = e.subject, e.device
			}
			d.label = e.device // unless it is the device it was
		}
	}
	return d
}

func (f *flight) signsIn() bool {
	for _, e := range f.edits {
		if e.kind == signIn {
			return true
		}
	}
	return false
}

// commit predicts the response: refused means that the session has ended, next
// is the session of a new cookie, gone that the cookie is taken away.
func (f *flight) commit() (refused bool, next *stored, gone bool) {
	if f.destroyed {
		return false, nil, f.end()
	}
	wrote := len(f.edits) > 0 || f.renewed
	if f.renewed {
		f.load()
	}
	switch {
	case f.session == nil:
		return f.create("")
	case f.ended && wrote && !f.signsIn():
		return true, nil, false
	case !f.loaded && wrote:
		return f.writeUnread()
	case !f.loaded:
		return false, nil, false
	case f.base == nil:
		return f.create("")
	case f.renewed:
		return f.rotate()
	default:
		return f.update(), nil, false
	}
}

// end ends the session, or the one that it was renewed to.
func (f *flight) end() bool {
	now := f.w.now
	for s := f.session; s.live(now) || s.marked(now); s = s.next {
		if s.live(now) {
			s.ended = now
			return true
		}
	}
	return false
}

func (f *flight) create(former string) (refused bool, next *stored, gone bool) {
	d := f.fold(&stored{subject: former})
	if len(d.values) == 0 && d.subject == "" {
		return false, nil, false
	}
	if f.forbidden(d.subject) {
		return true, nil, false
	}
	return false, f.w.add(d, f.began.Add(absolute)), false
}

func (f *flight) forbidden(subject string) bool {
	at, ok := f.w.revoked[subject]
	return ok && !f.began.After(at)
}

func (w *world) add(d draft, ends time.Time) *stored {
	s := &stored{values: d.values, subject: d.subject, device: d.device, label: d.label, ends: ends.Truncate(time.Second)}
	s.touch(w.now)
	return s
}

// touch moves the idle end, which never comes after the absolute one.
func (s *stored) touch(now time.Time) {
	s.expires = now.Add(idle).Truncate(time.Second)
	if s.expires.After(s.ends) {
		s.expires = s.ends
	}
}

func (f *flight) writeUnread() (refused bool, next *stored, gone bool) {
	s, now := f.session, f.w.now
	switch {
	case s.live(now):
		s.values = f.fold(s).values
		s.touch(now)
		return false, nil, false
	case s.marked(now) && f.began.Before(s.ended.Add(grace)):
		return true, nil, false
	default: // a drop or a clear begins no session
		return f.create("")
	}
}

func (f *flight) update() (refused bool) {
	s, now := f.session, f.w.now
	for base := f.base; ; base = s {
		d := f.fold(base)
		if maps.Equal(d.values, base.values) {
			end := stored{ends: base.ends}
			end.touch(now)
			moves := end.expires.Sub(base.expires)
			if s.live(now) && moves > 0 && (moves >= idle/10 || end.expires.Equal(base.ends)) {
				s.touch(now)
			}
			return false
		}
		if !s.live(now) {
			return true
		}
		was, had := base.values["counter"]
		is, has := s.values["counter"]
		if d.expects && (was != is || had != has) {
			continue // on what the other request made of it
		}
		for _, name := range []string{"counter", "register"} {
			old, had := base.values[name]
			v, has := d.values[name]
			switch {
			case has && (d.replaced || !had || old != v):
				s.values[name] = v
			case !has && (d.replaced || had):
				delete(s.values, name)
			}
		}
		s.touch(now)
		return false
	}
}

func (f *flight) rotate() (refused bool, next *stored, gone bool) {
	s := f.session
	if !s.live(f.w.now) {
		if f.signsIn() {
			return f.create(f.base.subject)
		}
		return true, nil, false
	}
	d := f.fold(s) // with all that was saved since it was read
	switch {
	case d.subject == s.subject && d.device == s.device:
		d.label = s.label
	case f.forbidden(d.subject):
		return true, nil, false
	}
	ends := s.ends
	if f.signsIn() {
		ends = f.began.Add(absolute)
	}
	s.ended, s.next = f.w.now, f.w.add(d, ends)
	return false, s.next, false
}

// revokeAll ends the subject's sessions but one.
func (w *world) revokeAll(subject string, keep int) {
	for _, s := range w.sessions {
		if s.subject == subject && s.device != keep && s.live(w.now) {
			s.ended = w.now
		}
	}
	w.revoked[subject] = w.now
}
