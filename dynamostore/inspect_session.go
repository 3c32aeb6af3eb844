package dynamostore

import (
	"strconv"
	"time"
)

// A Session is what the table holds of one session, for operators and their
// consoles: [Store.Scan] and [Store.Inspect] read it without its key, and
// nothing leads from it to the key.
//
// Subject and Fields are a visitor's own: show them to those who may see them,
// and keep them out of logs.
type Session struct {
	// ID is the digest of the session's key, see [store.Key.Digest]. It is no
	// secret. Renewal changes it.
	ID string

	State State

	// Subject and Device say whose session it is, and on which device; both
	// are empty for an anonymous one.
	Subject, Device string

	// Created, Expires and Ends are those of [store.Record]; zero if Ended.
	Created, Expires, Ends time.Time

	// Ended is when the session was renewed, logged out or revoked, and
	// Successor the ID of the one that it was renewed to, if it was. Both are
	// zero in every other State.
	Ended     time.Time
	Successor string

	// Fields are the encoded values by name; nil if Ended, or if one of them
	// is Damaged.
	Fields map[string][]byte

	// Bytes is the size of what is stored, as DynamoDB bills it: a write unit
	// for each begun kilobyte, a read unit for each begun 4 KB.
	Bytes int

	// Err says why a Damaged session cannot be read; it is a
	// *[store.DecodeError], which names attributes and not their values. Nil in
	// every other State.
	Err error
}

// A State is what has become of a session.
type State int

// The states of a session in the table.
const (
	Live    State = iota + 1
	Expired       // left idle, or at its end, and not swept yet
	Ended         // renewed, logged out or revoked; swept some time after [store.MarkLifetime]
	Damaged       // not of a form that this program reads: what it could read is there, and Err says the rest
)

var stateNames = [...]string{Live: "live", Expired: "expired", Ended: "ended", Damaged: "damaged"}

// String returns one lower-case word.
func (s State) String() string {
	if s < Live || s > Damaged {
		return "State(" + strconv.Itoa(int(s)) + ")"
	}
	return stateNames[s]
}
