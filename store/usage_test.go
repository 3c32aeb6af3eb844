package store_test

import (
	"sync"
	"testing"

	"github.com/lambdasession/lambdasession-go/store"
)

func TestUsageIsAddedUp(t *testing.T) {
	t.Parallel()
	ctx, counted := store.CountUsage(t.Context())
	if got := counted(); got != (store.Usage{}) {
		t.Errorf("before any operation: %+v", got)
	}
	var operations sync.WaitGroup
	for range 100 {
		operations.Go(func() { store.AddUsage(ctx, store.Usage{ReadUnits: 0.5, WriteUnits: 2}) })
	}
	operations.Wait()
	if got, want := counted(), (store.Usage{ReadUnits: 50, WriteUnits: 200}); got != want {
		t.Errorf("counted %+v, want %+v", got, want)
	}
}

func TestUsageIsAddedToTheContextThatCountsIt(t *testing.T) {
	t.Parallel()
	outside := t.Context()
	inside, counted := store.CountUsage(outside)
	store.AddUsage(outside, store.Usage{ReadUnits: 1})
	store.AddUsage(inside, store.Usage{ReadUnits: 2})
	if got, want := counted(), (store.Usage{ReadUnits: 2}); got != want {
		t.Errorf("counted %+v, want %+v", got, want)
	}
}
