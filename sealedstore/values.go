package sealedstore

import (
	"errors"
	"fmt"

	"github.com/lambdasession/lambdasession-go/store"
)

// errAnother: what stands in the record is not what the key was made for.
var errAnother = errors.New("sealedstore: the record was changed, or is that of another key")

// seal returns the values as the inner store is given them.
func (b *bond) seal(values map[string][]byte) map[string][]byte {
	if values == nil {
		return nil
	}
	sealed := make(map[string][]byte, len(values))
	for name, v := range values {
		sealed[name] = b.values.SealSame(nil, v, []byte(name))
	}
	return sealed
}

// expect is seal for Changes.Expect, where nil means that a field is absent.
func (b *bond) expect(values map[string][]byte) map[string][]byte {
	sealed := b.seal(values)
	for name, v := range values {
		if v == nil {
			sealed[name] = nil
		}
	}
	return sealed
}

// open returns the record as it was before it was sealed, or a
// *store.DecodeError if anything of it is not this session's.
func (s *Store) open(b *bond, r store.Record) (store.Record, error) {
	if !s.sealer.Verify(b.fixed(r), b.record[:]) {
		return store.Record{}, &store.DecodeError{Err: errAnother}
	}
	values := make(map[string][]byte, len(r.Values))
	for name, v := range r.Values {
		opened, err := b.values.Open(v, []byte(name))
		if err != nil {
			return store.Record{}, &store.DecodeError{Err: fmt.Errorf("sealedstore: the value of field %q: %w", name, err)}
		}
		values[name] = append([]byte{}, opened...) // a value that is there is not nil
	}
	r.Values = values
	return r, nil
}
