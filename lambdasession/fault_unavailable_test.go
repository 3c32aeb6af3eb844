package lambdasession_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/localtest"
)

// The requests that meet a fault: all of them; or a session can be read, and no
// write succeeds; or a new session could be saved in place of the one that
// cannot be changed.
var hit = map[string][]string{
	"on every request": nil,
	"on every write":   {"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems"},
	"on every update":  {"UpdateItem"},
}

// A database that cannot answer is never taken for one without the session.
func TestADatabaseThatCannotAnswer(t *testing.T) { // D10
	t.Parallel()
	for _, kind := range []localtest.FaultKind{
		localtest.ConnectionReset, localtest.ServerError, localtest.InvalidJSON,
		localtest.Throttling, localtest.AccessDenied, localtest.NoSuchTable,
	} {
		for where, operations := range hit {
			t.Run(kind.String()+" "+where+" gives 503, no cookie, and changes nothing", func(t *testing.T) {
				t.Parallel()
				wantNothingDone(t, siteHost{}, localtest.Fault{Kind: kind, Operations: operations})
			})
		}
	}
	t.Run("TransactionConflict that does not end gives 503, no cookie, and changes nothing", func(t *testing.T) {
		t.Parallel()
		wantNothingDone(t, siteHost{}, localtest.Fault{Kind: localtest.TransactionConflict, Operations: hit["on every write"]})
	})
}

func TestADatabaseThatAnswersNothing(t *testing.T) { // D9
	t.Parallel()
	for where, operations := range hit {
		t.Run("BlackHole "+where+" gives 503, no cookie, and changes nothing", func(t *testing.T) {
			t.Parallel()
			logger, lines := newLog()
			wantNothingDone(t, siteHost{impatient: true, logger: logger}, localtest.Fault{Kind: localtest.BlackHole, Operations: operations})
			for _, line := range lines() {
				if !strings.Contains(line, "no answer within Config.Timeout, 300ms") {
					t.Errorf("it is not the store that gave up: %s", line)
				}
			}
		})
	}
}

// An answer that does not end in time, or is cut off, may be that to a write
// that was applied. It must not be taken for an answer.
func TestADatabaseWhoseAnswersDoNotEnd(t *testing.T) { // D9, D10
	t.Parallel()
	for _, c := range []struct {
		host  siteHost
		fault localtest.Fault
	}{
		{siteHost{impatient: true}, localtest.Fault{Kind: localtest.Trickle, Pause: time.Minute}},
		{siteHost{}, localtest.Fault{Kind: localtest.TruncatedAnswer}},
	} {
		for where, operations := range hit {
			t.Run(fmt.Sprint(c.fault.Kind, " ", where, " gives 503 and no cookie"), func(t *testing.T) {
				t.Parallel()
				fault := c.fault
				fault.Operations = operations
				s := newFaultySite(t)
				s.meet(t, c.host, fault, s.visitors(t, fault))
				s.faults.Clear()
				again := &siteVisitor{t: t}
				again.must(s.server, "/sign-in/again")
				again.wantContents(s.server, `"again" with 0 and 0`)
			})
		}
	}
}

// visitors prepares one for every action that meets the fault, by its name.
func (s *faultySite) visitors(t *testing.T, f localtest.Fault) map[string]*siteVisitor {
	t.Helper()
	visitors := map[string]*siteVisitor{}
	for _, a := range actions {
		if f.Operations == nil || slices.Contains(f.Operations, a.write) {
			visitors[a.name] = a.visitor(t, s, a.subject())
		}
	}
	return visitors
}

// meet has the actions of all visitors meet the fault at once. None may get a
// page, or a cookie.
func (s *faultySite) meet(t *testing.T, h siteHost, f localtest.Fault, visitors map[string]*siteVisitor) {
	t.Helper()
	host := s.host(t, h)
	s.faults.Inject(f)
	answers := map[string]func() (siteAnswer, error){}
	for _, a := range actions {
		if v := visitors[a.name]; v != nil {
			answers[a.name] = inBackground(func() (siteAnswer, error) { return v.ask(host, a.pathFor(a.subject())) })
		}
	}
	for name, wait := range answers {
		t.Run(name, func(t *testing.T) {
			answer, err := wait()
			succeed(t, err)
			answer.wantUnavailable(t)
		})
	}
}

// inBackground starts do, and returns what waits for its result.
func inBackground[T any](do func() (T, error)) (wait func() (T, error)) {
	var (
		result  T
		err     error
		working sync.WaitGroup
	)
	working.Go(func() { result, err = do() })
	return func() (T, error) {
		working.Wait()
		return result, err
	}
}

// wantNothingDone has the actions of all visitors meet the fault, and says that
// the table is as it was, and every visitor goes on as if nothing had been.
func wantNothingDone(t *testing.T, h siteHost, f localtest.Fault) {
	t.Helper()
	s := newFaultySite(t)
	visitors := s.visitors(t, f)
	cookies := cookiesOf(visitors)
	before := s.items(t)

	s.meet(t, h, f, visitors)
	s.faults.Clear()

	if diff := cmp.Diff(before, s.items(t), comparableItems); diff != "" {
		t.Errorf("the table has changed (-before +after):\n%s", diff)
	}
	wantEqual(t, "cookies", cookies, cookiesOf(visitors))
	for name, v := range visitors {
		want := map[bool]string{true: "1", false: "2"}[v.cookie == ""]
		if got := v.must(s.server, "/add"); got.Body != want {
			t.Errorf("%s: the visitor has %s apples then, want %s", name, got.Body, want)
		}
	}
}

func cookiesOf(visitors map[string]*siteVisitor) map[string]string {
	cookies := map[string]string{}
	for name, v := range visitors {
		cookies[name] = v.cookie
	}
	return cookies
}
