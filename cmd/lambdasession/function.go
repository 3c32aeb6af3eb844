package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"
	"sync"

	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/console"
	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/template"
	"github.com/lambdasession/lambdasession-go/localtest"
)

// function is a function of the template with the program that runs it now.
// Invocations go to that one; those under way when it changes end where they
// began.
type function struct {
	template.Function
	out     *terminal
	journal *console.Journal
	env     map[string]string // over the template's
	oneOnly bool              // one process alone, since each has sessions of its own

	retiring sync.WaitGroup // versions that are not current any more

	mu      sync.Mutex
	current *version // guarded by mu
}

var _ localtest.StreamInvoker = (*function)(nil)

// version is a program of a function, running.
type version struct {
	*localtest.Function
	program program
	users   sync.WaitGroup // invocations of it; those who add to it hold function.mu
}

// start starts a first process of a program and returns when that is
// initialised. Step is told of it.
func (f *function) start(ctx context.Context, p program, step *step) (*version, error) {
	config := localtest.FunctionConfig{
		Name:      f.Name,
		Bootstrap: p.bootstrap,
		Env:       maps.Clone(f.Env),
		Handler:   f.Handler,
		Timeout:   f.Timeout,
		MemoryMB:  f.MemoryMB,
		LogFormat: f.LogFormat,
		Log:       f.log,
		Report:    f.journal.Report,
		Progress: func(line string) {
			if !step.add(line) {
				f.out.printf("  %s: %s", f.ID, line)
			}
		},
	}
	if config.Env == nil {
		config.Env = map[string]string{}
	}
	maps.Copy(config.Env, f.env)
	if f.oneOnly {
		config.MaxProcesses = 1
	}
	running, err := localtest.StartFunction(ctx, config)
	if err != nil {
		if _, failed := errors.AsType[*localtest.FunctionError](err); failed {
			return nil, err
		}
		// What is wrong with its settings is said in the words of their Go names.
		return nil, errors.New(strings.ReplaceAll(err.Error(), "localtest: FunctionConfig.", f.ID+": "))
	}
	return &version{Function: running, program: p}, nil
}

// startFirst starts the first version, as a step of its own.
func (f *function) startFirst(ctx context.Context, p program) error {
	step := f.out.begin("starting " + f.ID)
	first, err := f.start(ctx, p, step)
	step.end(err)
	if err != nil {
		return err
	}
	f.swap(ctx, first)
	return nil
}

// log prints a line of a process, with as much of the invocation's id as it
// takes to tell one from another. What visitors sent may be in it.
func (f *function) log(requestID, line string) {
	who := f.ID
	if requestID != "" {
		who += " " + requestID[:min(8, len(requestID))]
	}
	f.out.printf("%s%s", f.out.paint(dim, who+" | "), escape(line))
}

// use returns the current version, for one invocation: the caller says when it
// is over.
func (f *function) use() *version {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.current.users.Add(1)
	return f.current
}

// Invoke invokes the current version.
func (f *function) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	v := f.use()
	defer v.users.Done()
	answer, err := v.Invoke(ctx, payload)
	return answer, f.tell(err)
}

// InvokeStream invokes the current version.
func (f *function) InvokeStream(ctx context.Context, payload []byte, pass func(contentType string, answer io.Reader) error) error {
	v := f.use()
	defer v.users.Done()
	return f.tell(v.InvokeStream(ctx, payload, pass))
}

// tell shows why an invocation failed: the gateway answers the browser with as
// little as the real one does.
func (f *function) tell(err error) error {
	if err != nil && !errors.Is(err, localtest.ErrClosed) {
		f.out.printf("  %s: %s", f.ID, f.out.paint(red, escape(err.Error())))
	}
	return err
}

// swap makes next the current version. The one before ends when nobody needs it
// any more, or when ctx ends.
func (f *function) swap(ctx context.Context, next *version) {
	f.mu.Lock()
	before := f.current
	f.current = next
	f.mu.Unlock()
	if before == nil {
		return
	}
	f.retiring.Go(func() {
		stop := context.AfterFunc(ctx, func() { _ = before.Close() })
		defer stop()
		before.users.Wait()      // also those that wait for a process of it
		_ = before.Shutdown(ctx) // and those whose caller has gone
		before.program.remove()
	})
}

// isRunning reports whether the program is the one that runs.
func (f *function) isRunning(p program) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.current != nil && f.current.program.sum == p.sum
}

// Close ends the current version, with the invocations under way, and waits for
// those before it: the context given to swap has ended.
func (f *function) Close() error {
	f.mu.Lock()
	current := f.current
	f.mu.Unlock()
	var err error
	if current != nil {
		if err = current.Close(); err != nil {
			err = fmt.Errorf("ending %s: %w", f.ID, err)
		}
	}
	f.retiring.Wait()
	return err
}
