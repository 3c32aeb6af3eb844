package seal

import (
	"bytes"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"fmt"
)

const (
	// Overhead is how much longer than the plaintext the sealed bytes are.
	Overhead = nonceBytes + tagBytes

	// SignatureBytes is the length of a signature.
	SignatureBytes = 16
)

// ErrSealed is what Open gives for anything that was not sealed with one of the
// keys, for this purpose and with this associated data. It does not say why.
var ErrSealed = errors.New("not sealed with any of the keys")

// A Sealer seals and signs for one purpose, with the first of its keys; it opens
// and verifies with each of them. It is safe for use by many goroutines at once.
type Sealer struct {
	// Each key stands in a closure, the one place that fmt cannot print, even
	// where the Sealer is an unexported field of another struct.
	keys []func() *material
}

// material is what one key is made into.
type material struct {
	cipher *xaes
	nonces []byte // HMAC key
	tags   []byte // HMAC key
	next   []byte // HKDF key, of Sealers derived from this one
}

// New makes a Sealer of keys of 32 random bytes each, newest first. What one
// purpose sealed, no other opens, though the keys be the same. The error names
// everything that is wrong with the keys, by index.
func New(keys [][]byte, purpose string) (*Sealer, error) {
	var problems []error
	problem := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	if len(keys) == 0 {
		problem("Keys is empty: set it to at least one key of %d random bytes", keyBytes)
	}
	s := &Sealer{}
	for i, key := range keys {
		if len(key) != keyBytes {
			problem("Keys[%d] has %d bytes: use %d random ones", i, len(key), keyBytes)
			continue
		}
		for j, earlier := range keys[:i] {
			if bytes.Equal(key, earlier) {
				problem("Keys[%d] is Keys[%d] again: leave one out", i, j)
			}
		}
		extracted, err := hkdf.Extract(sha256.New, key, nil)
		if err != nil {
			panic(err) // SHA-256 and 32 bytes are always allowed
		}
		s.add(extracted, purpose)
	}
	if err := errors.Join(problems...); err != nil {
		return nil, err
	}
	return s, nil
}

// add derives the material of one key.
func (s *Sealer) add(key []byte, info string) {
	okm, err := hkdf.Expand(sha256.New, key, "lambdasession seal v1 "+info, 4*keyBytes)
	if err != nil {
		panic(err) // SHA-256 expands to much more
	}
	part := func(i int) []byte { return okm[i*keyBytes : (i+1)*keyBytes : (i+1)*keyBytes] }
	m := &material{cipher: newXAES(part(0)), nonces: part(1), tags: part(2), next: part(3)}
	s.keys = append(s.keys, func() *material { return m })
}

// For derives a Sealer that has nothing in common with s, nor with one for
// another name. The name may be a secret.
func (s *Sealer) For(name []byte) *Sealer {
	derived := &Sealer{keys: make([]func() *material, 0, len(s.keys))}
	for _, key := range s.keys {
		derived.add(key().next, string(name))
	}
	return derived
}

// Seal appends the sealed plaintext to dst. The associated data is not in it;
// Open must be given the same. Sealed twice, the same plaintext looks different.
func (s *Sealer) Seal(dst, plaintext, ad []byte) []byte {
	return s.keys[0]().cipher.seal(dst, plaintext, ad)
}

// SealSame is Seal with a nonce made of its arguments, by a key that does nothing
// else: sealed twice, the same plaintext looks the same, and nothing else is
// told. That is the construction of SIV (RFC 5297 section 1.1). It panics in Go's
// FIPS 140-only mode, which knows no such nonce.
func (s *Sealer) SealSame(dst, plaintext, ad []byte) []byte {
	m := s.keys[0]()
	mac := hmac.New(sha256.New, m.nonces)
	var length [8]byte // where one argument ends and the other begins
	binary.BigEndian.PutUint64(length[:], uint64(len(ad)))
	mac.Write(length[:])
	mac.Write(ad)
	mac.Write(plaintext)
	return m.cipher.sealUnder(mac.Sum(nil)[:nonceBytes], dst, plaintext, ad)
}

// Open returns what was sealed with one of the keys, or [ErrSealed]. It tries all
// of them in any case: how long it takes depends on lengths and on how many
// there are.
func (s *Sealer) Open(sealed, ad []byte) ([]byte, error) {
	if len(sealed) < Overhead {
		return nil, ErrSealed
	}
	var opened []byte
	err := ErrSealed
	for _, key := range s.keys {
		plaintext, failed := key().cipher.open(sealed, ad)
		if failed == nil {
			opened, err = plaintext, nil
		}
	}
	return opened, err
}

// Sign returns a signature of the message, SignatureBytes long.
func (s *Sealer) Sign(message []byte) []byte { return s.keys[0]().sign(message) }

// Verify reports whether one of the keys signed the message. It tries all.
func (s *Sealer) Verify(message, signature []byte) bool {
	valid := 0
	for _, key := range s.keys {
		valid |= subtle.ConstantTimeCompare(signature, key().sign(message))
	}
	return valid == 1
}

// sign truncates HMAC-SHA256 to its half, as RFC 2104 section 5 allows.
func (m *material) sign(message []byte) []byte {
	mac := hmac.New(sha256.New, m.tags)
	mac.Write(message)
	return mac.Sum(nil)[:SignatureBytes]
}
