package localtest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"
)

// FunctionConfig says how to run a function. Name and Bootstrap are required.
type FunctionConfig struct {
	Name      string // its name on Lambda
	Bootstrap string // path of the executable, built for this machine

	// Env is the function's environment, beside what Lambda sets in every
	// function. What Lambda reserves for itself is an error, but for credentials:
	// those that a function sees are made up, unless Env brings others. Nothing of
	// this process's own environment is handed down.
	Env map[string]string

	Handler      string        // what _HANDLER says; "bootstrap" if empty
	Timeout      time.Duration // how long one invocation may take; 3 s if zero, as on Lambda
	MemoryMB     int           // told to the function, not enforced; 128 if zero, as on Lambda
	MaxProcesses int           // how many invocations run at once; 10 if zero, as in a new AWS account

	LogFormat string // "Text" or "JSON", told to the function; "Text" if empty, as on Lambda

	// Log is handed what the processes print, a line at a time and without its
	// end, and the request id of the invocation during which they did; outside of
	// one that is empty. All lines of an invocation come before its Report. A line
	// of more than 1 MiB comes in parts. Log may be nil; it is called by one goroutine
	// at a time.
	Log func(requestID, line string)

	// Report is told what became of each invocation, once: before Invoke returns,
	// or, if its caller has given up, when it has ended. What was not begun is not
	// reported: it failed with ErrClosed, ErrPayloadTooLarge or ctx's error while it
	// waited. The context has the values of the caller's and never ends. Report may
	// be nil, is called by several goroutines, and must not invoke the function.
	Report func(context.Context, Report)

	Progress func(string) // told, in words, when a process starts or ends; may be nil. Called from several goroutines

	initTimeout time.Duration // how long a process may initialise; 10 s if zero, as on Lambda
}

// complete returns c with its defaults filled in, or says all that is wrong with
// it.
func (c FunctionConfig) complete() (FunctionConfig, error) {
	var problems []error
	if c.Name == "" {
		problems = append(problems, errors.New("localtest: FunctionConfig.Name is empty; put the function's name there"))
	}
	if c.Bootstrap == "" {
		problems = append(problems, errors.New("localtest: FunctionConfig.Bootstrap is empty; put the path of the built program there"))
	}
	if c.Timeout < 0 || c.MemoryMB < 0 || c.MaxProcesses < 0 {
		problems = append(problems, fmt.Errorf("localtest: FunctionConfig has the Timeout %v, MemoryMB %d and MaxProcesses %d; none may be negative, and zero is the default", c.Timeout, c.MemoryMB, c.MaxProcesses))
	}
	if !slices.Contains([]string{"", "Text", "JSON"}, c.LogFormat) {
		problems = append(problems, fmt.Errorf("localtest: FunctionConfig.LogFormat is %q; it may be Text or JSON", c.LogFormat))
	}
	if err := checkEnv(c.Env); err != nil {
		problems = append(problems, err)
	}
	if len(problems) > 0 {
		return c, errors.Join(problems...)
	}
	bootstrap, err := filepath.Abs(c.Bootstrap) // it is started in its own folder
	if err != nil {
		return c, fmt.Errorf("localtest: FunctionConfig.Bootstrap: %w", err)
	}
	c.Bootstrap = bootstrap
	c.Handler = cmp.Or(c.Handler, "bootstrap")
	c.Timeout = cmp.Or(c.Timeout, 3*time.Second)
	c.MemoryMB = cmp.Or(c.MemoryMB, 128)
	c.MaxProcesses = cmp.Or(c.MaxProcesses, 10)
	c.LogFormat = cmp.Or(c.LogFormat, "Text")
	c.initTimeout = cmp.Or(c.initTimeout, initTimeout)
	if c.Progress == nil {
		c.Progress = func(string) {}
	}
	return c, nil
}
