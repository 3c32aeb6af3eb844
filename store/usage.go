package store

import (
	"context"
	"sync"
)

// Usage is what operations consumed, in the units that a store is billed by;
// for DynamoDB, read and write request units. A write unit is a begun kilobyte
// of what is stored, twice that in a transaction.
type Usage struct {
	ReadUnits, WriteUnits float64
}

type usageKey struct{}

// A usageCount is a Usage that is being added up.
type usageCount struct {
	mu    sync.Mutex
	total Usage
}

// CountUsage returns a context in which a store's operations are added up by
// [AddUsage], and a function that returns the sum so far.
func CountUsage(ctx context.Context) (context.Context, func() Usage) {
	c := &usageCount{}
	return context.WithValue(ctx, usageKey{}, c), func() Usage {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.total
	}
}

// AddUsage is called by a store that knows what a request consumed. It does
// nothing unless ctx comes from [CountUsage].
func AddUsage(ctx context.Context, u Usage) {
	c, ok := ctx.Value(usageKey{}).(*usageCount)
	if !ok {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.total.ReadUnits += u.ReadUnits
	c.total.WriteUnits += u.WriteUnits
}
