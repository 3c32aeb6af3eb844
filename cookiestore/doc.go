// Package cookiestore keeps each session in its own cookie, encrypted: there is
// no database, nothing to pay for and nothing to wait for. The price is that the
// store cannot take anything back. It cannot revoke: a copy of a cookie works
// until the session in it expires, after a logout, a renewal or a password
// change too; so SetSubject and Renew do not end the old cookie, and what lists
// and revokes devices answers ErrUnsupported. It does not merge parallel writes:
// of two responses at once, the browser keeps the cookie that comes later, and
// what the other request wrote is lost. And a response in flight can bring a
// cookie back: a slow request that began before the logout may log the visitor
// in again. Take it for what may be lost or live on, such as a language or a
// cart; where logging out has to mean something, take a store that remembers.
//
// A session has room for about 2.9 KB of names and values, since browsers keep
// cookies of up to 4,096 bytes
// (https://httpwg.org/http-extensions/draft-ietf-httpbis-rfc6265bis.html#section-5.6),
// and each request carries all of it. Set the session manager's Config.MaxBytes
// to 2,800, and it warns of a session that comes near.
//
// The cookie is sealed with XAES-256-GCM (https://c2sp.org/XAES-256-GCM) for the
// cookie's name, so that it can be neither read nor changed nor passed off as
// another one of the same keys. It says when it expires, and is padded to a
// multiple of 32 bytes, so that its length tells little of what changed. It is
// not compressed, or its length would tell much.
//
// Start with [New]; token.go says what a cookie looks like from outside,
// record.go from inside.
package cookiestore
