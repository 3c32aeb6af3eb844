package dynamostore

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/lambdasession/lambdasession-go/store"
)

// Update changes a live session, as [store.Store] says. It is one UpdateItem
// that carries the changed fields only, and a second one in the last idle
// period before the session's end.
//
// An attempt without an answer is sent again. If it was applied after all, what
// only sets and deletes makes the same session once more, and what expects
// something finds its own revision. Another request may have come in between:
// then expectations give an error that means "could not answer", and of two
// who set the same field the one sent last wins, as it does of any two at once.
func (s *Store) Update(ctx context.Context, key store.Key, changes store.Changes) (store.Key, error) {
	if err := changes.Validate(); err != nil {
		return store.Key{}, err
	}
	if own := (store.Record{Values: changes.Set}); own.Size() > maxItemBytes {
		return store.Key{}, errTooLarge
	}
	if key.IsZero() {
		return store.Key{}, store.ErrNotFound
	}
	ctx, cancel := s.bound(ctx)
	defer cancel()

	ends, err := s.update(ctx, key.Digest(), changes)
	if !ends.IsZero() {
		changes.Expires = ends
		_, err = s.update(ctx, key.Digest(), changes)
	}
	if err != nil {
		return store.Key{}, err
	}
	return key, nil
}

// UpdateTTL moves a live session's expiry, as [store.Store] says. Like
// [Store.Update] it is one UpdateItem.
func (s *Store) UpdateTTL(ctx context.Context, key store.Key, expires time.Time) (store.Key, error) {
	return s.Update(ctx, key, store.Changes{Expires: expires})
}

// update makes the change if the session does not end before changes.Expires.
// If it does, and nothing else is in the way, update changes nothing and
// returns when it ends. The end is not asked for before because it never
// moves, and only in a session's last idle period matters.
func (s *Store) update(ctx context.Context, digest string, changes store.Changes) (ends time.Time, err error) {
	rev, now := newRevision(), s.now()
	u := s.changeUpdate(digest, rev, changes, now)
	_, unsure, err := send(ctx, s, s.client.UpdateItem, u.request(s.cfg.Table))
	failed, ok := errors.AsType[*types.ConditionalCheckFailedException](err)
	if !ok {
		return time.Time{}, err
	}

	if revision(failed.Item) == rev {
		return time.Time{}, nil
	}
	r, err := s.read(failed.Item, now)
	switch {
	case err != nil:
		if unsure && isMark(failed.Item) && readMark(failed.Item).next != "" {
			return time.Time{}, errUnsure // renewed, perhaps with our change in it
		}
		return time.Time{}, err
	case expiresPastEnd(changes, r):
		// No attempt can have been applied, answered or not.
		if !changes.Holds(r.Values) {
			return time.Time{}, &store.ConflictError{Current: r}
		}
		return r.Ends, nil
	case unsure:
		return time.Time{}, errUnsure
	case !changes.Holds(r.Values):
		return time.Time{}, &store.ConflictError{Current: r}
	default:
		return time.Time{}, errUnexplained
	}
}

func expiresPastEnd(c store.Changes, r store.Record) bool { return c.Expires.Unix() > r.Ends.Unix() }

// changeUpdate is the request for the changes.
func (s *Store) changeUpdate(digest, rev string, c store.Changes, now time.Time) *update {
	u := newUpdate(s.sessionKey(digest))
	data, expires := u.name(attrData), seconds(c.Expires)

	u.setTo(u.name(attrRev), text(rev))
	u.setTo(u.name(s.cfg.TTLAttribute), expires)
	if c.Replace {
		u.setTo(data, values(c.Set))
	} else {
		for _, field := range slices.Sorted(maps.Keys(c.Set)) {
			u.setTo(data+"."+u.name(field), value(c.Set[field]))
		}
		for _, field := range slices.Compact(slices.Sorted(slices.Values(c.Delete))) {
			u.remove = append(u.remove, data+"."+u.name(field))
		}
	}

	s.mustLive(u, now)
	u.must = append(u.must,
		u.name(attrVersion)+" = "+u.value(number(formatVersion)),
		"attribute_type("+data+", "+u.value(text("M"))+")",
		u.name(attrEnds)+" >= "+u.value(expires))
	for _, field := range slices.Sorted(maps.Keys(c.Expect)) {
		path := data + "." + u.name(field)
		if want := c.Expect[field]; want != nil {
			u.must = append(u.must, path+" = "+u.value(value(want)))
		} else {
			u.must = append(u.must, "attribute_not_exists("+path+")")
		}
	}
	return u
}
