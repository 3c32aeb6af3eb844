package localtest

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// initTimeout is how long Lambda lets a process initialise.
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
const initTimeout = 10 * time.Second

// environment is what Lambda calls an execution environment: a process of a
// function and the Runtime API that it speaks to. One goroutine at a time uses
// it: the one that started it or took it from the idle ones.
type environment struct {
	function *Function
	api      *runtimeAPI
	server   *http.Server
	process  *process
	warm     bool // the process waits for its next invocation
	serving  sync.WaitGroup
}

// startEnvironment starts a process and waits until it asks for its first
// invocation. The request id is for the error's text.
func (f *Function) startEnvironment(ctx context.Context, id string) (*environment, error) {
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
	env.process, err = startProcess(f.config.Bootstrap, f.environ(listener.Addr().String()), f.log, f.config.Progress)
	if err != nil {
		env.end()
		return nil, &FunctionError{Type: "Runtime.InvalidEntrypoint", Message: "RequestId: " + id + " Error: " + err.Error()}
	}
	if err := env.initialise(ctx, id); err != nil {
		env.end()
		return nil, err
	}
	f.config.Progress(fmt.Sprintf("process %d started", env.process.pid()))
	return env, nil
}

func (env *environment) initialise(ctx context.Context, id string) error {
	timer := time.NewTimer(initTimeout)
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
		return timeoutError(id, initTimeout)
	case <-env.function.closed:
		return ErrClosed
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// run hands inv to the process and returns its answer, in time. It returns when
// the process has asked for its next invocation, or is of no more use: between
// its answer and that question it may still be at work, or about to exit after a
// panic. taken is false if the process had ended before it could take inv.
func (env *environment) run(inv *invocation) (a answer, taken bool) {
	env.warm = false
	timeout := env.function.config.Timeout
	if !env.deliver(inv, timeout) {
		return answer{}, false
	}
	timer := time.NewTimer(timeout)
	defer timer.Stop()
	select {
	case a = <-env.api.answers:
	case <-env.process.exited:
		return env.lastAnswer(inv.id), true
	case <-timer.C:
		env.kill(fmt.Sprintf("it took longer than %v", timeout))
		return answer{err: timeoutError(inv.id, timeout)}, true
	case <-env.function.closed:
		return answer{err: ErrClosed}, true
	}
	select {
	case <-env.api.ready:
		env.warm = true
	case <-env.process.exited:
	case <-timer.C:
		env.kill(fmt.Sprintf("it answered, but asked for no further invocation within %v", timeout))
	case <-env.function.closed:
	}
	return a, true
}

// deliver reports whether the process took inv; if not, it has ended.
func (env *environment) deliver(inv *invocation, timeout time.Duration) bool {
	for {
		inv.deadline = time.Now().Add(timeout)
		select {
		case env.api.deliver <- inv:
			return true
		case <-env.api.ready: // it had lost its connection and asks anew
		case <-env.process.exited:
			return false
		}
	}
}

// lastAnswer is the answer of a process that has ended: after a panic it
// reports the panic and then exits.
func (env *environment) lastAnswer(id string) answer {
	select {
	case a := <-env.api.answers:
		return a
	default:
		return answer{err: exitError(id, env.process.exitReason())}
	}
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
