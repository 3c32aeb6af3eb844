package storetest_test

import (
	"bytes"
	"context"
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/lambdasession/lambdasession-go/cookiestore"
	"github.com/lambdasession/lambdasession-go/memstore"
	"github.com/lambdasession/lambdasession-go/store"
	"github.com/lambdasession/lambdasession-go/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// breakVariable names the way in which a process of this test breaks its
// store; unset, it does not.
const breakVariable = "STORETEST_BREAK"

// TestRun passes on a store that keeps the contract. In the processes that
// TestTeeth starts, it fails.
func TestRun(t *testing.T) {
	t.Parallel()
	breaking, ok := defects[os.Getenv(breakVariable)]
	if !ok {
		breaking.breakIt = func(s *memstore.Store) store.Store { return s }
	}
	carried, isCarried := carriedDefects[os.Getenv(breakVariable)]
	storetest.Run(t, func(t *testing.T) store.Store {
		if isCarried {
			return carried.breakIt(newCookieStore(t))
		}
		s := memstore.New()
		s.Now = storetest.Now(t)
		return breaking.breakIt(s)
	})
}

// newCookieStore makes a store whose state travels with the key.
func newCookieStore(t *testing.T) *cookiestore.Store {
	s, err := cookiestore.New(cookiestore.Config{Keys: [][]byte{bytes.Repeat([]byte("k"), 32)}, Now: storetest.Now(t)})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestRunOnAStateThatTravelsWithTheKey(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) store.Store { return newCookieStore(t) })
}

func TestRunAsksNothingOfAStoreThatItCannotDo(t *testing.T) {
	t.Parallel()
	for name, without := range map[string]func(*memstore.Store) store.Store{
		"it does not implement Subjects":       func(s *memstore.Store) store.Store { return struct{ store.Store }{s} },
		"it says that Subjects is unsupported": func(s *memstore.Store) store.Store { return unsupporting{s} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			storetest.Run(t, func(t *testing.T) store.Store {
				s := memstore.New()
				s.Now = storetest.Now(t)
				return without(s)
			})
		})
	}
}

// unsupporting has the methods of Subjects and nothing behind them.
type unsupporting struct{ store.Store }

func (unsupporting) Devices(context.Context, string) ([]store.Device, error) {
	return nil, store.ErrUnsupported
}

func (unsupporting) Revoke(context.Context, string, string) error { return store.ErrUnsupported }

func (unsupporting) RevokeAll(context.Context, string, string) (time.Time, error) {
	return time.Time{}, store.ErrUnsupported
}

// TestTeeth runs the suite on broken stores, each in a process of its own,
// since a test cannot fail without failing its parents.
func TestTeeth(t *testing.T) {
	t.Parallel()
	for name, d := range defects {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantFailures(t, name, d.clauses, d.message)
		})
	}
	for name, d := range carriedDefects {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantFailures(t, name, d.clauses, d.message)
		})
	}
}

// wantFailures runs the suite on the store that is broken in the named way, and
// fails the test unless the clauses fail and the message is printed.
func wantFailures(t *testing.T, name string, clauses []string, message string) {
	t.Helper()
	suite := exec.CommandContext(t.Context(), os.Args[0],
		"-test.run=^TestRun$", "-test.v", "-rapid.seed=1", "-rapid.shrinktime=0s", "-rapid.nofailfile")
	suite.Env = append(os.Environ(), breakVariable+"="+name)
	output, err := suite.CombinedOutput()
	if err == nil {
		t.Fatal("the suite passed")
	}
	failed := failures(string(output))
	for _, clause := range clauses {
		if !failed[clause] {
			t.Errorf("the clause %q did not fail; these did: %q", clause, slices.Sorted(maps.Keys(failed)))
		}
	}
	if !strings.Contains(string(output), message) {
		t.Errorf("the suite did not say %q:\n%s", message, output)
	}
}

var failure = regexp.MustCompile(`(?m)^ *--- FAIL: TestRun/(?:contract/)?(.*) \(`)

// failures returns the names of the sub-tests that failed, as they are written
// in the suite.
func failures(output string) map[string]bool {
	failed := map[string]bool{}
	for _, m := range failure.FindAllStringSubmatch(output, -1) {
		failed[strings.ReplaceAll(m[1], "_", " ")] = true
	}
	return failed
}
