package localtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// Function runs a function's bootstrap as Lambda does: the program starts once
// and is handed one event after the other over the Runtime API, one at a time.
// When it is busy another process is started, up to MaxProcesses; further
// invocations wait. Idle processes stay warm. One that ended is replaced at the
// next invocation that needs it.
//
// A Function is a [StreamInvoker] and safe for concurrent use. Close it, or shut
// it down, when done: it owns processes. Should this process die without that,
// even by SIGKILL, the function's processes die as well.
type Function struct {
	config FunctionConfig
	arn    string
	log    *lineLog
	busy   chan struct{} // holds a token for every invocation under way

	stopped chan struct{} // no further invocations
	closed  chan struct{} // and those under way are cut off

	mu        sync.Mutex
	idle      []*environment // ready for an invocation, the most recently used last; guarded by mu
	isStopped bool           // stopped is closed; guarded by mu
	isClosed  bool           // closed is closed; guarded by mu
	running   sync.WaitGroup // invocations under way; mu is held to add to it
}

// StartFunction starts the function's first process and returns when that has
// initialised, so that a function that cannot start is found at once. The
// error is then a [*FunctionError]. ctx bounds the start alone.
//
// A process that has not initialised after 10 seconds is ended, and that is no
// error: as on Lambda, the next invocation starts another.
func StartFunction(ctx context.Context, config FunctionConfig) (*Function, error) {
	config, err := config.complete()
	if err != nil {
		return nil, err
	}
	f := &Function{
		config:  config,
		arn:     "arn:aws:lambda:" + region + ":" + account + ":function:" + config.Name,
		log:     newLineLog(config.Log),
		busy:    make(chan struct{}, config.MaxProcesses),
		stopped: make(chan struct{}),
		closed:  make(chan struct{}),
	}
	env, err := f.startEnvironment(ctx, newRequestID(), config.initTimeout)
	switch {
	case err == nil:
		f.idle = []*environment{env}
	case !errors.Is(err, errSlowStart):
		return nil, fmt.Errorf("starting function %s: %w", config.Name, err)
	}
	return f, nil
}

// Invoke hands payload to a process of the function and returns its answer. It
// fails with a [*FunctionError] if there is none, with [ErrClosed] after Close or
// Shutdown, and with [ErrPayloadTooLarge]. When ctx ends Invoke returns its error,
// but the invocation goes on, as on Lambda; until it ends it counts as one under
// way.
//
// An answer that the function streams comes as a whole, within the limit for
// such.
func (f *Function) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	answer := &wholeAnswer{}
	call, err := f.call(ctx, payload, answer)
	if err != nil {
		return nil, err
	}
	select {
	case <-call.over:
		if call.err != nil {
			return nil, call.err
		}
		return answer.Bytes(), nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// InvokeStream is Invoke for an answer that is handed on while the function
// writes it; see [StreamInvoker]. When pass has returned it waits until the
// invocation has ended, or ctx has. What pass does not read the function
// writes for nobody.
func (f *Function) InvokeStream(ctx context.Context, payload []byte, pass func(contentType string, answer io.Reader) error) error {
	answer := newStreamedAnswer()
	call, err := f.call(ctx, payload, answer)
	if err != nil {
		return err
	}
	defer func() { _ = answer.reader.Close() }()
	var contentType string
	select {
	case contentType = <-answer.begun:
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-call.over:
		select {
		case contentType = <-answer.begun: // both have come
		default:
			return call.err
		}
	}
	err = answer.read(ctx, contentType, pass)
	select {
	case <-call.over:
	case <-ctx.Done():
	}
	return err
}

// call is an invocation as its caller sees it.
type call struct {
	over chan struct{} // closed when it has ended and is reported
	err  error         // what came of it; only after over
}

// call begins an invocation whose answer is written to answer. ctx bounds only
// how long it waits for its turn.
func (f *Function) call(ctx context.Context, payload []byte, answer answerWriter) (*call, error) {
	if len(payload) > lambdaEventBytes {
		return nil, fmt.Errorf("%w: it has %d bytes, and Lambda takes %d", ErrPayloadTooLarge, len(payload), lambdaEventBytes)
	}
	select {
	case f.busy <- struct{}{}:
	case <-f.stopped:
		return nil, ErrClosed
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	inv := &invocation{id: newRequestID(), arn: f.arn, traceID: newTraceID(), payload: payload, answer: answer}
	c := &call{over: make(chan struct{})}
	begun := f.begin(func() {
		defer close(c.over)
		report := Report{RequestID: inv.id, TraceID: inv.traceID}
		c.err = f.run(inv, &report)
		inv.answer.end(c.err)
		report.Err = c.err
		f.report(ctx, report)
	})
	if !begun {
		<-f.busy
		return nil, ErrClosed
	}
	return c, nil
}

// begin runs an invocation in a goroutine that Close waits for, unless f takes
// no more. The caller has put a token into busy, which the goroutine takes out.
func (f *Function) begin(run func()) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.isStopped {
		return false
	}
	f.running.Go(func() {
		defer func() { <-f.busy }()
		run()
	})
	return true
}

// run takes inv to a process, an idle one before a new one: so there are never
// more processes than tokens in busy.
func (f *Function) run(inv *invocation, report *Report) error {
	for {
		env, timeout := f.takeIdle(), f.config.Timeout
		if env == nil {
			var err error
			if env, timeout, err = f.replenish(inv.id); err != nil {
				return err
			}
		}
		began := time.Now()
		taken, err := env.run(inv, timeout)
		if taken {
			report.Process, report.Init, report.Duration = env.process.pid(), env.init, time.Since(began)
			env.init = 0
		}
		if env.warm {
			f.putIdle(env)
		} else {
			env.end()
		}
		if taken {
			return err
		}
	}
}

// replenish starts a process for an invocation, and returns what that has left
// of its time. If the process does not initialise in time then Lambda tries once
// more, and this time within the invocation's.
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
func (f *Function) replenish(id string) (*environment, time.Duration, error) {
	timeout := f.config.Timeout
	env, err := f.startEnvironment(context.Background(), id, f.config.initTimeout)
	if !errors.Is(err, errSlowStart) {
		return env, timeout, err
	}
	began := time.Now()
	env, err = f.startEnvironment(context.Background(), id, timeout)
	if errors.Is(err, errSlowStart) {
		err = timeoutError(id, timeout)
	}
	return env, timeout - time.Since(began), err
}

func (f *Function) takeIdle() *environment {
	f.mu.Lock()
	defer f.mu.Unlock()
	last := len(f.idle) - 1
	if last < 0 {
		return nil
	}
	env := f.idle[last]
	f.idle = f.idle[:last]
	return env
}

func (f *Function) putIdle(env *environment) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.idle = append(f.idle, env)
}
