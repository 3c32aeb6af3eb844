package localtest

import (
	"context"
	"time"
)

// Report is what became of one invocation, as Lambda's REPORT line says it.
type Report struct {
	RequestID string // as the function knows it
	TraceID   string // the X-Ray header that the function was given, in full
	Process   int    // which process answered, or failed to; 0 if none could be started

	// Init is how long the process took from its start until it was ready, if this
	// was its first invocation: then that was a cold one. Else it is 0.
	Init     time.Duration
	Duration time.Duration // from the invocation until the process asked for its next one, or ended

	Err error // what Invoke returns to a caller that waits for it
}

// report tells what became of inv, whose caller may be gone.
func (f *Function) report(ctx context.Context, r Report) {
	if f.config.Report != nil {
		f.config.Report(context.WithoutCancel(ctx), r)
	}
}
