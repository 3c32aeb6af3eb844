package localtest

import (
	"errors"
	"fmt"
	"time"
)

// ErrClosed is returned by [Function.Invoke] once the function was closed, and
// for the invocations that Close cut off.
var ErrClosed = errors.New("the function is closed")

// FunctionError is an invocation that ended without a response: the function
// returned an error, panicked, exited, or took too long. Type and Message are
// the errorType and errorMessage that Lambda answers its caller with:
//
//	Type                       when
//	errorString, MyError, ...  the handler returned an error: the name of its Go type
//	Runtime.ExitError          the process ended before it answered
//	Sandbox.Timedout           the function did not answer, or did not start, in time
//	Runtime.InvalidEntrypoint  the bootstrap cannot be started
//
// A panic carries the name of the panic value's type and, as its message, the
// value.
type FunctionError struct {
	Type    string
	Message string
}

func (e *FunctionError) Error() string {
	if e.Type == "" {
		return e.Message
	}
	return e.Type + ": " + e.Message
}

// exitError is what Lambda says of a process that ended before it answered.
func exitError(id, reason string) *FunctionError {
	return &FunctionError{
		Type:    "Runtime.ExitError",
		Message: fmt.Sprintf("RequestId: %s Error: Runtime exited %s", id, reason),
	}
}

// timeoutError is what Lambda says of a task that did not end in time.
func timeoutError(id string, after time.Duration) *FunctionError {
	return &FunctionError{
		Type:    "Sandbox.Timedout",
		Message: fmt.Sprintf("RequestId: %s Error: Task timed out after %.2f seconds", id, after.Seconds()),
	}
}
