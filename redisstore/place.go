package redisstore

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"github.com/lambdasession/lambdasession-go/store"
)

// A cluster runs a script only on keys of one slot, and a slot is a hash of
// what stands in braces in a key's name. So that a renewal, a sign-out, a
// listing and a revocation are each one script, and with it all or nothing, all
// sessions of a subject share a slot with the list of them: the secret of each
// begins with the same two letters, which are the tag, and which anonymous
// sessions have at random. Only a sign-in brings a session from one slot to
// another (across.go).
//
// The price is 12 of a secret's 256 bits, which whoever knows the subject can
// work out, and which stand in the names of keys. 244 remain.
//
// https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags
const tagLength = 2

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

// A ref is where a session is: the tag, which tells the slot, and the key's
// digest.
type ref struct {
	tag, digest string
}

// refOf returns where the session with that key is. It is false for a key that
// this store cannot have made.
func refOf(key store.Key) (ref, bool) {
	secret := key.Reveal()
	if !store.IsKey(secret) {
		return ref{}, false
	}
	return ref{tag: secret[:tagLength], digest: key.Digest()}, true
}

// parseRef reads what String has written.
func parseRef(s string) (ref, bool) {
	tag, digest, ok := strings.Cut(s, ":")
	return ref{tag, digest}, ok && isTag(tag) && len(digest) == digestLength
}

// String is the text that stands for r in a mark.
func (r ref) String() string { return r.tag + ":" + r.digest }

func isTag(s string) bool {
	return len(s) == tagLength && strings.Contains(letters, s[:1]) && strings.Contains(letters, s[1:])
}

// tagOf is the tag of everything that is the subject's.
func tagOf(subject string) string {
	sum := sha256.Sum256([]byte(subject))
	return base64.RawURLEncoding.EncodeToString(sum[:])[:tagLength]
}

// newKey makes a key with that tag, or with any if tag is empty.
func newKey(tag string) store.Key {
	key := store.NewKey()
	if tag == "" {
		return key
	}
	return store.KeyOf(tag + key.Reveal()[tagLength:])
}

// tagFor is the tag of a record's key: its subject's, and for want of one that
// of the session it comes from.
func tagFor(record store.Record, from string) string {
	if record.Subject != "" {
		return tagOf(record.Subject)
	}
	return from
}

// sessionKey is the name of a session's hash.
func (s *Store) sessionKey(r ref) string {
	return s.cfg.Prefix + "s:{" + r.tag + "}:" + r.digest
}

// subjectKey is the name of the hash that lists a subject's devices.
func (s *Store) subjectKey(subject string) string {
	return s.cfg.Prefix + "u:{" + tagOf(subject) + "}:" + subject
}
