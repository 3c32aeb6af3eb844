package lambdasession

import (
	"fmt"

	"github.com/lambdasession/lambdasession-go/store"
)

// A Field is one named, typed value in a session. Make it once, as a package
// variable:
//
//	var cart = lambdasession.NewField[Cart]("cart")
//
// Only the fields that a request changed are written, so fields that are
// written by different requests belong apart, and what must change together
// belongs into one.
//
// The methods return [ErrUnavailable] if the store could not answer, a
// *[FieldError] if what is stored does not fit T, [ErrCommitted] if the
// response has begun, and [ErrNoManager] outside a wrapped handler.
type Field[T any] struct {
	name string
}

// NewField names a field. It panics if the name is not 1 to 64 bytes of UTF-8.
func NewField[T any](name string) Field[T] {
	if err := store.CheckFieldName(name); err != nil {
		panic(fmt.Sprintf("lambdasession.NewField: %v", err))
	}
	return Field[T]{name}
}

// Get returns a copy of the field's value, or the zero T if it is absent.
func (f Field[T]) Get(s *Session) (T, error) {
	v, _, err := f.Lookup(s)
	return v, err
}

// Lookup returns a copy of the field's value and whether there is one.
func (f Field[T]) Lookup(s *Session) (T, bool, error) {
	var raw []byte
	err := s.read("get", f.name, func(x *Exchange) (err error) {
		raw, err = x.value(s.ctx, f.name)
		return err
	})
	if err != nil || raw == nil {
		var zero T
		return zero, false, err
	}
	v, err := f.decode(s.x.m.cfg.Codec, raw)
	return v, err == nil, err
}

// Set writes the field, whatever it holds: of several requests at once the
// last one wins, on this field alone. A value that cannot be encoded fails
// here, and if the error is ignored, again at commit.
func (f Field[T]) Set(s *Session, v T) error {
	return s.write("set", f.name, func(x *Exchange) error {
		raw, err := f.encode(x.m.cfg.Codec, v)
		if err == nil {
			err = x.fits(f.name, raw)
		}
		if err == nil {
			x.edits.add(op{kind: opSet, field: f.name, value: raw})
		}
		return err
	})
}

// Update replaces the field's value by what fn makes of it, losing no parallel
// update: if another request changes the field before this one is saved, fn
// runs again on the newer value. So fn must depend on its argument alone, must
// not use the session, and may run more than once; if it fails when it runs
// again, nothing is saved and the response is a 409. What is derived from the
// value belongs into the same Update.
//
// Update returns fn's value as of now. An error of fn is returned as it is and
// changes nothing.
func (f Field[T]) Update(s *Session, fn func(T) (T, error)) (T, error) {
	var now T
	err := s.update(f.name, func(old []byte) ([]byte, error) {
		var v T
		var err error
		if old != nil {
			if v, err = f.decode(s.x.m.cfg.Codec, old); err != nil {
				return nil, err
			}
		}
		if v, err = fn(v); err != nil {
			return nil, &refusal{err}
		}
		raw, err := f.encode(s.x.m.cfg.Codec, v)
		if err == nil {
			now = v
		}
		return raw, err
	})
	if err != nil {
		var zero T
		return zero, err
	}
	return now, nil
}

// refusal is the error of an Update's own function.
type refusal struct{ err error }

func (r *refusal) Error() string { return r.err.Error() }

func (r *refusal) Unwrap() error { return r.err }

func (s *Session) update(field string, apply func([]byte) ([]byte, error)) error {
	x, err := s.enter()
	if err != nil {
		return s.refused("update", field, err)
	}
	defer x.mu.Unlock()
	old, err := x.value(s.ctx, field)
	if x.phase != open { // perhaps since
		return ErrCommitted
	}
	if err != nil {
		return x.wrote("update", field, err)
	}
	value, err := x.apply(apply, old)
	if refused, ok := err.(*refusal); ok { //nolint:errorlint // as it came: a wrapped one is somebody else's
		return refused.err
	}
	if err == nil {
		err = x.fits(field, value)
	}
	if err == nil {
		x.edits.add(op{kind: opUpdate, field: field, old: old, value: value, apply: apply})
	}
	return x.wrote("update", field, err)
}

// fits reports a value that is too large for any session. One that was as
// large when it was loaded may stay so, and shrink.
func (x *Exchange) fits(field string, value []byte) error {
	size, most := len(field)+len(value), x.m.cfg.MaxBytes
	if size > most && len(value) > len(x.record().Values[field]) {
		return fmt.Errorf("%w: %d bytes, and a session has at most %d (Config.MaxBytes)", ErrTooLarge, size, most)
	}
	return nil
}

// apply runs an Update's function without the lock, everyone else waiting.
func (x *Exchange) apply(apply func([]byte) ([]byte, error), old []byte) ([]byte, error) {
	defer x.occupy()() // also if it panics
	return runUpdate(apply, old)
}

// Pop returns the field's value and deletes that value, and no other: one that
// another request sets meanwhile stays. It is for flash messages; two requests
// at once may both get it. A value that does not fit T is dropped as well, with
// a *[FieldError].
func (f Field[T]) Pop(s *Session) (T, error) {
	var raw []byte
	err := s.write("pop", f.name, func(x *Exchange) (err error) {
		raw, err = x.value(s.ctx, f.name)
		switch {
		case err != nil:
		case x.phase != open: // since the store was asked
			err = ErrCommitted
		case raw != nil:
			x.edits.add(op{kind: opPop, field: f.name, value: raw})
		}
		return err
	})
	if err != nil || raw == nil {
		var zero T
		return zero, err
	}
	return f.decode(s.x.m.cfg.Codec, raw)
}

// Delete drops the field, whatever it holds.
func (f Field[T]) Delete(s *Session) error {
	return s.write("delete", f.name, func(x *Exchange) error {
		x.edits.add(op{kind: opDelete, field: f.name})
		return nil
	})
}

func (f Field[T]) decode(codec Codec, raw []byte) (T, error) {
	var v T
	if err := codec.Unmarshal(raw, &v); err != nil {
		var zero T
		return zero, &FieldError{Field: f.name, Err: err}
	}
	return v, nil
}

// encode never returns nil bytes for a value: nil means absent.
func (f Field[T]) encode(codec Codec, v T) ([]byte, error) {
	raw, err := codec.Marshal(v)
	if err != nil {
		return nil, &store.InvalidError{Err: fmt.Errorf("a %T cannot be encoded: %w", v, &codecError{err})}
	}
	if raw == nil {
		raw = []byte{}
	}
	return raw, nil
}
