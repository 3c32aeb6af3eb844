package redisstore

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

// A hash is what stands under a key: its fields and their values.
type hash map[string]string

// The fields of the store's own hashes.
const (
	fieldCreated = "created" // epoch microseconds
	fieldDevice  = "device"  // id of the subject's device
	fieldEnded   = "ended"   // epoch microseconds; makes the hash a mark
	fieldEnds    = "ends"    // epoch seconds
	fieldExpires = "expires" // epoch seconds
	fieldNext    = "next"    // the successor of a session that was renewed
	fieldRev     = "rev"     // another one after every write
	fieldSubject = "subject"
	fieldTo      = "to"   // the successor to be: makes the hash locked
	fieldToAt    = "toAt" // since when, epoch microseconds
	fieldVersion = "v"    // version of the session's format

	valuePrefix  = "f:" // a field's value
	devicePrefix = "d:" // a device, in its subject's hash
)

// formatVersion is the version of a session's hash that this package writes
// and the only one it reads.
const formatVersion = "1"

// digestLength is the length of a key's digest.
const digestLength = store.KeyLength

// headFields are what readHead needs.
var headFields = []string{
	fieldCreated, fieldDevice, fieldEnded, fieldEnds, fieldExpires, fieldRev,
	fieldSubject, fieldTo, fieldToAt, fieldVersion,
}

// A movingError tells that a session is on its way to another slot: it is
// locked, and lives or has ended by what stands there.
type movingError struct {
	to ref
	at time.Time

	// record and otherwise are what the session is if it has not ended.
	record    store.Record
	otherwise error
}

func (e *movingError) Error() string { return "the session is moving to another slot" }

// read tells what a hash is at the moment now: the record of a live session,
// or the error that every operation on its key gives, or a *movingError. A key
// that is not there is an empty hash.
func read(h hash, now time.Time) (store.Record, error) {
	r, err := readHead(h, now)
	moving, isMoving := errors.AsType[*movingError](err)
	if err != nil && !isMoving {
		return store.Record{}, err
	}
	values := map[string][]byte{}
	for name, v := range h {
		if field, ok := strings.CutPrefix(name, valuePrefix); ok {
			values[field] = []byte(v)
		}
	}
	if isMoving {
		moving.record.Values = values
		return store.Record{}, moving
	}
	r.Values = values
	return r, nil
}

// readHead is read for everything but the values.
func readHead(h hash, now time.Time) (store.Record, error) {
	if len(h) == 0 {
		return store.Record{}, store.ErrNotFound
	}
	if h.isMark() {
		return store.Record{}, checkMark(h, now)
	}
	if _, never := h["never"]; never {
		return store.Record{}, store.ErrNotFound // a sign-in that was given up
	}
	d := decoder{hash: h}
	d.version()
	r := store.Record{
		Subject:  h[fieldSubject],
		Device:   h[fieldDevice],
		Created:  d.micros(fieldCreated),
		Ends:     d.seconds(fieldEnds),
		Expires:  d.seconds(fieldExpires),
		Revision: d.text(fieldRev),
	}
	if (r.Subject == "") != (r.Device == "") {
		d.problem("%s without %s", fieldSubject, fieldDevice)
	}
	if r.Expires.After(r.Ends) {
		d.problem("%s is after %s", fieldExpires, fieldEnds)
	}
	moving := d.lock()
	err := d.err()
	if err != nil {
		return store.Record{}, err
	}
	if !now.Before(r.Expires) {
		err = store.ErrNotFound
	}
	if moving != nil {
		moving.record, moving.otherwise = r, err
		return store.Record{}, moving
	}
	return r, err
}

func (h hash) isMark() bool {
	_, ok := h[fieldEnded]
	return ok
}

// checkMark returns the error of every operation on a key that carries a mark.
// The mark is final: nothing writes to it any more, and Redis removes it.
func checkMark(h hash, now time.Time) error {
	d := decoder{hash: h}
	ended := d.micros(fieldEnded)
	switch err := d.err(); {
	case err != nil:
		return err
	case now.Before(ended.Add(store.MarkLifetime)):
		return &store.EndedError{At: ended}
	default:
		return store.ErrNotFound
	}
}

// A decoder reads the fields of one hash, which anybody may have written, and
// collects what is wrong with them: names, never values.
type decoder struct {
	hash     hash
	problems []error
}

// err returns everything that was wrong as one *[store.DecodeError].
func (d *decoder) err() error {
	if err := errors.Join(d.problems...); err != nil {
		return &store.DecodeError{Err: err}
	}
	return nil
}

func (d *decoder) problem(format string, args ...any) {
	d.problems = append(d.problems, fmt.Errorf(format, args...))
}

// version reads the version of a session's format, which must be ours.
func (d *decoder) version() {
	if v := d.text(fieldVersion); v != "" && v != formatVersion {
		d.problem("format version %.20q, this program reads %s", v, formatVersion)
	}
}

func (d *decoder) text(name string) string {
	v := d.hash[name]
	if v == "" {
		d.problem("field %q is missing or empty", name)
	}
	return v
}

func (d *decoder) seconds(name string) time.Time { return d.epoch(name, time.Second) }

func (d *decoder) micros(name string) time.Time { return d.epoch(name, time.Microsecond) }

// maxDigits is more than any time has, and what an int64 holds.
const maxDigits = 18

// epoch is the time of so many units since the epoch. Lua's whole takes the same
// texts for numbers.
func (d *decoder) epoch(name string, unit time.Duration) time.Time {
	text := d.hash[name]
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || len(text) > maxDigits || strings.Trim(text, "0123456789") != "" {
		d.problem("field %q is missing or no time", name)
		return time.Time{}
	}
	if unit == time.Second {
		return time.Unix(n, 0).UTC()
	}
	return time.UnixMicro(n).UTC()
}

// lock reads a session's lock, nil if it carries none.
func (d *decoder) lock() *movingError {
	text, locked := d.hash[fieldTo]
	if !locked {
		return nil
	}
	to, ok := parseRef(text)
	if !ok {
		d.problem("field %q is no session", fieldTo)
	}
	return &movingError{to: to, at: d.micros(fieldToAt)}
}

// seconds is t in whole seconds since the epoch; the fraction is dropped.
func seconds(t time.Time) string { return strconv.FormatInt(max(0, t.Unix()), 10) }

// micros is t in microseconds since the epoch.
func micros(t time.Time) string { return strconv.FormatInt(max(0, t.UnixMicro()), 10) }
