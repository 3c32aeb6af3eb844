package storetest

import (
	"bytes"
	"errors"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/store"
)

// wantRecord fails the trial unless the session under key is live and holds
// the record. The revision is the store's own affair.
func (x *trial) wantRecord(key store.Key, want store.Record) {
	x.Helper()
	got := x.load(key)
	if diff := diffRecords(want, got); diff != "" {
		x.Errorf("Load (-want +got):\n%s", diff)
	}
}

// diffRecords compares what was stored with what was loaded, revisions apart.
func diffRecords(stored, loaded store.Record) string {
	stored.Revision = loaded.Revision
	return diff(asLoaded(stored), loaded)
}

// diff compares two records. No values may be a nil map or an empty one.
func diff(want, got store.Record) string {
	return cmp.Diff(want, got, cmp.Comparer(bytes.Equal),
		cmp.FilterValues(func(a, b fields) bool { return len(a)+len(b) == 0 }, cmp.Ignore()))
}

// asLoaded returns what Load gives back of a record that was stored.
func asLoaded(r store.Record) store.Record {
	r.Label = ""
	r.Created = r.Created.Truncate(time.Microsecond)
	r.Ends = r.Ends.Truncate(time.Second)
	r.Expires = r.Expires.Truncate(time.Second)
	return r
}

// wantUnchanged fails the trial unless Load still gives exactly before, its
// revision included.
func (x *trial) wantUnchanged(key store.Key, before store.Record) {
	x.Helper()
	if diff := diff(before, x.load(key)); diff != "" {
		x.Errorf("the session was changed (-before +after):\n%s", diff)
	}
}

// wantNotFound fails the trial unless what gave the error ErrNotFound.
func (x *trial) wantNotFound(what string, err error) {
	x.Helper()
	if !errors.Is(err, store.ErrNotFound) {
		x.Errorf("%s: got %v, want ErrNotFound", what, err)
	}
}

// wantEnded fails the trial unless what gave an *EndedError of that moment.
func (x *trial) wantEnded(what string, err error, at time.Time) {
	x.Helper()
	ended, ok := errors.AsType[*store.EndedError](err)
	if !ok {
		x.Errorf("%s: got %v, want an *EndedError", what, err)
	} else if !ended.At.Equal(at) {
		x.Errorf("%s: ended at %v, want %v", what, ended.At, at)
	}
}

// wantConflict fails the trial unless what gave a *ConflictError that carries
// the record as Load gives it now.
func (x *trial) wantConflict(what string, err error, key store.Key) {
	x.Helper()
	conflict, ok := errors.AsType[*store.ConflictError](err)
	if !ok {
		x.Errorf("%s: got %v, want a *ConflictError", what, err)
	} else if diff := diff(x.load(key), conflict.Current); diff != "" {
		x.Errorf("%s: Current of the *ConflictError is not what Load gives (-Load +Current):\n%s", what, diff)
	}
}

// current returns the record that a *ConflictError carries, an empty one if
// the error is none: wantConflict says so.
func current(err error) store.Record {
	if conflict, ok := errors.AsType[*store.ConflictError](err); ok {
		return conflict.Current
	}
	return store.Record{}
}

// wantInvalid fails the trial unless what gave an *InvalidError.
func (x *trial) wantInvalid(what string, err error) {
	x.Helper()
	if _, ok := errors.AsType[*store.InvalidError](err); !ok {
		x.Errorf("%s: got %v, want an *InvalidError", what, err)
	}
}

// isOutcome reports whether the error is one of package store's, which says
// something of the session. Any other means that the store could not answer.
func isOutcome(err error) bool {
	_, invalid := errors.AsType[*store.InvalidError](err)
	_, conflict := errors.AsType[*store.ConflictError](err)
	_, decode := errors.AsType[*store.DecodeError](err)
	return invalid || conflict || decode || errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrEnded) ||
		errors.Is(err, store.ErrTooLarge) || errors.Is(err, store.ErrUnsupported)
}
