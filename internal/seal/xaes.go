package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/subtle"
)

const (
	keyBytes   = 32
	nonceBytes = 24 // the first half derives the message's key, the second is GCM's nonce
	halfNonce  = nonceBytes / 2
	tagBytes   = 16
)

// xaes is XAES-256-GCM under one key.
type xaes struct {
	block cipher.Block
	k1    [aes.BlockSize]byte // CMAC's subkey for messages of whole blocks
}

func newXAES(key []byte) *xaes {
	x := &xaes{block: newBlock(key)}
	x.block.Encrypt(x.k1[:], x.k1[:])
	var carry byte
	for i := len(x.k1) - 1; i >= 0; i-- {
		x.k1[i], carry = x.k1[i]<<1|carry, x.k1[i]>>7
	}
	x.k1[len(x.k1)-1] ^= carry * 0b10000111
	return x
}

// message derives the cipher of one message from the nonce's first half.
func (x *xaes) message(half []byte) cipher.Block {
	var key [keyBytes]byte
	for i := range byte(2) {
		m := key[aes.BlockSize*int(i):][:aes.BlockSize]
		copy(m, []byte{0, i + 1, 'X', 0})
		copy(m[4:], half)
		subtle.XORBytes(m, m, x.k1[:])
		x.block.Encrypt(m, m)
	}
	return newBlock(key[:])
}

// seal appends a random nonce and the sealed plaintext to dst. GCM draws its
// half of the nonce by itself, as Go's FIPS 140-only mode insists on.
func (x *xaes) seal(dst, plaintext, ad []byte) []byte {
	var half [halfNonce]byte
	rand.Read(half[:])
	return x.gcm(half[:]).Seal(append(dst, half[:]...), nil, plaintext, ad) //nolint:gosec // no nonce: it draws one
}

// sealUnder is seal with a nonce that the caller has.
func (x *xaes) sealUnder(nonce, dst, plaintext, ad []byte) []byte {
	gcm, err := cipher.NewGCM(x.message(nonce[:halfNonce]))
	if err != nil {
		panic(err) // in FIPS 140-only mode, which callers ask about first
	}
	return gcm.Seal(append(dst, nonce...), nonce[halfNonce:], plaintext, ad)
}

// open returns what was sealed. It takes the same time whatever is wrong.
func (x *xaes) open(sealed, ad []byte) ([]byte, error) {
	return x.gcm(sealed[:halfNonce]).Open(nil, nil, sealed[halfNonce:], ad)
}

// gcm is the cipher of one message, in the form that Go allows in FIPS 140-only
// mode: with the second half of the nonce in front of what is sealed.
func (x *xaes) gcm(half []byte) cipher.AEAD {
	gcm, err := cipher.NewGCMWithRandomNonce(x.message(half))
	if err != nil {
		panic(err) // the block is of crypto/aes
	}
	return gcm
}

func newBlock(key []byte) cipher.Block {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // the key has 32 bytes
	}
	return block
}
