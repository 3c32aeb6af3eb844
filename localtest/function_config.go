package localtest

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"
)

// FunctionConfig says how to run a function. Name and Bootstrap are required.
type FunctionConfig struct {
	Name      string // its name on Lambda
	Bootstrap string // path of the executable, built for this machine

	// Env is the function's environment, beside what Lambda sets in every
	// function. Nothing of this process's own environment is handed down: the
	// credentials a function sees are made up, unless Env brings others.
	Env map[string]string

	Handler      string        // what _HANDLER says; "bootstrap" if empty
	Timeout      time.Duration // how long one invocation may take; 3 s if zero, as on Lambda
	MemoryMB     int           // told to the function, not enforced; 128 if zero, as on Lambda
	MaxProcesses int           // how many invocations run at once; 10 if zero, as in a new AWS account

	Log      io.Writer    // what the processes print, in whole lines; nil discards it
	Progress func(string) // told, in words, when a process starts or ends; may be nil. Called from several goroutines
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
	if c.Progress == nil {
		c.Progress = func(string) {}
	}
	return c, nil
}
