// Package dynamostore keeps sessions in one DynamoDB table. It implements
// [store.Store] and [store.Subjects]; nothing of AWS but the DynamoDB client
// comes in, and the caller brings that.
//
// Start with [New], then read load.go and update.go: each operation has a file
// of its name. They stand on item.go and decode.go (what an item looks like),
// mark.go (what an ended session leaves), devices.go (what a sign-in adds),
// transaction.go (writes that go together) and attempt.go (how a request is
// sent, and sent again).
//
// # The table
//
// A partition key and a sort key, both strings, TTL on, on-demand. The names
// are options, and so is a prefix of every partition key, so that a table
// shared with others will do.
//
//	item        partition key     sort key         attributes
//	session     s#<key's digest>  s                data, created, ends, expires, rev, subject, device, v
//	ended mark  s#<key's digest>  s                ended, next, rev, expires, subject, device
//	device      u#<subject>       d#<device's id>  session, created, label, expires
//	revocation  u#<subject>       r                revoked, rev, expires
//
// Secrets of keys are stored nowhere, only their digests. Expiry is checked on
// every read and in every write's condition; TTL only sweeps.
//
// # Looking into it
//
// For operators and their consoles, not for requests, the table's sessions can
// be read and ended without their keys, by the digests that are in it:
// [Store.Scan] shows them page by page, whatever their state, [Store.Inspect]
// shows one and [Store.End] ends it. Start at inspect_session.go.
//
// # Permissions
//
//	GetItem, PutItem, UpdateItem               sessions
//	ConditionCheckItem, DeleteItem             sessions with a subject
//	Query, BatchGetItem                        Devices and RevokeAll
//	GetItem, UpdateItem, DeleteItem            Inspect and End
//	Scan                                       Scan
//	DescribeTable, DescribeTimeToLive          Check
//	CreateTable, UpdateTimeToLive              CreateTable, besides those of Check
package dynamostore
