// Package sealedstore puts encryption around another store: the fields' values
// are sealed before they leave the program, so that whoever reads the table, a
// backup of it or the traffic learns nothing of them. Everything else works as
// before: parallel writes still merge field by field, and an operation costs no
// call more.
//
//	sessions, err := dynamostore.New(client, ...)
//	sealed, err := sealedstore.New(sessions, sealedstore.Config{Keys: keys})
//
// What still can be seen: the fields' names, how long each value is, when which
// field was written, when a session begins and expires, the subject, the device
// and its label, since the store finds and ends sessions by them. And whether a
// field's new value is one that it held before in the same session, since equal
// values of one field of one session look the same: that is what lets the store
// compare without opening anything.
//
// Who can write into the table can delete sessions and fields, keep an idle
// session alive until its end, and put back a value that the same field of the
// same session held before. Nobody can move a value to another field or session,
// change one, make a session, make one somebody else's, or let one live past its
// end: what does not fit together does not open, and is a *store.DecodeError.
//
// The cipher is XAES-256-GCM (https://c2sp.org/XAES-256-GCM), with a key for each
// session made of Config.Keys and of a secret that only the visitor's cookie
// holds. Keys and table together open nothing: whoever has both still cannot read
// a session, operators included. The cookie is 64 characters longer for it.
//
// Start with [New]; key.go says what the longer cookie is made of.
package sealedstore
