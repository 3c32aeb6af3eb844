package memstore

import (
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

// A session is what stands under one key: a record and, once the session was
// ended, the mark that takes the record's place.
type session struct {
	record store.Record
	ended  time.Time // when it was ended; zero if it was not
	next   string    // digest of the successor's key, if it was ended by Rotate
}

// check returns nil if the session is live, and otherwise the error of every
// operation on its key. There may be no session at all: e may be nil.
func (e *session) check(now time.Time) error {
	switch {
	case e == nil:
		return store.ErrNotFound
	case e.ended.IsZero() && now.Before(e.record.Expires):
		return nil
	case !e.ended.IsZero() && now.Before(e.ended.Add(store.MarkLifetime)):
		return &store.EndedError{At: e.ended}
	default:
		return store.ErrNotFound // expired, or a mark that has served its time
	}
}

// load returns the record as Load gives it to a caller.
func (e *session) load() store.Record {
	r := e.record.Clone()
	r.Label = ""
	return r
}

// expireAt moves the expiry to t or to the session's end, whichever comes
// first.
func (e *session) expireAt(t time.Time) {
	e.record.Expires = t.Truncate(time.Second)
	if e.record.Expires.After(e.record.Ends) {
		e.record.Expires = e.record.Ends
	}
}

// end leaves a mark in place of the record. Next is the digest of the
// successor's key, or empty.
func (e *session) end(now time.Time, next string) {
	*e = session{ended: now, next: next}
}
