package lambdasession

import (
	"context"
	"fmt"
	"maps"
	"runtime"
	"strings"
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

// A Session is the visitor's session as one request sees it. Get it with
// [From]; its values are read and written by [Field]s. It is safe for
// concurrent use within the request.
//
// Reading loads the session if nothing has yet: one read of the store,
// whoever asks. Writing does no I/O; what was written is seen at once by reads
// of the same request, and saved when the response leaves.
//
// The zero Session returns [ErrNoManager] from every operation.
type Session struct {
	ctx context.Context
	x   *Exchange
}

// Info is what is known of a session besides its values.
type Info struct {
	Subject string         // whose session it is; empty for an anonymous one
	Device  string         // the id of this session among its subject's
	Created time.Time      // zero for a session that is not stored yet
	Expires time.Time      // the idle end, before this request moves it
	Ends    time.Time      // the absolute end
	Fields  map[string]int // the bytes of each field's encoded value
}

// Status tells what a request has done to its session so far.
type Status int

// The states of a session within a request.
const (
	Unchanged Status = iota
	Changed          // fields were written
	Renewed          // it gets a new key, by Renew or SetSubject
	Destroyed        // it was logged out, or revoked by this very request
	Ended            // it was ended a moment ago by another request; known once it was read
)

func (s Status) String() string {
	names := [...]string{"Unchanged", "Changed", "Renewed", "Destroyed", "Ended"}
	if s < 0 || int(s) >= len(names) {
		return fmt.Sprintf("Status(%d)", int(s))
	}
	return names[s]
}

// Subject returns whose session this is, or "" for an anonymous one. Errors:
// [ErrUnavailable].
func (s *Session) Subject() (string, error) {
	var subject string
	err := s.read("subject", "", func(x *Exchange) error {
		d, err := x.preview(s.ctx)
		subject = d.subject
		return err
	})
	return subject, err
}

// SetSubject signs the visitor in: the session is from now on subject's (1 to
// 1,024 bytes of UTF-8), gets a new key and a new absolute lifetime, and the
// old key dies. An anonymous session keeps its values; one of another subject
// starts empty. The label names the device in listings, such as by the user
// agent; it is cut at 1,024 bytes.
//
// To sign out, use [Session.Destroy].
func (s *Session) SetSubject(subject, label string) error {
	return s.write("set subject", "", func(x *Exchange) error {
		if err := store.CheckSubject(subject); err != nil {
			return &store.InvalidError{Err: err}
		}
		x.edits.add(op{
			kind: opSignIn, subject: subject, device: store.NewDeviceID(),
			label: strings.ToValidUTF8(label[:min(len(label), store.MaxLabel)], ""),
		})
		return nil
	})
}

// Info returns what is known of the session. Errors: [ErrUnavailable].
func (s *Session) Info() (Info, error) {
	var info Info
	err := s.read("info", "", func(x *Exchange) error {
		d, err := x.preview(s.ctx)
		if err != nil {
			return err
		}
		info = Info{Subject: d.subject, Device: d.device, Fields: make(map[string]int, len(d.values))}
		if x.base != nil {
			info.Created, info.Expires, info.Ends = x.base.Created, x.base.Expires, x.base.Ends
		}
		for name, value := range d.values {
			info.Fields[name] = len(value)
		}
		return nil
	})
	return info, err
}

// Renew gives the session a new key when the response leaves: the old one
// dies. Call it when the visitor's rights change; [Session.SetSubject] does so
// by itself. A session that is not stored yet has nothing to renew.
func (s *Session) Renew() error {
	return s.write("renew", "", func(x *Exchange) error {
		x.edits.renew = true
		return nil
	})
}

// Clear drops every field. The session itself goes on, subject included.
func (s *Session) Clear() error {
	return s.write("clear", "", func(x *Exchange) error {
		x.edits.add(op{kind: opClear})
		maps.DeleteFunc(x.failed, func(w written, _ error) bool { return w.field != "" })
		return nil
	})
}

// Destroy ends the session, in the store when the response leaves, and takes
// the cookie away. It works even if the session could not be read. What is set
// afterwards in the same request belongs to a new session.
func (s *Session) Destroy() error {
	x, err := s.enter()
	if err != nil {
		return s.refused("destroy", "", err)
	}
	defer x.mu.Unlock()
	if x.phase != open {
		return ErrCommitted
	}
	if !x.key.IsZero() {
		x.doomed = x.key
	}
	x.forget()
	x.destroyed = true
	return nil
}

// forget turns the exchange to a new, empty session. Callers hold x.mu.
func (x *Exchange) forget() {
	x.key, x.base, x.ended, x.failure = store.Key{}, nil, nil, nil
	x.loading, x.loaded = nil, true
	x.edits, x.failed = edits{}, nil
}

// Status tells what the request has done to its session so far, without I/O.
func (s *Session) Status() Status {
	x, err := s.enter()
	if err != nil {
		return Unchanged
	}
	defer x.mu.Unlock()
	switch {
	case x.destroyed:
		return Destroyed
	case x.ended != nil:
		return Ended
	case x.edits.renew:
		return Renewed
	case x.changed():
		return Changed
	default:
		return Unchanged
	}
}

// changed reports whether the edits come to anything.
func (x *Exchange) changed() bool {
	if !x.loaded || x.base == nil {
		return len(x.edits.ops) > 0
	}
	d, err := x.edits.fold(*x.base)
	if err != nil {
		return true
	}
	_, changed := d.changes(*x.base)
	return changed
}

// preview is the session as the edits would have it, loaded if need be.
func (x *Exchange) preview(ctx context.Context) (draft, error) {
	if err := x.loadUndisturbed(ctx); err != nil {
		return draft{}, err
	}
	return x.edits.fold(x.record())
}

// record is the loaded record, or that of a new session.
func (x *Exchange) record() store.Record {
	if x.base == nil {
		return store.Record{}
	}
	return *x.base
}

// value returns the current bytes of a field, nil if it is absent. It loads
// the session only if what the request has written does not answer.
func (x *Exchange) value(ctx context.Context, field string) ([]byte, error) {
	if value, known := x.edits.lookup(field); known {
		return value, x.failure
	}
	if err := x.loadUndisturbed(ctx); err != nil {
		return nil, err
	}
	// While the store was asked, another goroutine may have written.
	if value, known := x.edits.lookup(field); known {
		return value, nil
	}
	if _, signedIn := x.edits.signIn(); signedIn {
		d, err := x.edits.fold(x.record())
		return d.values[field], err
	}
	return x.record().Values[field], nil
}

// loadUndisturbed makes the record known and returns at a moment when no
// Update's function and no commit is at work.
func (x *Exchange) loadUndisturbed(ctx context.Context) error {
	for {
		if err := x.load(ctx); err != nil {
			return err
		}
		if x.busy == nil {
			return nil
		}
		busy := x.busy
		x.mu.Unlock()
		err := wait(ctx, busy)
		x.mu.Lock()
		if err != nil {
			return err
		}
	}
}

// read runs look on the exchange, locked.
func (s *Session) read(operation, field string, look func(*Exchange) error) error {
	x, err := s.enter()
	if err == nil {
		defer x.mu.Unlock()
		if x.phase != open && !x.loaded {
			return ErrCommitted // nothing is asked of the store after the response
		}
		err = look(x)
	}
	if err != nil {
		return &operationError{operation: operation, field: field, err: err}
	}
	return nil
}

// write runs change on the exchange, locked. If it fails, that stays with the
// session: the commit will fail too, unless a later write of the same kind
// goes well.
func (s *Session) write(operation, field string, change func(*Exchange) error) error {
	x, err := s.enter()
	if err != nil {
		return s.refused(operation, field, err)
	}
	defer x.mu.Unlock()
	if x.phase != open {
		return ErrCommitted
	}
	if err = x.failure; err == nil {
		err = change(x)
	}
	return x.wrote(operation, field, err)
}

// written is what a write was about: a field, or for the operations that are
// about none, the operation.
type written struct{ operation, field string }

// wrote keeps in mind how a write went. Callers hold x.mu.
func (x *Exchange) wrote(operation, field string, err error) error {
	what := written{field: field}
	if field == "" {
		what.operation = operation
	}
	if err == nil {
		delete(x.failed, what)
		return nil
	}
	if !is[*FieldError](err) {
		err = &operationError{operation: operation, field: field, err: err}
	}
	if x.failed == nil {
		x.failed = map[written]error{}
	}
	x.failed[what] = err
	return err
}

// refused is wrote for a write that did not get as far as the exchange.
func (s *Session) refused(operation, field string, err error) error {
	if s.x == nil {
		return &operationError{operation: operation, field: field, err: err}
	}
	s.x.mu.Lock()
	defer s.x.mu.Unlock()
	return s.x.wrote(operation, field, err)
}

// enter locks the exchange once no Update's function and no commit is at work
// on it.
func (s *Session) enter() (*Exchange, error) {
	x := s.x
	if x == nil {
		return nil, ErrNoManager
	}
	x.mu.Lock()
	for x.busy != nil {
		busy := x.busy
		x.mu.Unlock()
		if insideUpdate() {
			return nil, errInsideUpdate
		}
		if err := wait(s.ctx, busy); err != nil {
			return nil, err
		}
		x.mu.Lock()
	}
	if !x.used && x.phase != open {
		x.mu.Unlock()
		return nil, ErrCommitted
	}
	x.used = true
	x.locate()
	return x, nil
}

// occupy makes everyone else wait until the returned function is called.
// Callers hold x.mu and release it meanwhile.
func (x *Exchange) occupy() (release func()) {
	busy := make(chan struct{})
	x.busy = busy
	x.mu.Unlock()
	return func() {
		x.mu.Lock()
		x.busy = nil
		close(busy)
	}
}

// runUpdate is on the stack of whoever is inside an Update function.
//
//go:noinline
func runUpdate(apply func([]byte) ([]byte, error), old []byte) ([]byte, error) { return apply(old) }

// insideUpdate reports whether the calling goroutine is inside an Update
// function, which would wait for itself. It walks the stack, but only when the
// session is busy.
func insideUpdate() bool {
	pcs := make([]uintptr, 512)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	for {
		frame, more := frames.Next()
		if strings.HasSuffix(frame.Function, "/lambdasession.runUpdate") {
			return true
		}
		if !more {
			return false
		}
	}
}
