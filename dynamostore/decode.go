package dynamostore

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/lambdasession/lambdasession-go/store"
)

// read tells what stands under a key at the moment now: the record of a live
// session, or the error that every operation on the key gives. A missing item
// is an empty one.
func (s *Store) read(it item, now time.Time) (store.Record, error) {
	r, err := s.readHead(it, now)
	if err != nil {
		return store.Record{}, err
	}
	d := decoder{item: it}
	r.Values = d.values(attrData)
	if err := d.err(); err != nil {
		return store.Record{}, err
	}
	return r, nil
}

// readHead is read for everything but the values.
func (s *Store) readHead(it item, now time.Time) (store.Record, error) {
	if len(it) == 0 {
		return store.Record{}, store.ErrNotFound
	}
	if isMark(it) {
		return store.Record{}, readMark(it).check(now)
	}
	d := decoder{item: it}
	r := s.head(&d)
	if err := d.err(); err != nil {
		return store.Record{}, err
	}
	if !now.Before(r.Expires) {
		return store.Record{}, store.ErrNotFound
	}
	return r, nil
}

// head reads a session's attributes, alive or not, but for its values.
func (s *Store) head(d *decoder) store.Record {
	d.version()
	r := store.Record{
		Subject:  d.optionalText(attrSubject),
		Device:   d.optionalText(attrDevice),
		Created:  d.fraction(attrCreated),
		Ends:     d.seconds(attrEnds),
		Expires:  d.seconds(s.cfg.TTLAttribute),
		Revision: d.text(attrRev),
	}
	if (r.Subject == "") != (r.Device == "") {
		d.problem("%s without %s", attrSubject, attrDevice)
	}
	if r.Expires.After(r.Ends) {
		d.problem("%s is after %s", s.cfg.TTLAttribute, attrEnds)
	}
	return r
}

// revision returns the revision of whatever the item is, "" if it has none.
func revision(it item) string {
	d := decoder{item: it}
	return d.optionalText(attrRev)
}

// A decoder reads the attributes of one item, which anybody may have written,
// and collects what is wrong with them: names and types, never values.
type decoder struct {
	item     item
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
	if n := d.number(attrVersion); n != "" && n != formatVersion {
		d.problem("format version %.20q, this program reads %s", n, formatVersion)
	}
}

func (d *decoder) text(name string) string {
	v := d.optionalText(name)
	if v == "" {
		d.problem("attribute %q is missing, empty or no string", name)
	}
	return v
}

// optionalText reads a string that may be missing.
func (d *decoder) optionalText(name string) string {
	switch v := d.item[name].(type) {
	case nil:
		return ""
	case *types.AttributeValueMemberS:
		return v.Value
	default:
		d.problem("attribute %q is no string", name)
		return ""
	}
}

func (d *decoder) number(name string) string {
	if n, ok := d.item[name].(*types.AttributeValueMemberN); ok {
		return n.Value
	}
	d.problem("attribute %q is missing or no number", name)
	return ""
}

func (d *decoder) seconds(name string) time.Time {
	n := d.number(name)
	if n == "" {
		return time.Time{}
	}
	return d.epoch(name, n+"000000")
}

func (d *decoder) micros(name string) time.Time {
	n := d.number(name)
	if n == "" {
		return time.Time{}
	}
	return d.epoch(name, n)
}

// fraction reads seconds with a fraction, of which DynamoDB has dropped the
// trailing zeros.
func (d *decoder) fraction(name string) time.Time {
	n := d.number(name)
	if n == "" {
		return time.Time{}
	}
	whole, frac, _ := strings.Cut(n, ".")
	return d.epoch(name, whole+(frac + "000000")[:6])
}

// epoch is the time of so many microseconds since the epoch.
func (d *decoder) epoch(name, us string) time.Time {
	n, err := strconv.ParseInt(us, 10, 64)
	if err != nil || n < 0 {
		d.problem("attribute %q is no time", name)
		return time.Time{}
	}
	return time.UnixMicro(n).UTC()
}

// bytes reads what value has written.
func (d *decoder) bytes(name string) []byte {
	switch v := d.item[name].(type) {
	case *types.AttributeValueMemberS:
		return []byte(v.Value)
	case *types.AttributeValueMemberB:
		return append([]byte{}, v.Value...)
	default:
		d.problem("%q is neither a string nor binary", name)
		return nil
	}
}

// values reads what values has written.
func (d *decoder) values(name string) map[string][]byte {
	m, ok := d.item[name].(*types.AttributeValueMemberM)
	if !ok {
		d.problem("attribute %q is missing or no map", name)
		return nil
	}
	fields := decoder{item: m.Value}
	out := make(map[string][]byte, len(m.Value))
	for name := range m.Value {
		out[name] = fields.bytes(name)
		if len(fields.problems) > 0 {
			d.problems = append(d.problems, fields.problems...)
			return nil // one of perhaps ten thousand will do
		}
	}
	return out
}
