package dynamostore

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

// Inspect returns one session by its ID, whatever its state. It is a consistent
// GetItem: a read unit for each begun 4 KB.
//
// It returns [store.ErrNotFound] if the table has nothing under that ID, and an
// *[store.InvalidError] if it is no ID.
func (s *Store) Inspect(ctx context.Context, id string) (Session, error) {
	if err := checkID(id); err != nil {
		return Session{}, err
	}
	ctx, cancel := s.bound(ctx)
	defer cancel()
	it, err := s.get(ctx, s.sessionKey(id), true)
	if err != nil {
		return Session{}, err
	}
	if len(it) == 0 {
		return Session{}, store.ErrNotFound
	}
	return s.inspect(id, it, s.now()), nil
}

// End ends a session by its ID, as [Store.Delete] does by its key: its
// subject's device with it, and if it was renewed a moment ago, the one that it
// was renewed to. What it costs is what Delete costs.
//
// It returns nil only if it ended a live session; otherwise [store.ErrNotFound],
// an *[store.EndedError], or an *[store.InvalidError] if it is no ID. A Damaged
// session can be ended if it has not expired.
func (s *Store) End(ctx context.Context, id string) error {
	if err := checkID(id); err != nil {
		return err
	}
	return s.endFollowing(ctx, id)
}

// inspect tells what the item under the ID, a session's or a mark, says at the
// moment now.
func (s *Store) inspect(id string, it item, now time.Time) Session {
	v := Session{ID: id, Bytes: billedSize(it)}
	if isMark(it) {
		m := readMark(it)
		v.State, v.Err = Ended, m.err
		v.Subject, v.Device, v.Ended, v.Successor = m.subject, m.device, m.ended, m.next
	} else {
		d := decoder{item: it}
		r := s.head(&d)
		v.Subject, v.Device, v.Created, v.Expires, v.Ends = r.Subject, r.Device, r.Created, r.Expires, r.Ends
		v.Fields, v.Err = d.values(attrData), d.err()
		v.State = Live
		if !now.Before(r.Expires) {
			v.State = Expired
		}
	}
	if v.Err != nil {
		v.State = Damaged
	}
	return v
}

// idOf returns the ID of the session whose item or mark it is, if it is one of
// this store's. The filter of a Scan asks for less: another store's prefix may
// begin with this one's.
func (s *Store) idOf(it item) (id string, ok bool) {
	id, ok = strings.CutPrefix(s.partitionOf(it), s.cfg.KeyPrefix+sessionPartition)
	return id, ok && isDigest(id)
}

func checkID(id string) error {
	if isDigest(id) {
		return nil
	}
	// It is not repeated: it may be a cookie that somebody took for the ID.
	return &store.InvalidError{Err: fmt.Errorf("that is no session's ID: give one of %d letters, digits, '-' and '_', as Scan tells them", digestLength)}
}

func isDigest(s string) bool {
	_, err := base64.RawURLEncoding.Strict().DecodeString(s)
	return err == nil && len(s) == digestLength && !strings.ContainsAny(s, "\r\n") // which decoding leaves out
}
