package sealedstore

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"time"

	"github.com/lambdasession/lambdasession-go/internal/seal"
	"github.com/lambdasession/lambdasession-go/store"
)

// A key of a sealed store is a key of the store that it is around, and then, in
// base64url:
//
//   - the session's secret, 16 random bytes, which its values are sealed with;
//   - a signature of what may not change in the record, such as its subject;
//   - a signature of all of the key that comes before it.
//
// All of that is made before the store around which this is has made its key, but
// for the last signature: so that no store needs to know anything of it.
const (
	secretBytes = 16
	bondBytes   = secretBytes + 2*seal.SignatureBytes
	bondLength  = bondBytes * 4 / 3 // characters: no bit is left over
)

// What is signed begins with one of these.
const (
	signsRecord = iota + 1
	signsKey
)

// A bond is what a key has besides the key of the store that this is around.
type bond struct {
	secret [secretBytes]byte
	record [seal.SignatureBytes]byte // signature
	values *seal.Sealer              // for this session's
}

// newBond makes the bond of a new session.
func (s *Store) newBond(r store.Record) *bond {
	b := &bond{}
	rand.Read(b.secret[:])
	copy(b.record[:], s.sealer.Sign(b.fixed(r)))
	b.values = s.sealer.For(b.secret[:])
	return b
}

// fixed is what of a record no Update changes.
func (b *bond) fixed(r store.Record) []byte {
	message := append([]byte{signsRecord}, b.secret[:]...)
	message = binary.AppendVarint(message, r.Created.Truncate(time.Microsecond).UnixMicro())
	message = binary.AppendVarint(message, r.Ends.Truncate(time.Second).Unix())
	message = binary.AppendVarint(message, int64(len(r.Subject)))
	return append(append(message, r.Subject...), r.Device...)
}

// signed is what of a key its last signature is for.
func (b *bond) signed(inner store.Key) []byte {
	message := append([]byte{signsKey}, b.secret[:]...)
	return append(append(message, b.record[:]...), inner.Reveal()...)
}

// join makes a key of the one of the store that this is around.
func (s *Store) join(inner store.Key, b *bond) store.Key {
	raw := make([]byte, 0, bondBytes)
	raw = append(append(append(raw, b.secret[:]...), b.record[:]...), s.sealer.Sign(b.signed(inner))...)
	return store.KeyOf(inner.Reveal() + base64.RawURLEncoding.EncodeToString(raw))
}

// split is the reverse of join. It returns store.ErrNotFound, and asks nobody,
// for a key that was not made with one of the store's own.
func (s *Store) split(key store.Key) (store.Key, *bond, error) {
	secret := key.Reveal()
	if !s.form.Valid(secret) {
		return store.Key{}, nil, store.ErrNotFound
	}
	cut := len(secret) - bondLength
	raw, err := base64.RawURLEncoding.DecodeString(secret[cut:])
	if err != nil {
		return store.Key{}, nil, store.ErrNotFound
	}
	inner, b := store.KeyOf(secret[:cut]), &bond{}
	copy(b.secret[:], raw)
	copy(b.record[:], raw[secretBytes:])
	if !s.sealer.Verify(b.signed(inner), raw[secretBytes+seal.SignatureBytes:]) {
		return store.Key{}, nil, store.ErrNotFound
	}
	b.values = s.sealer.For(b.secret[:])
	return inner, b, nil
}

// sealedForm is what a key looks like around one of that form.
func sealedForm(inner store.KeyForm) store.KeyForm {
	form := inner
	form.Valid = func(secret string) bool {
		cut := len(secret) - bondLength
		return cut > 0 && isBond(secret[cut:]) && inner.Valid(secret[:cut])
	}
	return form
}

func isBond(s string) bool {
	// Two overlapping looks at 43 characters each are one at 64.
	return store.IsKey(s[:store.KeyLength]) && store.IsKey(s[len(s)-store.KeyLength:])
}
