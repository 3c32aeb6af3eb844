package seal

import (
	"bytes"
	"crypto/sha3"
	"encoding/hex"
	"testing"
)

// The vectors are those of https://c2sp.org/XAES-256-GCM.
func TestXAESIsTheSpecifications(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name       string
		key        byte
		k1, ad     string
		ciphertext string
	}{
		{
			"where the first bit of L is 0", 1, "e531954aca063d5b8d9c47a47d4cc6f0", "",
			"ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271",
		},
		{
			"where the first bit of L is 1, with associated data", 3, "23810ec50edb99f374409466ed1f4b7b", "c2sp.org/XAES-256-GCM",
			"986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d",
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			x := newXAES(bytes.Repeat([]byte{test.key}, keyBytes))
			if got := hex.EncodeToString(x.k1[:]); got != test.k1 {
				t.Errorf("K1 is %s, want %s", got, test.k1)
			}
			sealed := x.sealUnder([]byte("ABCDEFGHIJKLMNOPQRSTUVWX"), nil, []byte("XAES-256-GCM"), []byte(test.ad))
			if got := hex.EncodeToString(sealed[nonceBytes:]); got != test.ciphertext {
				t.Errorf("ciphertext is %s, want %s", got, test.ciphertext)
			}
			if opened, err := x.open(sealed, []byte(test.ad)); err != nil || string(opened) != "XAES-256-GCM" {
				t.Errorf("opened %q, %v", opened, err)
			}
		})
	}
	t.Run("over 10,000 random messages", func(t *testing.T) {
		t.Parallel()
		random, sum := sha3.NewSHAKE128(), sha3.NewSHAKE128()
		read := func(n int) []byte {
			b := make([]byte, n)
			_, _ = random.Read(b)
			return b
		}
		for range 10_000 {
			key, nonce := read(keyBytes), read(nonceBytes)
			plaintext := read(int(read(1)[0]))
			ad := read(int(read(1)[0]))
			x := newXAES(key)
			sealed := x.sealUnder(nonce, nil, plaintext, ad)
			_, _ = sum.Write(sealed[nonceBytes:])
			if opened, err := x.open(sealed, ad); err != nil || !bytes.Equal(opened, plaintext) {
				t.Fatalf("opened %x, %v; want %x", opened, err, plaintext)
			}
		}
		got := make([]byte, 32)
		_, _ = sum.Read(got)
		const want = "e6b9edf2df6cec60c8cbd864e2211b597fb69a529160cd040d56c0c210081939"
		if hex.EncodeToString(got) != want {
			t.Errorf("the hash of all is %x, want %s", got, want)
		}
	})
}
