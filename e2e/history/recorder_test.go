package history

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
)

// A recorder writes down what happens to sessions, each from its beginning to
// its end, through sign-in and renewals: a life.
type recorder struct {
	start time.Time

	mu        sync.Mutex // guards what follows, and all of the lives and browsers
	lives     []*life
	bySubject map[string][]wide
	counts    map[string]int // operations, by what they were and came to
}

// A life is one session. Its name is the label of its device.
type life struct {
	name, subject string
	keys          []string
	signingIn     bool // a request is at it
	signedIn      bool
	operations    []porcupine.Operation
}

// wide is an operation on all sessions of a subject.
type wide struct {
	kinds        []kind
	input        input
	call, answer int64
	listed       []string // names
	spared       *life
}

func newRecorder() *recorder {
	return &recorder{start: time.Now(), bySubject: map[string][]wide{}, counts: map[string]int{}}
}

// now is wall time that never goes back, whatever is done to the machine's.
func (r *recorder) now() time.Time { return r.start.Add(time.Since(r.start)) }

// nanos is now, for the history.
func (r *recorder) nanos() int64 { return int64(time.Since(r.start)) }

func (r *recorder) begin(subject string) *life {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := &life{name: fmt.Sprintf("session %d", len(r.lives)), subject: subject}
	r.lives = append(r.lives, l)
	return l
}

func (r *recorder) operation(l *life, in input, out output, call int64) {
	answer := r.nanos()
	r.mu.Lock()
	defer r.mu.Unlock()
	what := string(in.kind)
	switch {
	case out.conflict:
		what += ", in conflict"
	case out.refused:
		what += ", refused"
	}
	r.counts[what]++
	l.operations = append(l.operations, porcupine.Operation{Input: in, Output: out, Call: call, Return: answer})
}

func (r *recorder) wide(subject string, w wide) {
	w.answer = r.nanos()
	w.input.earliest, w.input.latest = w.call, w.answer+int64(time.Microsecond) // moments are kept to the microsecond
	r.mu.Lock()
	defer r.mu.Unlock()
	r.counts[string(w.kinds[0])]++
	w.input.id = rune('A' + len(r.bySubject[subject]))
	r.bySubject[subject] = append(r.bySubject[subject], w)
}

// history is all that may have touched the session, in the order of its calls.
func (r *recorder) history(l *life) []porcupine.Operation {
	if len(l.operations) == 0 {
		return nil
	}
	all := slices.Clone(l.operations)
	first := slices.MinFunc(all, byCall).Call
	for _, w := range r.bySubject[l.subject] {
		if w.spared == l || w.answer < first {
			continue
		}
		for _, k := range w.kinds {
			in := w.input
			in.kind = k
			out := output{live: slices.Contains(w.listed, l.name)}
			all = append(all, porcupine.Operation{Input: in, Output: out, Call: w.call, Return: w.answer})
		}
	}
	slices.SortStableFunc(all, byCall)
	return all
}

func byCall(a, b porcupine.Operation) int { return int(a.Call - b.Call) }

// check fails for each session whose history no order of its operations
// explains.
func (r *recorder) check(t *testing.T) {
	t.Helper()
	for _, l := range r.lives {
		history := r.history(l)
		result := porcupine.CheckOperationsTimeout(model, history, 2*time.Minute)
		if result == porcupine.Ok {
			continue
		}
		var b strings.Builder
		for _, o := range history {
			fmt.Fprintf(&b, "%12d %12d  %s\n", o.Call, o.Return, model.DescribeOperation(o.Input, o.Output))
		}
		t.Errorf("%s of %s: linearizable: %s\n%s", l.name, l.subject, result, &b)
	}
}
