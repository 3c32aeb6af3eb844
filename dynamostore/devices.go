package dynamostore

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/lambdasession/lambdasession-go/store"
)

// A device is one entry in a subject's list. What it says is checked against
// the session itself, so one that is out of date does no harm.
type device struct {
	id      string
	label   string
	session string // digest of the session's key
}

// digestLength is the length of a key's digest.
const digestLength = store.KeyLength

// readDevice reads a device's item.
func (s *Store) readDevice(it item) (device, error) {
	d := decoder{item: it}
	dev := device{
		id:      strings.TrimPrefix(d.text(s.cfg.SortKey), devicePrefix),
		session: d.text(attrSession),
	}
	if _, ok := it[attrLabel]; ok {
		dev.label = string(d.bytes(attrLabel))
	}
	if len(dev.session) != digestLength {
		d.problem("attribute %q is no digest", attrSession)
	}
	return dev, d.err()
}

// device reads one device of a subject.
func (s *Store) device(ctx context.Context, subject, id string) (device, error) {
	it, err := s.get(ctx, s.deviceKey(subject, id), true)
	if err != nil {
		return device{}, err
	}
	if len(it) == 0 {
		return device{}, store.ErrNotFound
	}
	return s.readDevice(it)
}

// signIn is the steps that list a new session among its subject's devices, if
// its sign-in began after the subject's sessions were last revoked. The check
// is strict: of two things in one microsecond, the revocation comes last.
func (s *Store) signIn(digest string, record store.Record) []step {
	it := s.deviceKey(record.Subject, record.Device)
	it[attrSession] = text(digest)
	it[attrCreated] = fraction(record.Created)
	it[attrLabel] = value([]byte(record.Label))
	it[s.cfg.TTLAttribute] = seconds(record.Ends)

	condition := "attribute_not_exists(#0) OR #0 < :0"
	return []step{
		{write: types.TransactWriteItem{Put: &types.Put{TableName: &s.cfg.Table, Item: it}}},
		{
			write: types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
				TableName:                           &s.cfg.Table,
				Key:                                 s.revocationKey(record.Subject),
				ConditionExpression:                 &condition,
				ExpressionAttributeNames:            map[string]string{"#0": attrRevoked},
				ExpressionAttributeValues:           item{":0": micros(record.Created)},
				ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
			}},
			refused: func(found item, _ bool) error {
				at, err := readRevocation(found)
				if err != nil {
					return err
				}
				return &store.EndedError{At: at}
			},
		},
	}
}

// repoint is the step that makes the device of a renewed session point to its
// successor. If it does not point to the old one any more, it was revoked.
func (s *Store) repoint(digest, successor string, to store.Record, now time.Time) step {
	u := newUpdate(s.deviceKey(to.Subject, to.Device))
	session := u.name(attrSession)
	u.setTo(session, text(successor))
	u.setTo(u.name(s.cfg.TTLAttribute), seconds(to.Ends))
	u.must = append(u.must, session+" = "+u.value(text(digest)))
	return step{
		write:   u.inTransaction(s.cfg.Table),
		refused: func(item, bool) error { return &store.EndedError{At: now} },
	}
}

// forget is the step that takes a device out of its subject's list.
func (s *Store) forget(subject, id string) step {
	return step{write: types.TransactWriteItem{Delete: &types.Delete{
		TableName: &s.cfg.Table,
		Key:       s.deviceKey(subject, id),
	}}}
}

// checkSubject is store.CheckSubject with the error that operations give.
func checkSubject(subject string) error {
	if err := store.CheckSubject(subject); err != nil {
		return &store.InvalidError{Err: err}
	}
	return nil
}

// isDecodeError reports whether something stored could not be understood.
func isDecodeError(err error) bool {
	_, ok := errors.AsType[*store.DecodeError](err)
	return ok
}
