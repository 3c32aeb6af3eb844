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
	tokenLength = store.KeyLength // of most keys, and of a signature: both are 32 bytes

	// maxTokenLength is what a value has at most, unless the store makes keys of
	// its own. Config sees to it that there is room for that.
	maxTokenLength = tokenLength + 1 + tokenLength

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
// value is "key.signature", the latter in base64url; without, the key alone.
type tokens struct {
	name string // of the cookie: a signature for one name is none for another

	// valid reports whether a secret could be one of the store's keys.
	valid func(secret string) bool

	// macs are HMACs, newest first. Each keeps its key in a closure, the one
	// place that fmt cannot print, even where the manager is an unexported
	// field of another struct.
	macs []func() hash.Hash
}

func newTokens(name string, valid func(string) bool, keys [][]byte) tokens {
	t := tokens{name: name, valid: valid}
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
	if len(t.macs) == 0 {
		if !t.valid(value) {
			return store.Key{}, errMalformedCookie
		}
		return store.KeyOf(value), nil
	}
	// A signature has no dot in it; of the key, the store's form says that.
	dot := strings.LastIndexByte(value, '.')
	if dot < 0 || !t.valid(value[:dot]) || !store.IsKey(value[dot+1:]) {
		return store.Key{}, errMalformedCookie
	}
	secret, signature := value[:dot], value[dot+1:]
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
