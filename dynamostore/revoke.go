package dynamostore

import (
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/lambdasession/lambdasession-go/store"
)

// revocationLifetime is longer than a sign-in can be under way.
const revocationLifetime = time.Hour

// Revoke ends one session of the subject, as [store.Subjects] says. It is a
// GetItem and a TransactWriteItems.
func (s *Store) Revoke(ctx context.Context, subject, id string) error {
	if err := checkSubject(subject); err != nil {
		return err
	}
	ctx, cancel := s.bound(ctx)
	defer cancel()
	d, err := s.device(ctx, subject, id)
	if err != nil {
		return err
	}
	return s.revoke(ctx, subject, d)
}

// RevokeAll ends every session of the subject but one, as [store.Subjects]
// says. It is a PutItem, a Query, and a TransactWriteItems for each session.
// If one of them could not be ended, the others are, unless DynamoDB has
// stopped answering; calling it again goes on with what is left.
//
// The revocation is written down first. What began to sign in before it and
// has not been stored by then is refused; what has been stored is in the list.
func (s *Store) RevokeAll(ctx context.Context, subject, keep string) (time.Time, error) {
	if err := checkSubject(subject); err != nil {
		return time.Time{}, err
	}
	at, err := s.writeRevocation(ctx, subject)
	if err != nil {
		return time.Time{}, err
	}
	listed, err := s.listed(ctx, subject)
	if err != nil {
		return time.Time{}, err
	}
	var problems []error
	for _, d := range listed {
		if d.id == keep {
			continue
		}
		err := s.revoke(ctx, subject, d)
		if err == nil || errors.Is(err, store.ErrNotFound) {
			continue
		}
		problems = append(problems, err)
		if ctx.Err() != nil || errors.Is(err, context.DeadlineExceeded) {
			break // the others would take as long, one after the other
		}
	}
	if err := errors.Join(problems...); err != nil {
		return time.Time{}, err
	}
	return at, nil
}

// writeRevocation refuses every sign-in of the subject that began before now,
// and returns now, or the moment of a later revocation, by another's clock,
// that is there already.
func (s *Store) writeRevocation(ctx context.Context, subject string) (time.Time, error) {
	rev, now := newRevision(), s.now()
	it := s.revocationKey(subject)
	it[attrRevoked] = micros(now)
	it[attrRev] = text(rev)
	it[s.cfg.TTLAttribute] = seconds(now.Add(revocationLifetime))

	condition := "attribute_not_exists(#0) OR #0 < :0"
	_, _, err := send(ctx, s, s.client.PutItem, &dynamodb.PutItemInput{
		TableName:                           &s.cfg.Table,
		Item:                                it,
		ConditionExpression:                 &condition,
		ExpressionAttributeNames:            map[string]string{"#0": attrRevoked},
		ExpressionAttributeValues:           item{":0": it[attrRevoked]},
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
		ReturnConsumedCapacity:              types.ReturnConsumedCapacityTotal,
	})
	if failed, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		return readRevocation(failed.Item) // perhaps our own
	}
	return now, err
}

func readRevocation(it item) (time.Time, error) {
	d := decoder{item: it}
	at := d.micros(attrRevoked)
	return at, d.err()
}

// errMoved: the device or its session is not as it was listed.
var errMoved = errors.New("the device is another session by now, or none")

// revoke ends the session that the device is, and takes the device out of the
// list. If the session is renewed meanwhile, the device tells where it went.
func (s *Store) revoke(ctx context.Context, subject string, d device) error {
	for {
		err := s.revokeSession(ctx, subject, d)
		if !errors.Is(err, errMoved) {
			return err
		}
		again, err := s.device(ctx, subject, d.id)
		if err != nil {
			return err
		}
		if again.session == d.session { // that has ended or expired, or is not its session
			if err := s.dropDevice(ctx, subject, d.id, d.session); err != nil {
				return err
			}
			return store.ErrNotFound
		}
		d = again
	}
}

// revokeSession ends the session and deletes the device if they point to each
// other and the session lives; otherwise it does nothing and returns errMoved.
func (s *Store) revokeSession(ctx context.Context, subject string, d device) error {
	rev, now := newRevision(), s.now()
	end := s.endUpdate(d.session, "", rev, now)
	end.must = append(end.must,
		end.name(attrSubject)+" = "+end.value(text(subject)),
		end.name(attrDevice)+" = "+end.value(text(d.id)))
	del := s.deviceDelete(subject, d.id, d.session)
	return s.transact(ctx, rev, []step{
		{
			write: end.inTransaction(s.cfg.Table),
			refused: func(found item, _ bool) error {
				if revision(found) == rev {
					return nil
				}
				return errMoved
			},
		},
		{
			write: types.TransactWriteItem{Delete: &types.Delete{
				TableName:                 del.TableName,
				Key:                       del.Key,
				ConditionExpression:       del.ConditionExpression,
				ExpressionAttributeNames:  del.ExpressionAttributeNames,
				ExpressionAttributeValues: del.ExpressionAttributeValues,
			}},
			refused: func(item, bool) error { return errMoved },
		},
	})
}
