// Package seal encrypts and authenticates what is kept where others can read
// and write it: in a visitor's cookie, in a database. Start with [New].
//
// The cipher is XAES-256-GCM (https://c2sp.org/XAES-256-GCM): AES-256-GCM under
// a key that is derived for each message from half of a random nonce of 24
// bytes. Such a nonce can be drawn at random for as many messages as one likes,
// where plain AES-GCM should change its key after 2^32 of them. XChaCha20-
// Poly1305 could do the same. XAES needs no more than the standard library, so
// that nobody's dependencies grow; it runs on the AES instructions that both of
// Lambda's architectures have; and it is made of NIST's own parts (SP 800-108r1,
// SP 800-38D), for those who must run in FIPS 140 mode.
//
// XAES-256-GCM does not commit to its key: whoever knows several keys can make
// one message that opens under each, to different content. Nothing here is
// opened for somebody who knows a key.
package seal
