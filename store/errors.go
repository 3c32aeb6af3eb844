package store

import (
	"errors"
	"fmt"
	"io"
	"time"
)

var (
	// ErrNotFound says that there is no live session under the key.
	ErrNotFound = errors.New("no such session")

	// ErrEnded says that the session was renewed, logged out or revoked a moment ago.
	// It always comes as an *EndedError.
	ErrEnded = errors.New("session ended")

	// ErrTooLarge says that the session is larger than the store can hold.
	ErrTooLarge = errors.New("session too large")

	// ErrUnsupported says that this store cannot do that at all.
	ErrUnsupported = errors.New("not supported by this session store")
)

// An EndedError tells when a session was ended. It is [ErrEnded].
type EndedError struct {
	At time.Time // when it was renewed, logged out or revoked
}

func (e *EndedError) Error() string {
	return fmt.Sprintf("%v at %s", ErrEnded, e.At.UTC().Format(time.RFC3339))
}

// Is reports whether target is [ErrEnded].
func (e *EndedError) Is(target error) bool { return target == ErrEnded }

// A ConflictError tells that a session is not what the writer expected it to
// be, and what it is instead.
type ConflictError struct {
	Current Record
}

func (e *ConflictError) Error() string { return "session was changed by another request" }

// Format prints the error without the record, whatever the verb: its values
// are nobody's business.
func (e *ConflictError) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, e.Error()) }

// A DecodeError tells that what is stored under a key is not a session of a
// format this program knows.
type DecodeError struct {
	Err error
}

func (e *DecodeError) Error() string {
	return fmt.Sprintf("stored session cannot be decoded: %v", e.Err)
}

func (e *DecodeError) Unwrap() error { return e.Err }

// An InvalidError tells that a request can never succeed as it stands.
type InvalidError struct {
	Err error
}

func (e *InvalidError) Error() string { return fmt.Sprintf("invalid session request: %v", e.Err) }

func (e *InvalidError) Unwrap() error { return e.Err }
