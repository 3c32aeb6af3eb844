package cookiestore

import (
	"encoding/binary"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

// blockBytes is what the encoded record's length is a multiple of.
const blockBytes = 32

// errRecord: what was sealed is no record.
var errRecord = errors.New("cookiestore: sealed bytes that are no record")

// encodeRecord writes the record down: Created in microseconds, Ends in seconds from
// there, Expires in seconds before that; the subject and, if there is one, the
// device; the number of fields and the fields, names and values in turn, in the
// order of their names; zeros up to a multiple of blockBytes. Numbers are varints
// and stand before each text as its length. A label is nobody's to see, since
// there is no list of devices.
func encodeRecord(r store.Record) []byte {
	dst := make([]byte, 0, blockBytes+len(r.Subject)+len(r.Device)+r.Size()+4*len(r.Values)+blockBytes)
	ends := r.Ends.Unix()
	dst = binary.AppendVarint(dst, r.Created.UnixMicro())
	dst = binary.AppendVarint(dst, ends-r.Created.Unix())
	dst = binary.AppendVarint(dst, ends-r.Expires.Unix())
	dst = appendText(dst, r.Subject)
	if r.Subject != "" {
		dst = appendText(dst, r.Device)
	}
	dst = binary.AppendUvarint(dst, uint64(len(r.Values)))
	for _, name := range slices.Sorted(maps.Keys(r.Values)) {
		dst = appendText(dst, name)
		dst = appendText(dst, r.Values[name])
	}
	padding := -len(dst) & (blockBytes - 1)
	return append(dst, make([]byte, padding)...)
}

func appendText[T string | []byte](dst []byte, text T) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(text))), text...)
}

// decodeRecord is the reverse of encodeRecord. The values share their memory
// with data.
func decodeRecord(data []byte) (store.Record, error) {
	d := decoder{rest: data}
	var r store.Record
	r.Created = time.UnixMicro(d.number()).UTC()
	ends := r.Created.Unix() + d.number()
	r.Ends = time.Unix(ends, 0).UTC()
	r.Expires = time.Unix(ends-d.number(), 0).UTC()
	if r.Subject = string(d.text()); r.Subject != "" {
		r.Device = string(d.text())
	}
	fields := d.length(2) // a field takes two bytes at least
	r.Values = make(map[string][]byte, fields)
	for range fields {
		name := string(d.text())
		r.Values[name] = d.text()
	}
	if d.failed || len(r.Values) != fields || len(d.rest) >= blockBytes || slices.ContainsFunc(d.rest, func(b byte) bool { return b != 0 }) {
		return store.Record{}, &store.DecodeError{Err: errRecord}
	}
	if err := r.Validate(); err != nil {
		return store.Record{}, &store.DecodeError{Err: errRecord} // without the names in it
	}
	return r, nil
}

// A decoder reads from the front of what is left. Once it failed, it reads
// zeros.
type decoder struct {
	rest   []byte
	failed bool
}

func (d *decoder) number() int64 {
	v, n := binary.Varint(d.rest)
	return advance(d, v, n)
}

// length reads a number of things of at least size bytes each.
func (d *decoder) length(size int) int {
	v, n := binary.Uvarint(d.rest)
	if v = advance(d, v, n); v > uint64(len(d.rest)/size) { //nolint:gosec // a length is not negative
		d.failed, d.rest, v = true, nil, 0
	}
	return int(v)
}

func (d *decoder) text() []byte {
	n := d.length(1)
	text := d.rest[:n:n]
	d.rest = d.rest[n:]
	if text == nil {
		return []byte{} // a value that is there is not nil
	}
	return text
}

// advance goes past the n bytes of v.
func advance[T int64 | uint64](d *decoder, v T, n int) T {
	if n <= 0 {
		d.failed, d.rest = true, nil
		return 0
	}
	d.rest = d.rest[n:]
	return v
}
