package console

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/localtest"
)

func TestJournalJoins(t *testing.T) {
	t.Parallel()

	t.Run("calls that come before their invocation's report join its request", func(t *testing.T) {
		t.Parallel()
		j := NewJournal()
		r := j.begin("GET", "/")
		j.Observe(getItem("Root=1-a"))
		j.Observe(updateItem("Root=1-a"))
		if got, _ := j.since(0); got.Totals.Usage.Calls != 0 || got.Totals.Outside.Calls != 0 {
			t.Errorf("they count before anybody knows whose they are: %+v", got.Totals)
		}
		j.Report(under(r), localtest.Report{TraceID: "Root=1-a"})
		j.end(r, 200, false)
		wantCalls(t, j, map[int][]string{1: {"GetItem", "UpdateItem"}})
		wantTotals(t, j, totals{Requests: 1, Usage: usage{Calls: 2, ReadUnits: 1, WriteUnits: 1}})
		if len(j.unclaimed) != 0 {
			t.Errorf("they wait to be claimed once more: %v", j.unclaimed)
		}
	})

	t.Run("a call that comes later, from the background, joins it as well", func(t *testing.T) {
		t.Parallel()
		j := NewJournal()
		r := j.begin("GET", "/")
		j.Report(under(r), localtest.Report{TraceID: "Root=1-a"})
		j.end(r, 200, false)
		before, _ := j.since(0)
		j.Observe(updateItem("Root=1-a"))
		wantCalls(t, j, map[int][]string{1: {"UpdateItem"}})
		if after, _ := j.since(before.Revision); len(after.Requests) != 1 {
			t.Errorf("a reader is told of %d changed requests", len(after.Requests))
		}
	})

	t.Run("each of two requests at once gets its own", func(t *testing.T) {
		t.Parallel()
		j := NewJournal()
		one, two := j.begin("GET", "/1"), j.begin("GET", "/2")
		j.Observe(getItem("Root=1-two"))
		j.Observe(updateItem("Root=1-one"))
		j.Report(under(two), localtest.Report{TraceID: "Root=1-two"})
		j.Report(under(one), localtest.Report{TraceID: "Root=1-one"})
		wantCalls(t, j, map[int][]string{1: {"UpdateItem"}, 2: {"GetItem"}})
	})

	t.Run("a request that took two invocations has the calls of both", func(t *testing.T) {
		t.Parallel()
		j := NewJournal()
		r := j.begin("GET", "/")
		j.Observe(getItem("Root=1-a"))
		j.Report(under(r), localtest.Report{TraceID: "Root=1-a", Err: localtest.ErrClosed})
		j.Observe(updateItem("Root=1-b"))
		j.Report(under(r), localtest.Report{TraceID: "Root=1-b"})
		j.end(r, 200, false)
		wantCalls(t, j, map[int][]string{1: {"GetItem", "UpdateItem"}})
		if got, _ := j.since(0); got.Totals.Failed != 0 || got.Requests[0].Problem() != "" {
			t.Errorf("it failed, they say: %+v", got)
		}
	})

	t.Run("a call without a trace id was made while something started", func(t *testing.T) {
		t.Parallel()
		j := NewJournal()
		r := j.begin("GET", "/")
		j.Observe(getItem(""))
		j.Report(under(r), localtest.Report{})
		j.end(r, 200, false)
		wantCalls(t, j, map[int][]string{1: nil})
		wantTotals(t, j, totals{Requests: 1, Outside: usage{Calls: 1, ReadUnits: 1}})
	})

	t.Run("calls that nobody claims are not waited for without bounds", func(t *testing.T) {
		t.Parallel()
		j := NewJournal()
		for i := range maxUnclaimed + 3 {
			j.Observe(getItem(fmt.Sprint("Root=1-", i)))
		}
		wantTotals(t, j, totals{Outside: usage{Calls: 3, ReadUnits: 3}})
		if len(j.unclaimed) != maxUnclaimed {
			t.Errorf("%d wait", len(j.unclaimed))
		}
	})

	t.Run("a context of somebody else's is left alone", func(t *testing.T) {
		t.Parallel()
		j := NewJournal()
		j.Report(t.Context(), localtest.Report{TraceID: "Root=1-a"})
		j.Routed(t.Context(), Route{Key: "GET /"})
		wantTotals(t, j, totals{})
	})
}

