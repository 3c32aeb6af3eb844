package history

import (
	"fmt"
	"strings"

	"github.com/anishathalye/porcupine"
)

// A kind is what an operation does to one session.
type kind string

const (
	visit    kind = "visit"    // a first write: the session begins
	signIn   kind = "sign in"  // without a session, or on an anonymous one
	read     kind = "read"     //
	set      kind = "set"      // the register, unread
	add      kind = "add"      // one to the counter
	both     kind = "set, add" // in one request
	clearAll kind = "clear"    // every field, unread
	renew    kind = "renew"    //
	signOut  kind = "sign out" //
	list     kind = "list"     // the subject's sessions
	revoke   kind = "revoke"   // this session

	// A revocation of all the subject's sessions is two operations: from the
	// first on, no sign-in succeeds that began before it; the second ends the
	// session. A sign-in that begins in between may be ended or not.
	forbid kind = "revoke all: forbid"
	end    kind = "revoke all: end"
)

// An input is what an operation is asked to do.
type input struct {
	kind  kind
	key   string // the cookie that it comes with; "" for none
	value int    // for the register
	id    rune   // of a revocation of all

	// When it began, in nanoseconds of the history's clock: the clock was read
	// between these two.
	earliest, latest int64
}

// An output is what an operation came to.
type output struct {
	refused  bool   // as the session had ended, or the sign-in was forbidden
	conflict bool   // it gave up for parallel requests
	key      string // the new cookie, if there is one

	// Of a read, whether there was a session, of a list, whether it was in it,
	// of a sign-out, whether it ended one.
	live     bool
	signedIn bool
	counter  int // what a read saw, or an add added to
	register int
}

// A session is what the model knows of one from its beginning to its end,
// through sign-in and renewals.
type session struct {
	key      string // "" before it begins and after it ended
	signedIn bool
	counter  int // 0 is absent
	register int

	// Sign-ins are forbidden that began before forbidden, the earliest moment
	// that the latest revocation may have had. One that was forbidden began
	// before mayForbid, the latest such moment.
	forbidden, mayForbid int64
	pending              string // revocations that have forbidden and not ended yet
}

var model = porcupine.Model{
	Init: func() any { return session{} },
	Step: func(state, in, out any) (bool, any) {
		return state.(session).step(in.(input), out.(output))
	},
	DescribeOperation: func(in, out any) string { return fmt.Sprintf("%+v: %+v", in, out) },
}

// step says whether the operation may come to that on the session, and what
// the session is then.
func (s session) step(in input, out output) (bool, session) {
	if out.conflict {
		return true, s
	}
	live := s.key != "" && s.key == in.key
	switch in.kind {
	case visit:
		s.key, s.register = out.key, in.value
		return true, s
	case signIn:
		if out.refused {
			return s.mayForbid >= in.earliest, s
		}
		ok := s.key == in.key && s.forbidden < in.latest
		s.key, s.signedIn, s.register = out.key, true, in.value
		return ok, s
	case read:
		return out.live == live &&
			(!live || s.signedIn == out.signedIn && s.counter == out.counter && s.register == out.register), s
	case signOut:
		// An old cookie ends the session that it was renewed to.
		return out.live == (s.key != ""), s.ended()
	case list:
		return out.live == (s.key != "" && s.signedIn), s
	case revoke:
		return true, s.ended()
	case forbid:
		s.forbidden = max(s.forbidden, in.earliest)
		s.mayForbid = max(s.mayForbid, in.latest)
		s.pending += string(in.id)
		return true, s
	case end:
		ok := strings.ContainsRune(s.pending, in.id)
		s.pending = strings.ReplaceAll(s.pending, string(in.id), "")
		if s.signedIn {
			s = s.ended()
		}
		return ok, s
	}

	// What is left are writes to a live session, or nothing.
	if out.refused {
		return !live, s
	}
	switch in.kind {
	case set:
		s.register = in.value
	case add, both:
		live = live && s.counter == out.counter
		s.counter++
		if in.kind == both {
			s.register = in.value
		}
	case clearAll:
		s.counter, s.register = 0, 0
	case renew:
		s.key = out.key
	default:
		panic("no such operation: " + in.kind)
	}
	return live, s
}

func (s session) ended() session {
	return session{forbidden: s.forbidden, mayForbid: s.mayForbid, pending: s.pending}
}
