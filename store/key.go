package store

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
)

const (
	keyBytes = 32

	// KeyLength is the length of the secret of a key made by [NewKey]: 32
	// bytes in unpadded base64url (RFC 4648 section 5).
	KeyLength = 43
)

// A Key names a session, and whoever knows it holds the session. Its secret
// is what a cookie carries. It prints as redacted in every verb of fmt, in
// JSON and in slog, also out of an unexported field of another struct: fmt
// calls no methods there, but the secret stands behind a pointer. Copies are
// cheap; compare with Equal, since == compares pointers.
type Key struct {
	secret *string
}

// NewKey makes a key of 256 random bits from crypto/rand, which has no
// fallback: it ends the program if the system has no randomness.
func NewKey() Key {
	var b [keyBytes]byte
	rand.Read(b[:])
	return KeyOf(base64.RawURLEncoding.EncodeToString(b[:]))
}

// KeyOf makes a key of a secret that came from outside, such as from a cookie.
func KeyOf(secret string) Key {
	if secret == "" {
		return Key{}
	}
	return Key{&secret}
}

// Reveal returns the secret. It belongs into a cookie and nowhere else.
func (k Key) Reveal() string {
	if k.secret == nil {
		return ""
	}
	return *k.secret
}

// Digest returns the SHA-256 of the secret in unpadded base64url, 43
// characters: what a store may write down. The secret has 256 random bits, so
// the digest tells nothing of it.
func (k Key) Digest() string {
	sum := sha256.Sum256([]byte(k.Reveal()))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// Equal reports in constant time whether both keys hold the same secret.
func (k Key) Equal(other Key) bool {
	return subtle.ConstantTimeCompare([]byte(k.Reveal()), []byte(other.Reveal())) == 1
}

// IsZero reports whether the key names no session.
func (k Key) IsZero() bool { return k.secret == nil }

const redacted = "[redacted]"

// String returns a text without the secret.
func (k Key) String() string { return redacted }

// Format prints the text without the secret, whatever the verb.
func (k Key) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// MarshalText returns a text without the secret; JSON uses it too.
func (k Key) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue returns a text without the secret.
func (k Key) LogValue() slog.Value { return slog.StringValue(redacted) }
