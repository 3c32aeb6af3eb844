package localtest

import (
	"slices"
	"sync"
)

// Meter counts the calls of a client of DynamoDB, and what they would cost.
// It is safe for concurrent use.
type Meter struct {
	mu    sync.Mutex
	calls []Call // guarded by mu
}

// Call is one request to DynamoDB. A request that the SDK sends again is
// another call.
//
// The units are those that AWS documents. DynamoDB Local's own figures are
// taken where they agree with that. It reports nothing for a failed condition,
// a missing key of a batch, an empty query and parts of a transaction: these are
// computed. Two things are assumed, since AWS gives no figure: a canceled
// transaction costs what its failed conditions would cost on every one of its
// items, and one that is sent again under its token costs what it did the first
// time. Statements in PartiQL cost nothing here.
//
//   - https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
//   - https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
type Call struct {
	Operation     string  // such as GetItem
	ReadUnits     float64 // a strongly consistent read of up to 4 KB is one
	WriteUnits    float64 // a write of up to 1 KB is one
	BytesSent     int64   // of the request's body
	BytesReceived int64   // of the answer's body
	Err           error   // what DynamoDB or the network answered instead
}

// Usage is the sum of some calls.
type Usage struct {
	Calls         int
	ReadUnits     float64
	WriteUnits    float64
	BytesSent     int64
	BytesReceived int64
}

// Usage sums up the calls since the last Reset.
func (m *Meter) Usage() Usage {
	m.mu.Lock()
	defer m.mu.Unlock()
	u := Usage{Calls: len(m.calls)}
	for _, c := range m.calls {
		u.ReadUnits += c.ReadUnits
		u.WriteUnits += c.WriteUnits
		u.BytesSent += c.BytesSent
		u.BytesReceived += c.BytesReceived
	}
	return u
}

// Calls returns the calls since the last Reset, in the order in which they were
// answered.
func (m *Meter) Calls() []Call {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.calls)
}

// Reset forgets the calls.
func (m *Meter) Reset() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls = nil
}

func (m *Meter) add(c Call) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.calls = append(m.calls, c)
}
