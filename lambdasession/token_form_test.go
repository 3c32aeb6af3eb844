package lambdasession

import (
	"bytes"
	"strings"
	"testing"

	"github.com/lambdasession/lambdasession-go/store"
)

// A store may say that its keys look like anything that a cookie can carry.
func TestKeysOfAnotherForm(t *testing.T) {
	t.Parallel()
	form := func(secret string) bool { return strings.HasPrefix(secret, "v1.") }
	plain, signed := newTokens("a", form, nil), newTokens("a", form, [][]byte{bytes.Repeat([]byte("k"), 32)})
	key := store.KeyOf("v1." + strings.Repeat("long.", 100))
	for name, tokens := range map[string]tokens{"without HMAC keys": plain, "with HMAC keys": signed} {
		if got, err := tokens.decode(tokens.encode(key)); err != nil || !got.Equal(key) {
			t.Errorf("%s: got %q, %v", name, got.Reveal(), err)
		}
		if _, err := tokens.decode(tokens.encode(store.NewKey())); err == nil {
			t.Errorf("%s: a key of the usual form is taken", name)
		}
	}
	if _, err := signed.decode(plain.encode(key)); err == nil {
		t.Error("without its signature, a key with dots in it is taken")
	}
}
