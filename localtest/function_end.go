package localtest

import "context"

// Shutdown ends the function without cutting anything off. Further invocations
// fail with [ErrClosed] at once, and so do those that wait for their turn; those
// under way end as they would. Then Shutdown ends the processes and returns nil.
// If ctx ends before that it closes the function at once, as Close does, and
// returns ctx's error.
func (f *Function) Shutdown(ctx context.Context) error {
	f.stop()
	over := make(chan struct{})
	go func() {
		defer close(over)
		f.running.Wait()
	}()
	var err error
	select {
	case <-over:
	case <-ctx.Done():
		err = context.Cause(ctx)
	}
	_ = f.Close() // always nil
	<-over
	return err
}

// Close ends every process of the function, and the invocations under way with
// it, and returns when all of them are gone. It always returns nil.
func (f *Function) Close() error {
	f.stop()
	f.mu.Lock()
	if !f.isClosed {
		f.isClosed = true
		close(f.closed)
	}
	f.mu.Unlock()
	f.running.Wait()
	for env := f.takeIdle(); env != nil; env = f.takeIdle() {
		env.end()
	}
	return nil
}

// stop takes no further invocations.
func (f *Function) stop() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.isStopped {
		f.isStopped = true
		close(f.stopped)
	}
}
