package main

import (
	"context"
	"sync"
)

// atOnce runs all of them at once, waits for all of them, and returns the first
// error, which ends the context of the others. If ctx ends it returns why.
func atOnce(ctx context.Context, all ...func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var running sync.WaitGroup
	for _, do := range all {
		running.Go(func() {
			if err := do(ctx); err != nil {
				cancel(err)
			}
		})
	}
	running.Wait()
	return context.Cause(ctx)
}
