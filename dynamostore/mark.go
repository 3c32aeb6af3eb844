package dynamostore

import (
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

// A mark is what an ended session leaves on its key. It is final: nothing
// writes to it any more, and TTL removes it.
type mark struct {
	ended           time.Time
	next            string // digest of the successor's key, if the session was renewed
	subject, device string
	err             error // a *store.DecodeError, if it is none of ours
}

func isMark(it item) bool {
	_, ok := it[attrEnded]
	return ok
}

func readMark(it item) mark {
	d := decoder{item: it}
	m := mark{
		ended:   d.fraction(attrEnded),
		next:    d.optionalText(attrNext),
		subject: d.optionalText(attrSubject),
		device:  d.optionalText(attrDevice),
	}
	m.err = d.err()
	return m
}

// check returns the error of every operation on a key that carries the mark.
func (m mark) check(now time.Time) error {
	switch {
	case m.err != nil:
		return m.err
	case now.Before(m.ended.Add(store.MarkLifetime)):
		return &store.EndedError{At: m.ended}
	default:
		return store.ErrNotFound
	}
}

// endUpdate turns the session under digest, if it lives, into a mark. It goes
// by nothing but liveness, so that a session that is too large or of a format
// that this program doesn't know can be ended as well. Next is the digest of
// the successor's key, or empty.
func (s *Store) endUpdate(digest, next, rev string, now time.Time) *update {
	u := newUpdate(s.sessionKey(digest))
	u.setTo(u.name(attrEnded), fraction(now))
	u.setTo(u.name(attrRev), text(rev))
	u.setTo(u.name(s.cfg.TTLAttribute), seconds(now.Add(store.MarkLifetime+time.Second))) // rounded up
	if next != "" {
		u.setTo(u.name(attrNext), text(next))
	}
	for _, a := range []string{attrData, attrCreated, attrEnds, attrVersion} {
		u.remove = append(u.remove, u.name(a))
	}
	s.mustLive(u, now)
	return u
}
