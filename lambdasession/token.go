package lambdasession

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
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
	keys [][]byte
}

func (t tokens) encode(key store.Key) string {
	if len(t.keys) == 0 {
		return key.Reveal()
	}
	return key.Reveal() + "." + t.sign(t.keys[0], key.Reveal())
}

func (t tokens) decode(value string) (store.Key, error) {
	secret, signature, signed := strings.Cut(value, ".")
	if signed != (len(t.keys) > 0) || !isBase64URL(secret) || signed && !isBase64URL(signature) {
		return store.Key{}, errMalformedCookie
	}
	if !signed {
		return store.KeyOf(secret), nil
	}
	for _, key := range t.keys {
		if hmac.Equal([]byte(signature), []byte(t.sign(key, secret))) {
			return store.KeyOf(secret), nil
		}
	}
	return store.Key{}, errForgedCookie
}

func (t tokens) sign(key []byte, secret string) string {
	mac := hmac.New(sha256.New, key)
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
