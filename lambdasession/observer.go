package lambdasession

import (
	"context"
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

// An Observer sees every operation on the store, after it ended. It is called
// from several goroutines at once and should be quick.
type Observer interface {
	Observe(ctx context.Context, o Observation)
}

// An Observation is one operation on the store, or one refused cookie.
type Observation struct {
	// Operation is load, save, update, update-ttl, rotate, delete, devices,
	// revoke or revoke-all; or cookie, for a cookie that was malformed, forged
	// or sent more than once, which made no operation.
	Operation string
	Duration  time.Duration
	Err       error // nil if it went well; never with a key, a cookie or a value

	// ReadUnits and WriteUnits are what the operation consumed, in the units
	// that the store is billed by, as far as it tells (see [store.AddUsage]):
	// for DynamoDB, read and write request units. DynamoDB does not tell what
	// a request cost that failed.
	ReadUnits, WriteUnits float64
}

// observe runs one store operation and tells the observer.
func observe[T any](ctx context.Context, m *Manager, operation string, run func(context.Context) (T, error)) (T, error) {
	if m.cfg.Observer == nil {
		v, err := run(ctx)
		return v, classify(err)
	}
	start := time.Now() // a duration is real time, whatever clock the sessions go by
	v, usage, err := measure(ctx, run)
	err = classify(err)
	seen := err
	if is[*store.ConflictError](err) {
		seen = &store.ConflictError{} // without the record
	}
	m.cfg.Observer.Observe(ctx, Observation{
		Operation: operation, Duration: time.Since(start), Err: seen,
		ReadUnits: usage.ReadUnits, WriteUnits: usage.WriteUnits,
	})
	return v, err
}

// measure runs an operation and returns what it consumed. Whoever counts
// around it counts it as well.
func measure[T any](ctx context.Context, run func(context.Context) (T, error)) (T, store.Usage, error) {
	counting, counted := store.CountUsage(ctx)
	v, err := run(counting)
	usage := counted()
	store.AddUsage(ctx, usage)
	return v, usage, err
}
