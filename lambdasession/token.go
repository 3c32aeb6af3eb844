package lambdasession

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"hash"
	"strings"

	"github.com/lambdasession/lambdasession-go/store"
)

const (
	minKeyBytes = 32
	tokenLength = store.KeyLength // of the key, and of the signature as well: both are 32 bytes

	// tokenPurpose keeps these signatures apart from whatever else a key may
	// have been used for.
	tokenPurpose = "lambdasession cookie v1"
)

// Why a cookie is no session. It goes to the Observer and nowhere else.
var (
	errMalformedCookie = errors.New("malformed session cookie")
	errForgedCookie    = errors.New("session cookie with a wrong signature")
	errDuplicateCookie = errors.New("several session cookies")
)

// tokens turns session keys into cookie values and back. With HMAC keys a
// value is "key.signature", both in base64url; without, the key alone.
type tokens struct {
	name string // of the cookie: a signature for one name is none for another

	// macs are HMACs, newest first. Each keeps its key in a closure, the one
	// place that fmt cannot print, even where the manager is an unexported
	// field of another struct.
	macs []func() hash.Hash
}

func newTokens(name string, keys [][]byte) tokens {
	t := tokens{name: name}
	for _, key := range keys {
		key = bytes.Clone(key) // the caller may overwrite theirs
		t.macs = append(t.macs, func() hash.Hash { return hmac.New(sha256.New, key) })
	}
	return t
}

func (t tokens) encode(key store.Key) string {
	if len(t.macs) == 0 {
		return key.Reveal()
	}
	return key.Reveal() + "." + t.sign(t.macs[0](), key.Reveal())
}

func (t tokens) decode(value string) (store.Key, error) {
	secret, signature, signed := strings.Cut(value, ".")
	if signed != (len(t.macs) > 0) || !isBase64URL(secret) || signed && !isBase64URL(signature) {
		return store.Key{}, errMalformedCookie
	}
	if !signed {
		return store.KeyOf(secret), nil
	}
	for _, mac := range t.macs {
		if hmac.Equal([]byte(signature), []byte(t.sign(mac(), secret))) {
			return store.KeyOf(secret), nil
		}
	}
	return store.Key{}, errForgedCookie
}

func (t tokens) sign(mac hash.Hash, secret string) string {
	// No part can hold the zero byte that separates them.
	mac.Write([]byte(tokenPurpose + "\x00" + t.name + "\x00" + secret))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// isBase64URL reports whether s could be 32 bytes in unpadded base64url.
func isBase64URL(s string) bool {
	if len(s) != tokenLength {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}
