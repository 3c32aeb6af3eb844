package console

import (
	"context"
	"slices"

	"github.com/lambdasession/lambdasession-go/localtest"
)

// unclaimed are calls whose request is not known yet: a function's report comes
// after its calls.
type unclaimed struct {
	trace string
	calls []localtest.TracedCall
}

// Report notes the end of an invocation for the request that ctx belongs to,
// and gives it the calls that were made under the invocation's trace id. It
// does nothing if ctx does not come from [Journal.Handler].
func (j *Journal) Report(ctx context.Context, report localtest.Report) {
	r := requestOf(ctx)
	if r == nil {
		return
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	cold, failed := r.Cold(), r.Failed()
	r.Report = report
	r.revision = j.touch()
	if r.Cold() && !cold {
		j.totals.Cold++
	}
	if r.Ended && r.Failed() && !failed { // who asked had given up
		j.totals.Failed++
	}
	if report.TraceID == "" {
		return
	}
	if !r.dropped {
		j.traces[report.TraceID] = r
	}
	if i := j.findUnclaimed(report.TraceID); i >= 0 {
		for _, call := range j.unclaimed[i].calls {
			j.join(r, call)
		}
		j.unclaimed = slices.Delete(j.unclaimed, i, i+1)
	}
}

// Observe notes a call to DynamoDB. It belongs to the request whose invocation
// has its trace id, now or as soon as that is known. A call without a trace id
// belongs to none: it was made while a process started.
func (j *Journal) Observe(call localtest.TracedCall) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if call.TraceID == "" {
		j.totals.Outside.add(call)
		j.touch()
		return
	}
	if r := j.traces[call.TraceID]; r != nil { // from the background, after its answer
		j.join(r, call)
		r.revision = j.touch()
		return
	}
	i := j.findUnclaimed(call.TraceID)
	if i < 0 {
		i = len(j.unclaimed)
		j.unclaimed = append(j.unclaimed, unclaimed{trace: call.TraceID})
	}
	j.unclaimed[i].calls = append(j.unclaimed[i].calls, call)
	if len(j.unclaimed) > maxUnclaimed {
		j.disown()
	}
}

// disown gives up on the oldest unclaimed calls: their request has been let go.
// The caller holds mu.
func (j *Journal) disown() {
	for _, call := range j.unclaimed[0].calls {
		j.totals.Outside.add(call)
	}
	j.unclaimed = slices.Delete(j.unclaimed, 0, 1)
	j.touch()
}

func (j *Journal) findUnclaimed(trace string) int {
	return slices.IndexFunc(j.unclaimed, func(u unclaimed) bool { return u.trace == trace })
}

// join adds a call to a request's. The caller holds mu and begins a revision.
func (j *Journal) join(r *request, call localtest.TracedCall) {
	if len(r.Calls) < maxCalls {
		r.Calls = append(r.Calls, call)
	}
	r.Usage.add(call)
	j.totals.Usage.add(call)
}
