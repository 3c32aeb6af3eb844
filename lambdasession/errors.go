package lambdasession

import (
	"errors"
	"fmt"

	"github.com/lambdasession/lambdasession-go/store"
)

var (
	// ErrNoManager: the context does not come from a wrapped handler.
	ErrNoManager = errors.New("lambdasession: no session in this context: wrap the handler with lambdasession.Wrap or Manager.Handler, and hand its context on")

	// ErrCommitted: the response has begun, so the session can no longer be
	// changed, nor be used for the first time.
	ErrCommitted = errors.New("lambdasession: the response has begun: use the session before writing to it")

	// ErrUnavailable: the store could not answer. It is never taken for "no
	// session". Goes out as 503.
	ErrUnavailable = errors.New("session store could not answer")

	// ErrEnded: the session was renewed, logged out or revoked while the
	// request was under way. Goes out as 409.
	ErrEnded = store.ErrEnded

	// ErrConflict: parallel requests kept changing the same field. Goes out
	// as 409.
	ErrConflict = errors.New("session was changed by parallel requests")

	// ErrTooLarge: the session would be larger than Config.MaxBytes or than
	// the store can hold. Goes out as 500.
	ErrTooLarge = store.ErrTooLarge

	// ErrUnsupported: the store cannot list or revoke sessions.
	ErrUnsupported = store.ErrUnsupported

	// ErrCrossOrigin: another site sent this request. Goes out as 403.
	ErrCrossOrigin = errors.New("cross-origin request with a session")
)

// errInsideUpdate: an Update function used the session it is updating.
var errInsideUpdate = errors.New("an Update function must not use the session: it may run again on newer values")

// A FieldError tells that a field's stored value does not fit the field's
// type, such as after a deployment that changed it. The rest of the session is
// sound. Its text leaves out that of Err, which may quote the value.
type FieldError struct {
	Field string
	Err   error
}

func (e *FieldError) Error() string {
	return fmt.Sprintf("lambdasession: stored value of field %q does not fit its type: %T", e.Field, e.Err)
}

func (e *FieldError) Unwrap() error { return e.Err }

// codecError is a codec's error, whose text may quote the value. It prints as
// its type.
type codecError struct{ err error }

func (e *codecError) Error() string { return fmt.Sprintf("%T", e.err) }

func (e *codecError) Unwrap() error { return e.err }

// operationError is what every failed operation of a session returns, so that
// Wrap knows it again when a handler hands it on.
type operationError struct {
	operation string // such as "get", or "commit"
	field     string // may be empty
	err       error
}

func (e *operationError) Error() string {
	if e.field == "" {
		return fmt.Sprintf("lambdasession: %s: %v", e.operation, e.err)
	}
	return fmt.Sprintf("lambdasession: %s field %q: %v", e.operation, e.field, e.err)
}

func (e *operationError) Unwrap() error { return e.err }

// isSessionError reports whether err came from an operation of a session or a
// manager.
func isSessionError(err error) bool {
	_, operation := errors.AsType[*operationError](err)
	_, field := errors.AsType[*FieldError](err)
	return operation || field || errors.Is(err, ErrCommitted) || errors.Is(err, ErrNoManager) || errors.Is(err, ErrCrossOrigin)
}

// classify turns a store's error into one of this package's: what the contract
// does not name means that the store could not answer.
func classify(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrUnavailable), errors.Is(err, ErrConflict), errors.Is(err, store.ErrNotFound),
		errors.Is(err, store.ErrEnded), errors.Is(err, store.ErrTooLarge), errors.Is(err, store.ErrUnsupported),
		is[*store.ConflictError](err), is[*store.DecodeError](err), is[*store.InvalidError](err):
		return err
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}
