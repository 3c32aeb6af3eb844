package redisstore

import "github.com/lambdasession/lambdasession-go/store"

// SharesSlot reports whether the session with that key is in the slot of the
// subject.
func SharesSlot(key store.Key, subject string) bool {
	at, ok := refOf(key)
	return ok && at.tag == tagOf(subject)
}

// Scripts is the SHA-1 of each script by its file's name, without .lua.
func Scripts() map[string]string {
	names := []string{"read", "save", "change", "end", "rotate", "lock", "probe", "settle", "drop", "revokeall", "revoke"}
	m := map[string]string{}
	for i, sc := range scripts() {
		m[names[i]] = sc.sha
	}
	return m
}
