package localtest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// A FaultProxy stands between a client and DynamoDB Local, and makes go wrong
// what goes wrong between a function and DynamoDB. Until a fault is injected it
// passes on everything. It is safe for concurrent use.
type FaultProxy struct {
	// Client goes through the proxy. It has the SDK's own retries.
	Client *dynamodb.Client

	tb       testing.TB
	endpoint string
	upstream string            // DynamoDB Local's URL
	onward   http.RoundTripper // to it
	over     context.Context   // ends with the test

	mu       sync.Mutex // guards what follows
	rules    []*faultRule
	requests []FaultedRequest
	answers  map[string]faultAnswer // the last one to each GetItem
	passing  int                    // requests that met a fault and are on their way to DynamoDB
	passed   sync.Cond              // of mu: passing is less
}

// FaultedRequest is a request that came to a [FaultProxy].
type FaultedRequest struct {
	Operation string    // such as GetItem
	Fault     FaultKind // that it met; 0: none
}

// Faults starts a proxy in front of the DynamoDB Local, on the loopback
// interface, and ends it with tb. The database behind it is the same, and
// db.Meter counts what gets there.
func (db *DB) Faults(tb testing.TB) *FaultProxy {
	tb.Helper()
	over, end := context.WithCancel(context.Background())
	toProxy, toDynamoDB := newTransport(), newTransport()
	p := &FaultProxy{
		tb:       tb,
		upstream: db.endpoint,
		onward:   db.meter.transport(toDynamoDB),
		over:     over,
		answers:  map[string]faultAnswer{},
	}
	p.passed.L = &p.mu
	server := httptest.NewServer(p.handler())
	p.endpoint = server.URL
	p.Client = newClient(server.URL, toProxy)
	tb.Cleanup(func() {
		end() // or the server would wait for its black holes
		toProxy.CloseIdleConnections()
		server.Close()
		toDynamoDB.CloseIdleConnections()
	})
	return p
}

// Endpoint is the proxy's URL, for a client of one's own.
func (p *FaultProxy) Endpoint() string { return p.endpoint }

// Inject adds faults. A request meets the first one that applies to it, in the
// order in which they were added; the others do not count it. The test fails at
// once if a fault makes no sense.
func (p *FaultProxy) Inject(faults ...Fault) {
	p.tb.Helper()
	for _, f := range faults {
		if err := f.validate(); err != nil {
			p.tb.Fatal("localtest: ", err)
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, f := range faults {
		p.rules = append(p.rules, newFaultRule(f))
	}
}

// Clear takes all faults away. It returns when the requests that have met one
// have reached DynamoDB, if they ever will; it does not wait for a Delay, nor
// until their clients have an answer.
func (p *FaultProxy) Clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.rules = nil
	for p.passing > 0 {
		p.passed.Wait()
	}
}

// Requests returns the requests so far, in the order in which they came.
func (p *FaultProxy) Requests() []FaultedRequest {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.requests)
}

// choose returns the fault that the request meets, if any.
func (p *FaultProxy) choose(q faultRequest) Fault {
	p.mu.Lock()
	defer p.mu.Unlock()
	var met Fault
	for _, r := range p.rules {
		if r.meets(q) {
			met = r.Fault
			break
		}
	}
	p.requests = append(p.requests, FaultedRequest{Operation: q.operation, Fault: met.Kind})
	if met.waitedFor() {
		p.passing++
	}
	return met
}

// waitedFor reports whether Clear waits for a request that has met the fault.
func (f Fault) waitedFor() bool { return f.Kind != 0 && f.Kind != Delay }

// hasPassed says that such a request has reached DynamoDB, or never will.
func (p *FaultProxy) hasPassed(f Fault) {
	if !f.waitedFor() {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.passing--
	p.passed.Broadcast()
}
