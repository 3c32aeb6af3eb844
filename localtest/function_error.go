package localtest

import (
	"errors"
	"fmt"
	"time"
)

// ErrClosed is returned by [Function.Invoke] once the function was closed or
// shut down, and for the invocations that Close cut off.
var ErrClosed = errors.New("the function is closed")

// ErrPayloadTooLarge is returned by [Function.Invoke] for an event that Lambda
// would not take. The function does not get to see it.
var ErrPayloadTooLarge = errors.New("the payload is too large")

// FunctionError is an invocation that ended without a response, or in the middle
// of one: the function returned an error, panicked, exited, or took too long. Type
// and Message are the errorType and errorMessage that Lambda answers its caller
// with:
//
//	Type                           when
//	errorString, MyError, ...      the handler, or a reader that it returned, failed: the name of the error's Go type
//	Runtime.ExitError              the process ended before it answered, or in the middle of its answer
//	Runtime.TruncatedResponse      it broke its answer off, and lives
//	Runtime.InvalidEntrypoint      the bootstrap cannot be started
//	Sandbox.Timedout               the function did not answer, or did not start, in time
//	Function.ResponseSizeTooLarge  the answer is larger than Lambda takes
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
