package console

import (
	"context"
	"crypto/rand"
	"slices"
	"sync"
	"time"
)

// What the journal keeps at most. The totals go on counting what it lets go.
const (
	maxRequests  = 200
	maxCalls     = 100 // of one request
	maxUnclaimed = 256 // trace ids with calls that no request has claimed yet
)

// Journal is what has happened since the program started: the last 200
// requests, totals of all, and how the builds went. It is safe for concurrent
// use. Readers go at their own pace: each asks what has changed since it last
// asked, so that no request ever waits for a reader.
type Journal struct {
	now func() time.Time
	run string // tells this journal's revisions from an earlier program's

	mu        sync.Mutex          // guards all below, and the requests themselves
	revision  int64               // counts changes
	changed   chan struct{}       // closed at the next change
	number    int                 // of the last request
	requests  []*request          // oldest first
	traces    map[string]*request // by the trace ids of their invocations
	unclaimed []unclaimed         // oldest first
	totals    totals
	builds    []build // in the order in which functions were first built
	notice    string
	state     int64 // the revision of builds and notice
}

// NewJournal makes an empty journal.
func NewJournal() *Journal { return newJournal(time.Now) }

func newJournal(now func() time.Time) *Journal {
	return &Journal{
		now:     now,
		run:     rand.Text(),
		changed: make(chan struct{}),
		traces:  map[string]*request{},
		totals:  totals{Since: now()},
	}
}

// Routed says where a request went. It does nothing if ctx does not come from
// [Journal.Handler].
func (j *Journal) Routed(ctx context.Context, route Route) {
	if r := requestOf(ctx); r != nil {
		j.mu.Lock()
		defer j.mu.Unlock()
		r.Route = route
		r.revision = j.touch()
	}
}

// Refused says why the gateway did not take a function's answer, such as one
// that is malformed. It does nothing if ctx does not come from
// [Journal.Handler].
func (j *Journal) Refused(ctx context.Context, why error) {
	if r := requestOf(ctx); r != nil {
		j.mu.Lock()
		defer j.mu.Unlock()
		r.Refused = why
		r.revision = j.touch()
	}
}

// begin notes a request that has just begun.
func (j *Journal) begin(method, path string) *request {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.number++
	r := &request{
		Number: j.number,
		Began:  j.now(),
		Method: shorten(method, 20),
		Path:   shorten(path, 500),
	}
	r.revision = j.touch()
	j.requests = append(j.requests, r)
	if len(j.requests) > maxRequests {
		j.drop(j.requests[0])
	}
	return r
}

// end notes that a request has been answered.
func (j *Journal) end(r *request, status int, cutOff bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	r.Ended, r.Status, r.CutOff = true, status, cutOff
	r.Duration = j.now().Sub(r.Began)
	r.revision = j.touch()
	j.totals.Requests++
	if r.Failed() {
		j.totals.Failed++
	}
}

// drop lets a request go, with all that leads to it. The caller holds mu.
func (j *Journal) drop(r *request) {
	r.dropped = true
	j.requests = slices.DeleteFunc(j.requests, func(other *request) bool { return other == r })
	for trace, other := range j.traces {
		if other == r {
			delete(j.traces, trace)
		}
	}
}

// touch begins a new revision and returns it. The caller holds mu.
func (j *Journal) touch() int64 {
	j.revision++
	close(j.changed)
	j.changed = make(chan struct{})
	return j.revision
}

// view is the journal at one revision.
type view struct {
	Revision int64
	Requests []request // those that have changed since the reader last asked, oldest first
	Totals   totals
	Builds   []build
	Notice   string
	NewState bool // Builds or Notice have changed since then
}

// since returns what has changed after a revision, zero for all there is, and a
// channel that is closed at the next change.
func (j *Journal) since(revision int64) (view, <-chan struct{}) {
	j.mu.Lock()
	defer j.mu.Unlock()
	v := view{
		Revision: j.revision,
		Totals:   j.totals,
		Builds:   slices.Clone(j.builds),
		Notice:   j.notice,
		NewState: j.state > revision,
	}
	for _, r := range j.requests {
		if r.revision > revision {
			v.Requests = append(v.Requests, *r) // its calls are only ever appended to
		}
	}
	return v, j.changed
}
