package store

import (
	"bytes"
	"cmp"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// The limits of a record. They hold in every store, so that a session can
// move from one to another.
const (
	MaxFieldName = 64   // bytes
	MaxSubject   = 1024 // bytes
	MaxLabel     = 1024 // bytes of UTF-8
	maxDevice    = 64   // bytes of UTF-8
)

// A Record is a session as a store keeps it.
type Record struct {
	Values  map[string][]byte // by field name
	Subject string            // whose session it is; empty for an anonymous one
	Device  string            // id of the subject's device; empty if and only if Subject is
	Label   string            // what to call the device: written at sign-in, not loaded

	Created time.Time // for a sign-in, the beginning of its request
	Ends    time.Time // the absolute end; it never moves under one key
	Expires time.Time // the idle end; never after Ends

	Revision string // opaque; another one after every write
}

// Validate reports everything that makes the record unfit for any store, as
// one *[InvalidError]; nil if there is nothing.
func (r Record) Validate() error {
	var problems []error
	for name := range r.Values {
		problems = append(problems, CheckFieldName(name))
	}
	if r.Subject != "" {
		problems = append(problems, CheckSubject(r.Subject))
	}
	if r.Label != "" {
		problems = append(problems, checkText("label", r.Label, MaxLabel))
	}
	if r.Device != "" {
		problems = append(problems, checkText("device id", r.Device, maxDevice))
	}
	if (r.Subject == "") != (r.Device == "") {
		problems = append(problems, errors.New("subject and device go together: set both or neither"))
	}
	if r.Created.IsZero() || r.Ends.IsZero() || r.Expires.IsZero() {
		problems = append(problems, errors.New("created, ends and expires must be set"))
	}
	if r.Expires.After(r.Ends) {
		problems = append(problems, errors.New("expires is after ends"))
	}
	return invalid(problems)
}

// Clone returns a copy that shares no map or slice with r.
func (r Record) Clone() Record {
	r.Values = cloneValues(r.Values)
	return r
}

// Size is the number of bytes that r's field names and values take.
func (r Record) Size() int { return valuesSize(r.Values) }

// Changes is what an Update does to a session.
type Changes struct {
	Set     map[string][]byte // fields to write; an empty value is a value
	Delete  []string          // fields to drop; one that is not there is no error
	Replace bool              // drop every field first
	Expires time.Time         // the new idle end

	// Expect maps fields to the exact bytes they must still hold before the
	// change, nil for a field that must be absent.
	Expect map[string][]byte
}

// Validate reports everything that makes the changes unfit for any store, as
// one *[InvalidError]; nil if there is nothing.
func (c Changes) Validate() error {
	var problems []error
	for name := range c.Set {
		problems = append(problems, CheckFieldName(name))
	}
	for _, name := range c.Delete {
		problems = append(problems, CheckFieldName(name))
		if _, both := c.Set[name]; both {
			problems = append(problems, fmt.Errorf("field %q is both set and deleted", name))
		}
	}
	for name := range c.Expect {
		problems = append(problems, CheckFieldName(name))
	}
	if c.Expires.IsZero() {
		problems = append(problems, errors.New("expires must be set"))
	}
	return invalid(problems)
}

// Holds reports whether values fulfil c.Expect.
func (c Changes) Holds(values map[string][]byte) bool {
	for name, want := range c.Expect {
		got, ok := values[name]
		if ok != (want != nil) || !bytes.Equal(got, want) {
			return false
		}
	}
	return true
}

// Apply returns what values become by c, in a new map.
func (c Changes) Apply(values map[string][]byte) map[string][]byte {
	next := make(map[string][]byte, len(values)+len(c.Set))
	if !c.Replace {
		maps.Copy(next, cloneValues(values))
	}
	for _, name := range c.Delete {
		delete(next, name)
	}
	maps.Copy(next, cloneValues(c.Set))
	return next
}

// CheckFieldName says what is wrong with a field's name: it must be 1 to
// [MaxFieldName] bytes of UTF-8. It returns nil if nothing is.
func CheckFieldName(name string) error {
	return checkText("field name", name, MaxFieldName)
}

// CheckSubject says what is wrong with a subject: it must be 1 to
// [MaxSubject] bytes of UTF-8. It returns nil if nothing is.
func CheckSubject(subject string) error {
	return checkText("subject", subject, MaxSubject)
}

func checkText(what, s string, most int) error {
	switch {
	case s == "":
		return fmt.Errorf("empty %s", what)
	case len(s) > most:
		return fmt.Errorf("%s of %d bytes; at most %d", what, len(s), most)
	case !utf8.ValidString(s):
		return fmt.Errorf("%s is not UTF-8", what)
	}
	return nil
}

// Biggest names the three biggest of the values and their sizes, for an error
// or a log.
func Biggest(values map[string][]byte) string {
	names := slices.SortedFunc(maps.Keys(values), func(a, b string) int {
		return cmp.Or(cmp.Compare(len(values[b]), len(values[a])), cmp.Compare(a, b))
	})
	var list []string
	for _, name := range names[:min(3, len(names))] {
		list = append(list, fmt.Sprintf("%q (%d)", name, len(values[name])))
	}
	return strings.Join(list, ", ")
}

// NewDeviceID makes an id for a device: 128 random bits, 22 characters. It is
// not a secret.
func NewDeviceID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails: it crashes the program instead
	return base64.RawURLEncoding.EncodeToString(b[:])
}

func cloneValues(values map[string][]byte) map[string][]byte {
	if values == nil {
		return nil
	}
	c := make(map[string][]byte, len(values))
	for name, v := range values {
		c[name] = append([]byte{}, v...)
	}
	return c
}

func valuesSize(values map[string][]byte) int {
	n := 0
	for name, v := range values {
		n += len(name) + len(v)
	}
	return n
}

func invalid(problems []error) error {
	if err := errors.Join(problems...); err != nil {
		return &InvalidError{Err: err}
	}
	return nil
}
