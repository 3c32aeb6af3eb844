package lambdasession_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/lambdasession/lambdasession-go/localtest"
)

// actionResult is what an action came to.
type actionResult struct {
	Answer   siteAnswer
	Contents string // of the session of the cookie that the visitor has then
	Former   string // of the session of the cookie that the visitor had before
	Items    int    // of the table, that are new
	Live     int    // sessions of the subject
	Devices  string // of the subject
}

// result runs an action. Its host is the one with the faults; what came of it
// is looked up by another.
func (s *faultySite) result(t *testing.T, a siteAction, subject string, faults ...localtest.Fault) actionResult {
	t.Helper()
	past := s.host(t, siteHost{pastTheFaults: true})
	v := a.visitor(t, s, subject)
	former := siteVisitor{t: t, cookie: v.cookie}
	before := len(s.items(t))

	s.faults.Inject(faults...)
	answer := v.get(s.server, a.pathFor(subject))
	s.faults.Clear()

	answer.Header = nil
	anonymous := func(contents string) string { return strings.ReplaceAll(contents, subject, "the subject") }
	return actionResult{
		Answer:   answer,
		Contents: anonymous(v.must(past, "/read").Body),
		Former:   anonymous(former.must(past, "/read").Body),
		Items:    len(s.items(t)) - before,
		Live:     s.liveIDs(t, subject),
		Devices:  v.must(past, "/devices/"+subject).Body,
	}
}

// What a visitor gets when DynamoDB hesitates, or its answer is lost, is what
// the visitor would have got.
func TestAFaultThatPasses(t *testing.T) { // D8, D17
	t.Parallel()
	faults := map[string][]localtest.Fault{
		"an answer that is lost after a write was applied":  {{Kind: localtest.ConnectionReset, Operations: hit["on every write"], Times: 1, Applied: true}},
		"a write that is lost before it arrives":            {{Kind: localtest.ConnectionReset, Operations: hit["on every write"], Times: 1}},
		"a server error after a write was applied":          {{Kind: localtest.ServerError, Operations: hit["on every write"], Times: 2, Applied: true}},
		"an answer that is cut off":                         {{Kind: localtest.TruncatedAnswer, Times: 2}},
		"a read whose answer is lost":                       {{Kind: localtest.ConnectionReset, Operations: []string{"GetItem"}, Times: 2}},
		"throttling":                                        {{Kind: localtest.Throttling, Times: 2}},
		"a transaction conflict":                            {{Kind: localtest.TransactionConflict, Times: 2}},
		"a transaction conflict with a session's device":    {{Kind: localtest.TransactionConflict, Operations: []string{"DeleteItem"}, Times: 2}},
		"a transaction that is in progress already":         {{Kind: localtest.TransactionInProgress, Times: 2}},
		"a transaction in progress after a lost answer":     {{Kind: localtest.ConnectionReset, Operations: []string{"TransactWriteItems"}, Times: 1, Applied: true}, {Kind: localtest.TransactionInProgress, Times: 2}},
		"a conflict after a write whose answer was lost":    {{Kind: localtest.ConnectionReset, Operations: hit["on every write"], Times: 1, Applied: true}, {Kind: localtest.TransactionConflict, Times: 1}},
		"a conflict after a write that was lost on its way": {{Kind: localtest.ConnectionReset, Operations: hit["on every write"], Times: 1}, {Kind: localtest.TransactionConflict, Times: 1}},
	}
	for _, a := range actions {
		t.Run(a.name, func(t *testing.T) {
			t.Parallel()
			s := newFaultySite(t)
			want := s.result(t, a, "nobody")
			wantEqual(t, "status", http.StatusOK, want.Answer.Status)
			n := 0
			for name, faults := range faults {
				n++
				t.Run("with "+name, func(t *testing.T) {
					got := s.result(t, a, "subject-"+strconv.Itoa(n), faults...)
					wantEqual(t, "result", want, got)
				})
			}
		})
	}
}

// D8. An increment is made once, or not at all.
func TestACounterWhoseAnswersAreLost(t *testing.T) {
	t.Parallel()
	losses := []localtest.Fault{
		{Kind: localtest.ConnectionReset, Operations: []string{"UpdateItem"}, Probability: 0.1, Seed: 1, Applied: true},
		{Kind: localtest.ConnectionReset, Operations: []string{"UpdateItem"}, Probability: 0.1, Seed: 2},
	}

	t.Run("one after another, they are all made", func(t *testing.T) {
		t.Parallel()
		s := newFaultySite(t)
		v := aGuest(t, s, "")
		s.faults.Inject(losses...)
		for n := range 50 {
			wantEqual(t, "apples", strconv.Itoa(n+2), v.must(s.server, "/add").Body)
		}
		s.faults.Clear()
		v.wantContents(s.server, `"" with 51 and 0`)
		lost := 0
		for _, r := range s.faults.Requests() {
			if r.Fault != 0 {
				lost++
			}
		}
		if lost < 5 {
			t.Errorf("only %d answers were lost", lost)
		}
	})

	t.Run("all at once, none that was reported is missing, and none is made twice", func(t *testing.T) {
		t.Parallel()
		s := newFaultySite(t)
		v := aGuest(t, s, "")
		s.faults.Inject(losses...)
		var answers []func() (siteAnswer, error)
		for range 20 {
			one := &siteVisitor{t: t, cookie: v.cookie}
			answers = append(answers, inBackground(func() (siteAnswer, error) { return one.ask(s.server, "/add") }))
		}
		made, unsure := 0, 0
		for _, wait := range answers {
			answer, err := wait()
			succeed(t, err)
			switch answer.Status {
			case http.StatusOK:
				made++
			case http.StatusConflict: // twelve tries were not enough
			default:
				answer.wantUnavailable(t)
				unsure++
			}
		}
		s.faults.Clear()
		var n int
		_, err := fmt.Sscanf(v.must(s.server, "/read").Body, `"" with %d`, &n)
		succeed(t, err)
		if n < 1+made || n > 1+made+unsure {
			t.Errorf("%d apples after %d increments that were reported and %d of which nobody is sure", n-1, made, unsure)
		}
	})

	for name, applied := range map[string]bool{"that was applied": true, "that never arrived": false} {
		t.Run("with another writer after one "+name+", nobody is sure, and neither is made twice", func(t *testing.T) {
			t.Parallel()
			s := newFaultySite(t)
			v := aGuest(t, s, "")
			past := s.host(t, siteHost{pastTheFaults: true})
			other := &siteVisitor{t: t, cookie: v.cookie}
			var theirs siteAnswer
			var failed error
			s.faults.Inject(localtest.Fault{
				Kind: localtest.ConnectionReset, Operations: []string{"UpdateItem"}, Times: 1, Applied: applied,
				Meanwhile: func() { theirs, failed = other.ask(past, "/add") },
			})
			v.get(s.server, "/add").wantUnavailable(t)
			succeed(t, failed)
			want := map[bool]string{true: "3", false: "2"}[applied]
			wantEqual(t, "the other writer's answer", want, theirs.Body)
			v.wantContents(s.server, `"" with `+want+` and 0`)
		})
	}
}
