package ferrule

import (
	"crypto/sha256"
	"crypto/subtle"
)

// A User is somebody who may sign in. The password is meant to be printed on
// the sign-in page: nothing worth protecting stands behind it.
type User struct {
	Name     string // what a session's subject is, and what is typed to sign in
	FullName string
	Password string
}

// Users returns the users, in the order to show them in.
func Users() []User {
	return []User{
		{Name: "ada", FullName: "Ada Demo", Password: "analytical-engine"},
		{Name: "grace", FullName: "Grace Demo", Password: "nanosecond"},
	}
}

// FindUser returns the user of that name.
func FindUser(name string) (User, bool) {
	for _, u := range Users() {
		if u.Name == name {
			return u, true
		}
	}
	return User{}, false
}

// Authenticate returns the user whose name and password these are. It takes
// the same steps whether the name or the password is wrong, so that the time
// it takes does not tell who has an account.
//
// These passwords are public. A real application keeps Argon2id hashes
// (RFC 9106) and compares with one even if it does not know the name.
func Authenticate(name, password string) (User, bool) {
	var found User
	ok := 0
	for _, u := range Users() {
		match := equal(u.Name, name) & equal(u.Password, password)
		if match == 1 {
			found = u
		}
		ok |= match
	}
	return found, ok == 1
}

// equal is 1 if a and b are the same, in a time that depends on neither: the
// hashes have one length, whatever was typed.
func equal(a, b string) int {
	x, y := sha256.Sum256([]byte(a)), sha256.Sum256([]byte(b))
	return subtle.ConstantTimeCompare(x[:], y[:])
}
