package localtest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"sync"
	"time"
)

// Function runs a function's bootstrap as Lambda does: the program starts once
// and is handed one event after the other over the Runtime API, one at a time.
// When it is busy another process is started, up to MaxProcesses; further
// invocations wait. Idle processes stay warm. One that ended is replaced at the
// next invocation that needs it.
//
// A Function is an [Invoker] and safe for concurrent use. Close it when done:
// it owns processes. Should this process die without closing it, even by
// SIGKILL, the function's processes die as well.
type Function struct {
	config FunctionConfig
	arn    string
	log    *lineLog
	busy   chan struct{} // holds a token for every invocation under way
	closed chan struct{}

	mu      sync.Mutex
	idle    []*environment // ready for an invocation, the most recently used last; guarded by mu
	ended   bool           // closed is closed; guarded by mu
	running sync.WaitGroup // invocations under way; mu is held to add to it
}

// StartFunction starts the function's first process and returns when that has
// initialised, so that a function that cannot start is found at once. The
// error is then a [*FunctionError]. ctx bounds the start alone.
func StartFunction(ctx context.Context, config FunctionConfig) (*Function, error) {
	config, err := config.complete()
	if err != nil {
		return nil, err
	}
	f := &Function{
		config: config,
		arn:    "arn:aws:lambda:" + region + ":" + account + ":function:" + config.Name,
		log:    newLineLog(config.Log),
		busy:   make(chan struct{}, config.MaxProcesses),
		closed: make(chan struct{}),
	}
	env, err := f.startEnvironment(ctx, newRequestID())
	if err != nil {
		return nil, fmt.Errorf("starting function %s: %w", config.Name, err)
	}
	f.idle = []*environment{env}
	return f, nil
}

// Invoke hands payload to a process of the function and returns its answer. It
// fails with a [*FunctionError] if there is none and with [ErrClosed] after
// Close. When ctx ends Invoke returns its error, but the invocation goes on, as
// on Lambda; until it ends it counts as one under way.
func (f *Function) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	select {
	case f.busy <- struct{}{}:
	case <-f.closed:
		return nil, ErrClosed
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
	inv := &invocation{id: newRequestID(), arn: f.arn, traceID: newTraceID(), payload: payload}
	answers := make(chan answer, 1) // buffered: the caller may be gone
	if !f.begin(func() { answers <- f.run(inv) }) {
		<-f.busy
		return nil, ErrClosed
	}
	select {
	case a := <-answers:
		return a.payload, a.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// begin runs an invocation in a goroutine that Close waits for, unless f is
// closed. The caller has put a token into busy, which the goroutine takes out.
func (f *Function) begin(run func()) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ended {
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
func (f *Function) run(inv *invocation) answer {
	for {
		env := f.takeIdle()
		if env == nil {
			var err error
			if env, err = f.startEnvironment(context.Background(), inv.id); err != nil {
				return answer{err: err}
			}
		}
		a, taken := env.run(inv)
		if env.warm {
			f.putIdle(env)
		} else {
			env.end()
		}
		if taken {
			return a
		}
	}
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

// Close ends every process of the function, and the invocations under way with
// it, and returns when all of them are gone. It always returns nil.
func (f *Function) Close() error {
	f.mu.Lock()
	if !f.ended {
		f.ended = true
		close(f.closed)
	}
	f.mu.Unlock()
	f.running.Wait()
	for env := f.takeIdle(); env != nil; env = f.takeIdle() {
		env.end()
	}
	return nil
}

// newRequestID is a random UUID, as Lambda's request ids are.
func newRequestID() string {
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails: crypto/rand ends the program first
	id[6] = id[6]&0x0f | 0x40
	id[8] = id[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}

// newTraceID is an X-Ray header that says "not sampled".
func newTraceID() string {
	var id [20]byte
	_, _ = rand.Read(id[:])
	return fmt.Sprintf("Root=1-%08x-%s;Parent=%s;Sampled=0",
		time.Now().Unix(), hex.EncodeToString(id[:12]), hex.EncodeToString(id[12:]))
}