func TestJournalKeeps(t *testing.T) {
	t.Parallel()

	t.Run("the last 200 requests, and totals of all", func(t *testing.T) {
		t.Parallel()
		j := NewJournal()
		for i := range maxRequests + 50 {
			r, trace := j.begin("GET", "/"), fmt.Sprint("Root=1-", i)
			j.Observe(getItem(trace))
			j.Report(under(r), localtest.Report{TraceID: trace})
			j.end(r, 200, false)
		}
		got, _ := j.since(0)
		if len(got.Requests) != maxRequests || got.Requests[0].Number != 51 || got.Requests[maxRequests-1].Number != maxRequests+50 {
			t.Errorf("%d requests, %d to %d", len(got.Requests), got.Requests[0].Number, got.Requests[len(got.Requests)-1].Number)
		}
		if len(j.traces) != maxRequests {
			t.Errorf("%d trace ids", len(j.traces))
		}
		wantTotals(t, j, totals{Requests: 250, Usage: usage{Calls: 250, ReadUnits: 250}})
	})

	t.Run("a request that ends after it was let go counts", func(t *testing.T) {
		t.Parallel()
		j := NewJournal()
		slow := j.begin("GET", "/slow")
		for range maxRequests {
			j.end(j.begin("GET", "/"), 200, false)
		}
		j.Observe(getItem("Root=1-slow"))
		j.Report(under(slow), localtest.Report{TraceID: "Root=1-slow", Init: time.Second})
		j.end(slow, 500, false)
		wantTotals(t, j, totals{Requests: maxRequests + 1, Failed: 1, Cold: 1, Usage: usage{Calls: 1, ReadUnits: 1}})
		if len(j.traces) != 0 {
			t.Errorf("its trace is kept for ever: %v", j.traces)
		}
	})

	t.Run("the first 100 calls of a request, and counts the others", func(t *testing.T) {
		t.Parallel()
		j := NewJournal()
		r := j.begin("GET", "/")
		for range maxCalls + 20 {
			j.Observe(getItem("Root=1-a"))
		}
		j.Report(under(r), localtest.Report{TraceID: "Root=1-a"})
		got, _ := j.since(0)
		if r := got.Requests[0]; len(r.Calls) != maxCalls || r.More() != 20 || r.Usage.ReadUnits != maxCalls+20 {
			t.Errorf("%d calls and %d more, %v units", len(r.Calls), r.More(), r.Usage.ReadUnits)
		}
	})
}

func TestJournalFromManyGoroutines(t *testing.T) {
	t.Parallel()
	const visitors, visits = 16, 12 // fewer than the journal keeps
	j := NewJournal()
	app := j.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		trace := r.URL.Path
		j.Routed(r.Context(), Route{Key: "$default"})
		j.Observe(getItem(trace))
		j.Report(r.Context(), localtest.Report{TraceID: trace})
		j.Observe(updateItem(trace))
		j.Built(trace[:2], 0, nil)
	}))

	over := make(chan struct{})
	var readers, writers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			var seen int64
			for {
				v, changed := j.since(seen)
				seen = v.Revision
				for _, r := range v.Requests {
					if r.Usage.Calls < len(r.Calls) {
						t.Errorf("request %d has %d calls and counts %d", r.Number, len(r.Calls), r.Usage.Calls)
					}
				}
				select {
				case <-changed:
				case <-over:
					return
				}
			}
		})
	}
	for i := range visitors {
		writers.Go(func() {
			for n := range visits {
				app.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", fmt.Sprintf("/%d/%d", i, n), nil))
			}
		})
	}
	writers.Wait()
	close(over)
	readers.Wait()

	const all = visitors * visits
	wantTotals(t, j, totals{Requests: all, Usage: usage{Calls: 2 * all, ReadUnits: all, WriteUnits: all}})
	got, _ := j.since(0)
	for _, r := range got.Requests {
		if len(r.Calls) != 2 || r.Calls[0].TraceID != r.Path || r.Calls[1].TraceID != r.Path {
			t.Errorf("request %s has the calls %+v", r.Path, r.Calls)
		}
	}
}

func TestTotals(t *testing.T) {
	t.Parallel()

	t.Run("a million requests cost in dollars what the average one costs in micro-dollars", func(t *testing.T) {
		t.Parallel()
		// 4 requests: 2 reads at 0.125 and 2 writes at 0.625 are 1.5 µ$.
		got := totals{Requests: 4, Usage: usage{ReadUnits: 2, WriteUnits: 2}}
		if got.Usage.Price() != 1.5 || got.Million() != 0.375 {
			t.Errorf("%v µ$, a million $%v", got.Usage.Price(), got.Million())
		}
	})

	t.Run("no requests cost nothing", func(t *testing.T) {
		t.Parallel()
		if got := (totals{Outside: usage{WriteUnits: 3}}).Million(); got != 0 {
			t.Errorf("$%v", got)
		}
	})
}

// wantCalls compares the operations of the requests' calls, by number.
func wantCalls(t *testing.T, j *Journal, want map[int][]string) {
	t.Helper()
	v, _ := j.since(0)
	got := map[int][]string{}
	for _, r := range v.Requests {
		got[r.Number] = nil
		for _, call := range r.Calls {
			got[r.Number] = append(got[r.Number], call.Operation)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("calls by request (-want +got):\n%s", diff)
	}
}

func wantTotals(t *testing.T, j *Journal, want totals) {
	t.Helper()
	v, _ := j.since(0)
	want.Since = v.Totals.Since
	if diff := cmp.Diff(want, v.Totals); diff != "" {
		t.Errorf("totals (-want +got):\n%s", diff)
	}
}
