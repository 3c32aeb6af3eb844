package localtest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// initTimeout is how long Lambda lets a process initialise.
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
const initTimeout = 10 * time.Second

// errSlowStart is a process that has not initialised in time.
var errSlowStart = errors.New("the function did not initialise in time")

// environment is what Lambda calls an execution environment: a process of a
// function and the Runtime API that it speaks to. One goroutine at a time uses
// it: the one that started it or took it from the idle ones.
type environment struct {
	function *Function
	api      *runtimeAPI
	server   *http.Server
	process  *process
	init     time.Duration // how long it took to initialise; 0 after its first invocation
	warm     bool          // the process waits for its next invocation
	serving  sync.WaitGroup
}

// startEnvironment starts a process and waits until it asks for its first
// invocation. The request id is for the error's text. Its error is errSlowStart
// after timeout.
func (f *Function) startEnvironment(ctx context.Context, id string, timeout time.Duration) (*environment, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("listening for the Runtime API: %w", err)
	}
	api := newRuntimeAPI()
	env := &environment{
		function: f,
		api:      api,
		server:   &http.Server{Handler: api.handler(), ReadHeaderTimeout: initTimeout},
	}
	env.serving.Go(func() { _ = env.server.Serve(listener) }) // ends by end's Close
	began := time.Now()
	env.process, err = startProcess(f.config.Bootstrap, f.environ(listener.Addr().String()), f.log, f.config.Progress)
	if err != nil {
		env.end()
		return nil, &FunctionError{Type: "Runtime.InvalidEntrypoint", Message: "RequestId: " + id + " Error: " + err.Error()}
	}
	if err := env.initialise(ctx, id, timeout); err != nil {
		env.end()
		return nil, err
	}
	env.init = time.Since(began)
	f.config.Progress(fmt.Sprintf("process %d started", env.process.pid()))
	return env, nil
}

func (env *environment) initialise(ctx context.Context, id string, timeout time.Duration) error {
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	select {
	case <-env.api.ready:
		env.warm = true
		return nil
	case failure := <-env.api.initErr:
		return failure // without waiting for the exit that follows
	case <-env.process.exited:
		return exitError(id, env.process.exitReason())
	case <-timer.C:
		env.kill(fmt.Sprintf("it did not initialise within %v", timeout))
		return errSlowStart
	case <-env.function.closed:
		return ErrClosed
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// run hands inv to the process, which writes its answer to inv, in time. It
// returns when the process has asked for its next invocation, or is of no more
// use: between its answer and that question it may still be at work, or about to
// exit after a panic. The error is nil if the answer is complete. taken is false
// if the process had ended before it could take inv.
func (env *environment) run(inv *invocation, timeout time.Duration) (taken bool, err error) {
	env.warm = false
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	inv.deadline = time.Now().Add(timeout)
	if taken, err := env.deliver(inv, timer.C); !taken || err != nil {
		return taken, err
	}
	err = errBrokenOff // until there is an answer that is not
	var (
		ready    <-chan struct{} // nil until there is an answer
		exited   = env.process.exited
		answered bool
	)
	for {
		select {
		case err = <-env.api.answered:
			answered = true
			ready = env.api.ready
			exited = env.process.exited
		case <-ready:
			env.warm = true
			env.process.output.settle()
			return true, err
		case <-exited:
			if !answered && env.api.hasBegun() {
				exited = nil // what it has written, be it an answer or an error, is still on its way
				continue
			}
			return true, unless(err, exitError(inv.id, env.process.exitReason()))
		case <-timer.C:
			if answered {
				env.kill(fmt.Sprintf("it answered, but asked for no further invocation within %v", timeout))
			} else {
				env.kill(fmt.Sprintf("it took longer than %v", timeout))
			}
			return true, unless(err, env.late(inv))
		case <-env.function.closed:
			return true, unless(err, ErrClosed)
		}
	}
}

// unless returns how an answer ended, or why it did not.
func unless(ended, why error) error {
	if errors.Is(ended, errBrokenOff) {
		return why
	}
	return ended
}

// deliver reports whether the process took inv; if not, it has ended, or is to.
// One that has asked for it, lost its connection and does not ask again, has as
// long as one that does not answer.
func (env *environment) deliver(inv *invocation, late <-chan time.Time) (taken bool, err error) {
	env.process.output.begin(inv.id)
	env.api.expect(inv)
	for {
		select {
		case <-env.process.dead: // while its Runtime API has not noticed
			<-env.process.exited
			return false, nil
		default:
		}
		select {
		case env.api.deliver <- inv:
			return true, nil
		case <-env.api.ready: // it had lost its connection and asks anew
		case <-env.process.exited:
			return false, nil
		case <-late:
			env.kill("it asked for an invocation, and did not take it in time")
			return true, env.late(inv)
		case <-env.function.closed:
			return false, nil
		}
	}
}

// late is what Lambda says of an invocation that had its time.
func (env *environment) late(inv *invocation) error {
	return timeoutError(inv.id, env.function.config.Timeout)
}

func (env *environment) kill(why string) {
	env.function.config.Progress(fmt.Sprintf("process %d killed: %s", env.process.pid(), why))
	env.process.kill()
	<-env.process.exited
}

// end kills the process, if it still runs, and returns when nothing of the
// environment is left.
func (env *environment) end() {
	if env.process != nil {
		env.process.kill()
		<-env.process.exited
	}
	_ = env.server.Close()
	env.serving.Wait()
}
