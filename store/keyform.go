package store

// A KeyForm says what the keys of a store look like.
type KeyForm struct {
	// Valid reports, without I/O, whether a secret could be one of the store's
	// keys. What it refuses, no operation ever finds. It lets through only what
	// a cookie's value may be: no blanks, quotes, commas, semicolons and
	// backslashes, nothing but ASCII.
	Valid func(secret string) bool

	// HoldsState: the key is not the name of a session but the session itself,
	// and nothing of it is anywhere else. Then the contract reads differently
	// in some places:
	//
	//   - Update and UpdateTTL return another key, which holds the new state.
	//     The given one goes on to hold the old state, until that expires.
	//     Parallel writers therefore do not merge.
	//   - Rotate leaves the old key as it is too. A revision stands for one key;
	//     it is another only if from was loaded from another key.
	//   - Delete ends nothing. It returns nil if the session is live: whoever
	//     has the key should forget it.
	//   - There are no marks, and no *EndedError.
	HoldsState bool

	// CookieName is the one cookie that the keys are good for; empty if that
	// does not matter.
	CookieName string
}

// A KeyFormer is a store whose keys are not those of [NewKey]. A store around
// another store must say what the other one's keys look like, by [KeyFormOf].
type KeyFormer interface {
	KeyForm() KeyForm
}

// KeyFormOf returns what the store's keys look like: those of [NewKey], unless
// it says otherwise.
func KeyFormOf(s Store) KeyForm {
	if f, ok := s.(KeyFormer); ok {
		return f.KeyForm()
	}
	return KeyForm{Valid: IsKey}
}

// IsKey reports whether secret could be that of a key made by [NewKey]: 32 bytes
// in unpadded base64url.
func IsKey(secret string) bool {
	if len(secret) != KeyLength {
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
