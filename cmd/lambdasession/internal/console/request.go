package console

import (
	"cmp"
	"strings"
	"time"

	"github.com/lambdasession/lambdasession-go/internal/price"
	"github.com/lambdasession/lambdasession-go/localtest"
)

// request is one request to the application and what became of it.
type request struct {
	Number   int // counts from 1
	Began    time.Time
	Method   string
	Path     string // escaped, without the query: secrets travel in it
	Route    Route
	Status   int           // zero if it had none, yet or ever
	Duration time.Duration // until the last byte of the answer; zero while it is under way
	Ended    bool
	CutOff   bool // the answer broke off before its end

	Report  localtest.Report       // of the last invocation, if it took several
	Calls   []localtest.TracedCall // the first of them
	Refused error                  // why the gateway did not take the function's answer
	Usage   usage                  // of all

	revision int64 // of its last change
	dropped  bool  // the journal has let it go
}

// Route says where a request went.
type Route struct {
	Function  string // its logical id in the template
	Key       string // such as "GET /cart" or "$default"; empty for a function URL
	Service   string // in words: "HTTP API", "REST API", "function URL"
	Streaming bool   // the answer is handed on while the function writes it
}

// Cold reports whether a process was started for the request.
func (r request) Cold() bool { return r.Report.Init > 0 }

// Failed reports whether the application, not its visitor, made a mistake.
func (r request) Failed() bool {
	return r.Status >= 500 || r.CutOff || r.Report.Err != nil || r.Refused != nil
}

// More is how many calls are counted and not kept.
func (r request) More() int { return r.Usage.Calls - len(r.Calls) }

// Problem is why the function failed, or why its answer was refused; empty if
// neither. What is too long to read is cut.
func (r request) Problem() string {
	err := cmp.Or(r.Report.Err, r.Refused)
	if err == nil {
		return ""
	}
	return shorten(strings.TrimSpace(err.Error()), 8<<10)
}

// usage is the sum of some calls.
type usage struct {
	Calls      int
	ReadUnits  float64
	WriteUnits float64
}

// Price is what the calls would cost on AWS, in micro-dollars.
func (u usage) Price() float64 { return price.OnDemand(u.ReadUnits, u.WriteUnits) }

func (u *usage) add(c localtest.TracedCall) {
	u.Calls++
	u.ReadUnits += c.ReadUnits
	u.WriteUnits += c.WriteUnits
}

// totals count since the program started.
type totals struct {
	Since    time.Time
	Requests int   // that have ended
	Failed   int   // of those
	Cold     int   // that a process was started for
	Usage    usage // of requests
	Outside  usage // of calls while starting, or in the background
}

// Million is what a million requests like those so far would cost, in dollars:
// the same figure as the micro-dollars of the average one.
func (t totals) Million() float64 {
	if t.Requests == 0 {
		return 0
	}
	return t.Usage.Price() / float64(t.Requests)
}
