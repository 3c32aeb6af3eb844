package cookiestore

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/store"
)

// records are of every shape.
func records() map[string]store.Record {
	begin := time.Date(2026, time.March, 14, 12, 0, 0, 123_456_000, time.UTC)
	plain := store.Record{
		Values:  map[string][]byte{},
		Created: begin, Expires: begin.Truncate(time.Second).Add(30 * time.Minute), Ends: begin.Truncate(time.Second).Add(12 * time.Hour),
	}
	of := func(change func(*store.Record)) store.Record {
		r := plain.Clone()
		change(&r)
		return r
	}
	return map[string]store.Record{
		"empty":     plain,
		"values":    of(func(r *store.Record) { r.Values = map[string][]byte{"a": {}, "b": {0}, "c": []byte("c")} }),
		"signed in": of(func(r *store.Record) { r.Subject, r.Device = "ada", store.NewDeviceID() }),
		"long": of(func(r *store.Record) {
			r.Subject, r.Device = strings.Repeat("s", store.MaxSubject), "d"
			r.Values = map[string][]byte{strings.Repeat("n", store.MaxFieldName): bytes.Repeat([]byte{0xff}, 3000)}
		}),
		"before 1970": of(func(r *store.Record) {
			r.Created = time.Date(1969, time.December, 31, 23, 59, 59, 999_999_000, time.UTC)
		}),
		"of the far future": of(func(r *store.Record) { r.Ends = time.Date(9999, time.December, 31, 23, 59, 59, 0, time.UTC) }),
		"ended before it began": of(func(r *store.Record) {
			r.Ends = begin.Truncate(time.Second).AddDate(-1, 0, 0)
			r.Expires = r.Ends
		}),
	}
}

func TestARecordIsTheSameAfterwards(t *testing.T) {
	t.Parallel()
	for name, r := range records() {
		data := encodeRecord(r)
		if len(data)%blockBytes != 0 {
			t.Errorf("%s: %d bytes are no multiple of %d", name, len(data), blockBytes)
		}
		if !bytes.Equal(data, encodeRecord(r)) {
			t.Errorf("%s: two encodings differ", name)
		}
		got, err := decodeRecord(data)
		if diff := cmp.Diff(r, got); err != nil || diff != "" {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
	}
}

func TestWhatIsNoRecordIsADecodeError(t *testing.T) {
	t.Parallel()
	data := encodeRecord(records()["values"])
	for name, broken := range map[string][]byte{
		"nothing":                {},
		"padding that says more": append(bytes.TrimRight(bytes.Clone(data), "\x00"), 0, 1),
		"a block too much":       append(bytes.Clone(data), make([]byte, blockBytes)...),
		"a number without end":   bytes.Repeat([]byte{0xff}, blockBytes),
	} {
		if r, err := decodeRecord(broken); !isDecodeError(err) || len(r.Values) > 0 {
			t.Errorf("%s: got %+v, %v", name, r, err)
		}
	}
	for name, r := range records() {
		whole := bytes.TrimRight(encodeRecord(r), "\x00")
		for n := range len(whole) {
			if _, err := decodeRecord(whole[:n]); !isDecodeError(err) {
				t.Errorf("%s: of %d bytes the first %d are taken: %v", name, len(whole), n, err)
			}
		}
	}
}

func isDecodeError(err error) bool {
	_, ok := errors.AsType[*store.DecodeError](err)
	return ok
}

// FuzzDecodeRecord holds decoding to one rule: whatever bytes were sealed, they
// are a record that any store takes, or a DecodeError.
func FuzzDecodeRecord(f *testing.F) {
	for _, r := range records() {
		f.Add(encodeRecord(r))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		given := bytes.Clone(data)
		r, err := decodeRecord(data)
		if !bytes.Equal(given, data) {
			t.Fatal("the argument was changed")
		}
		if err != nil {
			if !isDecodeError(err) {
				t.Fatalf("%v is no DecodeError", err)
			}
			return
		}
		if err := r.Validate(); err != nil {
			t.Fatal(err)
		}
		again, err := decodeRecord(encodeRecord(r))
		if diff := cmp.Diff(r, again); err != nil || diff != "" {
			t.Fatalf("%v (-want +got):\n%s", err, diff)
		}
	})
}
