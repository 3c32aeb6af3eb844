package store

import (
	"context"
	"time"
)

// A Store keeps sessions. All six operations are safe to call at once, from
// one process and from many.
//
// There is no upsert: Save never overwrites, Update and UpdateTTL never
// create. A session that was ended therefore stays ended, whatever is still
// in flight.
//
// Every operation may return an error that is none of this package's: it
// means that the store could not answer, and it is never to be taken for "no
// such session". A write that ended so may or may not have been applied.
// Arguments that no state of the store could make succeed give an
// *[InvalidError]. A zero Key names no session: it gives [ErrNotFound].
//
// A store neither keeps nor changes the maps and byte slices it is given, and
// what it returns belongs to the caller.
//
// Ends and Expires are whole seconds; a store drops the fraction of what it is
// given. A session is live while now is before its Expires. Created is kept to
// the microsecond.
type Store interface {
	// Load returns the session's record.
	//
	// It returns [ErrNotFound] if there is none or it has expired, even if it
	// has not been swept yet; an *[EndedError] if it was ended less than
	// [MarkLifetime] ago; a *[DecodeError] if what is stored there is not a
	// session. The device's Label is not loaded.
	Load(ctx context.Context, key Key) (Record, error)

	// Save stores a new session under a key that the store makes, and returns
	// the key. The record's Revision is ignored.
	//
	// If the record has a Subject, the session is listed among its devices
	// (see [Subjects]) at the same instant; where the subject's sessions were
	// revoked at or after the record's Created, nothing is stored and the
	// error is an *[EndedError].
	//
	// It returns [ErrTooLarge] if the store cannot hold the record.
	Save(ctx context.Context, record Record) (Key, error)

	// Update changes a live session and moves its expiry to changes.Expires,
	// or to its Ends if that comes first, without its having been read. All of
	// it happens, or nothing.
	//
	// It returns [ErrNotFound] if there is no live session under the key; an
	// *[EndedError] if it was ended; a *[ConflictError] carrying the current
	// record if a field does not hold what Expect says; [ErrTooLarge] if the
	// store cannot hold the result, with the old state intact.
	//
	// The key returned is the given one, unless the store keeps the state in
	// the key itself (see [KeyForm]).
	Update(ctx context.Context, key Key, changes Changes) (Key, error)

	// UpdateTTL moves a live session's expiry to expires, or to its Ends if
	// that comes first. Errors and key as with Update.
	UpdateTTL(ctx context.Context, key Key, expires time.Time) (Key, error)

	// Rotate ends the session under key and stores its successor under a new
	// key that the store makes, both or neither. From is what Load returned:
	// if the session's Revision is another by now, the error is a
	// *[ConflictError] carrying the current record.
	//
	// If to has a Subject, the device to.Device is listed as this session. With
	// from's subject and device it goes on being the same device, label
	// included, and a device that was revoked meanwhile gives an
	// *[EndedError]; otherwise it is a sign-in, held to the same rule as a Save
	// with a subject, and from's device, if it had one, is listed no more.
	//
	// It returns [ErrNotFound] and *[EndedError] like Update, and
	// [ErrTooLarge] like Save.
	Rotate(ctx context.Context, key Key, from, to Record) (Key, error)

	// Delete ends the session. If the key was rotated less than
	// [MarkLifetime] ago, it ends the successor in its stead, and so on: who
	// logs out with an old cookie is logged out.
	//
	// It returns nil only if it ended a live session; otherwise [ErrNotFound],
	// or an *[EndedError] if the key carries a mark.
	Delete(ctx context.Context, key Key) error
}

// MarkLifetime is how long the mark stays on a key whose session was ended by
// Delete, Rotate or a revocation: longer than any Lambda invocation (15
// minutes, https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html),
// so that a request that was under way at that moment learns of it. Until then
// every operation on the key gives an *[EndedError]; afterwards, [ErrNotFound].
const MarkLifetime = 16 * time.Minute

// Subjects is implemented by a store that can find and end all sessions of
// one user. Its operations are strongly consistent: a session whose Save or
// Rotate has returned is listed, one whose Revoke has returned is ended. A
// store around another store may answer [ErrUnsupported].
type Subjects interface {
	// Devices lists the live sessions of the subject, oldest first. A stored
	// entry that cannot be understood is left out.
	Devices(ctx context.Context, subject string) ([]Device, error)

	// Revoke ends one session of the subject. It returns [ErrNotFound] if the
	// subject has no live session with that device id.
	Revoke(ctx context.Context, subject, device string) error

	// RevokeAll ends every session of the subject but the one with device id
	// keep; an empty keep keeps none. It returns the moment of revocation: a
	// sign-in whose Created is not after it does not succeed, even if it was
	// under way.
	RevokeAll(ctx context.Context, subject, keep string) (time.Time, error)
}

// A Device is one live session of a subject, as [Subjects] lists it.
type Device struct {
	ID      string // random; survives renewal
	Label   string // what the sign-in called it, such as the user agent
	Created time.Time
	Expires time.Time
	Ends    time.Time
}
