package localtest_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/localtest"
)

// Throttling stands for a fault that is quick to tell.
func TestWhichRequestsMeetAFault(t *testing.T) {
	t.Parallel()
	const putGetPutGet = "pgpgpgpg"
	for _, c := range []struct {
		name   string
		faults []localtest.Fault
		want   string // of the requests that meet a fault, in capitals
	}{
		{"all, if nothing else is said", []localtest.Fault{{}}, "PGPGPGPG"},
		{"those of an operation", []localtest.Fault{{Operations: []string{"GetItem"}}}, "pGpGpGpG"},
		{"those of several operations", []localtest.Fault{{Operations: []string{"GetItem", "PutItem"}}}, "PGPGPGPG"},
		{"none of another operation", []localtest.Fault{{Operations: []string{"UpdateItem"}}}, "pgpgpgpg"},
		{"the first two", []localtest.Fault{{Times: 2}}, "PGpgpgpg"},
		{"all but the first two of an operation", []localtest.Fault{{Operations: []string{"PutItem"}, After: 2}}, "pgpgPgPg"},
		{"the third of an operation", []localtest.Fault{{Operations: []string{"PutItem"}, After: 2, Times: 1}}, "pgpgPgpg"},
		{"by chance, the same ones every time", []localtest.Fault{{Probability: 0.5, Seed: 1}}, "PgPGpgPG"},
		{"by another chance, others", []localtest.Fault{{Probability: 0.5, Seed: 2}}, "pgPGPGpg"},
		{"at most so many by chance", []localtest.Fault{{Probability: 1, Times: 1}}, "Pgpgpgpg"},
		{"of two faults, the first; the other counts on from there", []localtest.Fault{{Times: 1}, {After: 1, Times: 1}}, "PgPgpgpg"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for i := range c.faults {
				c.faults[i].Kind = localtest.Throttling
			}
			f := newFaulty(t, c.faults...)
			for _, operation := range putGetPutGet {
				if operation == 'p' {
					_ = f.put(t.Context(), "one")
				} else {
					_, _ = f.get(t.Context(), true)
				}
			}
			var got strings.Builder
			for _, q := range f.Requests() {
				letter := strings.ToLower(q.Operation[:1])
				if q.Fault != 0 {
					letter = strings.ToUpper(letter)
				}
				got.WriteString(letter)
			}
			if got.String() != c.want {
				t.Errorf("faults meet %s; want %s", &got, c.want)
			}
		})
	}

	t.Run("none any more once they are cleared", func(t *testing.T) {
		t.Parallel()
		f := newFaulty(t, localtest.Fault{Kind: localtest.Throttling})
		wantAPIError(t, f.put(t.Context(), "one"), "ThrottlingException")
		f.Clear()
		if err := f.put(t.Context(), "one"); err != nil {
			t.Error(err)
		}
	})

	t.Run("none any more, and all that did are done, whether or not their clients still wait", func(t *testing.T) {
		t.Parallel()
		f := newFaulty(t, localtest.Fault{Kind: localtest.BlackHole, Applied: true})
		answer := make(chan error, 1)
		ctx, giveUp := context.WithCancel(t.Context())
		go func() { answer <- f.put(ctx, "one") }()
		eventually(t, "no request has come", func() bool { return len(f.Requests()) == 1 })
		giveUp()
		if err := <-answer; err == nil {
			t.Error("the black hole has answered")
		}
		f.Clear()
		f.wantStored(t, "one")
	})

	t.Run("none that DynamoDB has no such fault for", func(t *testing.T) {
		t.Parallel()
		f := newFaulty(t, localtest.Fault{Kind: localtest.TransactionConflict}, localtest.Fault{Kind: localtest.TransactionInProgress})
		if _, err := f.get(t.Context(), true); err != nil {
			t.Error(err)
		}
	})
}

// fatal is a test that wants to know what it dies of.
type fatal struct {
	testing.TB
	message string
}

func (f *fatal) Fatal(args ...any) {
	f.message = fmt.Sprint(args...)
	panic(f)
}

func TestAFaultThatMakesNoSenseFailsItsTest(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fault localtest.Fault
		want  string
	}{
		{localtest.Fault{}, "FaultKind(0) is no kind of fault; use one of the package's constants"},
		{localtest.Fault{Kind: 99}, "FaultKind(99) is no kind of fault"},
		{localtest.Fault{Kind: localtest.BlackHole, After: -1}, "After is -1"},
		{localtest.Fault{Kind: localtest.BlackHole, Times: -1}, "Times is -1"},
		{localtest.Fault{Kind: localtest.BlackHole, Probability: 1.1}, "Probability is 1.1; use 0 to 1"},
		{localtest.Fault{Kind: localtest.BlackHole, Probability: -0.1}, "Probability is -0.1; use 0 to 1"},
		{localtest.Fault{Kind: localtest.BlackHole, Pause: time.Second}, "Pause is set; it is for Delay and Trickle"},
		{localtest.Fault{Kind: localtest.Delay}, "Pause is 0s; say how long"},
		{localtest.Fault{Kind: localtest.Throttling, Applied: true}, "Applied is set"},
		{localtest.Fault{Kind: localtest.TruncatedAnswer, Applied: true}, "Applied is set"},
		{localtest.Fault{Kind: localtest.StaleRead, Operations: []string{"PutItem"}}, `Operations has "PutItem", on which it never happens; use some of ["GetItem"]`},
		{localtest.Fault{Kind: localtest.TransactionConflict, Operations: []string{"Query"}}, `Operations has "Query"`},
	} {
		t.Run(c.want, func(t *testing.T) {
			t.Parallel()
			tb := &fatal{TB: t}
			p := localtest.DynamoDB(t).Faults(tb)
			func() {
				defer func() { _ = recover() }()
				p.Inject(c.fault)
			}()
			if !strings.Contains(tb.message, c.want) {
				t.Errorf("the test dies of %q; want %q", tb.message, c.want)
			}
		})
	}
}
