package cookiestore

import (
	"encoding/base64"

	"github.com/lambdasession/lambdasession-go/internal/seal"
	"github.com/lambdasession/lambdasession-go/store"
)

// A token is what a cookie's value and a key's secret are: the format's version,
// one character, and what is sealed in base64url. The version, the purpose and
// the cookie's name are not in there, but it opens for none but them.
const (
	version = "1"
	purpose = "lambdasession cookiestore"

	// The first characters after the version are the sealed bytes' nonce: random,
	// no secret, and never the same twice.
	nonceLength = 32
)

// base64URL refuses bits that mean nothing: a session has one cookie.
var base64URL = base64.RawURLEncoding.Strict()

// associated is the data that tokens are sealed with.
func associated(cookieName string) []byte {
	return []byte(purpose + "\x00" + version + "\x00" + cookieName)
}

// tokenBytes is the length of the token of n bytes.
func tokenBytes(n int) int { return len(version) + base64URL.EncodedLen(n+seal.Overhead) }

// isToken reports whether secret could be a token.
func isToken(secret string) bool {
	if len(secret) > maxCookieBytes || len(secret) < tokenBytes(blockBytes) || secret[:len(version)] != version {
		return false
	}
	secret = secret[len(version):]
	n := base64URL.DecodedLen(len(secret))
	if base64URL.EncodedLen(n) != len(secret) || (n-seal.Overhead)%blockBytes != 0 {
		return false
	}
	for i := range len(secret) {
		c := secret[i]
		if (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}

// newToken seals bytes into a token.
func (s *Store) newToken(plaintext []byte) string {
	sealed := s.sealer.Seal(make([]byte, 0, len(plaintext)+seal.Overhead), plaintext, s.associated)
	token := make([]byte, 0, tokenBytes(len(plaintext)))
	return string(base64URL.AppendEncode(append(token, version...), sealed))
}

// openToken returns what was sealed, or store.ErrNotFound, whatever is wrong.
func (s *Store) openToken(token string) ([]byte, error) {
	if !isToken(token) {
		return nil, store.ErrNotFound
	}
	sealed, err := base64URL.DecodeString(token[len(version):])
	if err != nil {
		return nil, store.ErrNotFound
	}
	plaintext, err := s.sealer.Open(sealed, s.associated)
	if err != nil {
		return nil, store.ErrNotFound
	}
	return plaintext, nil
}

// revision is that of the record in a token.
func revision(token string) string { return token[len(version) : len(version)+nonceLength] }
