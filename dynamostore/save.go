package dynamostore

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/lambdasession/lambdasession-go/store"
)

// maxKeys is how many keys are tried if one is taken. With 256 random bits,
// the second one already means that something is broken.
const maxKeys = 3

// errTaken: the key that the store made for a session is in use.
var errTaken = errors.New("dynamostore: the keys made for the session are all in use: crypto/rand is broken")

// Save stores a new session under a new key, as [store.Store] says. It is one
// PutItem, or one TransactWriteItems if the record has a subject.
func (s *Store) Save(ctx context.Context, record store.Record) (store.Key, error) {
	if err := record.Validate(); err != nil {
		return store.Key{}, err
	}
	ctx, cancel := s.bound(ctx)
	defer cancel()
	return withNewKey(func(key store.Key) error { return s.save(ctx, key.Digest(), record) })
}

// withNewKey makes a key and has it written, with another one if it is taken.
func withNewKey(write func(store.Key) error) (store.Key, error) {
	for range maxKeys {
		key := store.NewKey()
		err := write(key)
		if err == nil {
			return key, nil
		}
		if !errors.Is(err, errTaken) {
			return store.Key{}, err
		}
	}
	return store.Key{}, errTaken
}

func (s *Store) save(ctx context.Context, digest string, record store.Record) error {
	rev := newRevision()
	put, err := s.newSession(digest, rev, record)
	if err != nil {
		return err
	}
	if record.Subject != "" {
		return s.transact(ctx, rev, append([]step{put}, s.signIn(digest, record)...))
	}
	p := put.write.Put
	_, unsure, err := send(ctx, s, s.client.PutItem, &dynamodb.PutItemInput{
		TableName:                           p.TableName,
		Item:                                p.Item,
		ConditionExpression:                 p.ConditionExpression,
		ExpressionAttributeNames:            p.ExpressionAttributeNames,
		ReturnValuesOnConditionCheckFailure: p.ReturnValuesOnConditionCheckFailure,
		ReturnConsumedCapacity:              types.ReturnConsumedCapacityTotal,
	})
	if failed, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		return put.refused(failed.Item, unsure)
	}
	return err
}

// newSession is the step that stores a new session. It gives errTaken if there
// is anything under the key: a session, a mark, one that has expired.
func (s *Store) newSession(digest, rev string, record store.Record) (step, error) {
	it := s.sessionItem(digest, rev, record)
	if err := checkItemSize(it); err != nil {
		return step{}, err
	}
	condition := "attribute_not_exists(#0)"
	return step{
		write: types.TransactWriteItem{Put: &types.Put{
			TableName:                           &s.cfg.Table,
			Item:                                it,
			ConditionExpression:                 &condition,
			ExpressionAttributeNames:            map[string]string{"#0": s.cfg.PartitionKey},
			ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
		}},
		refused: func(found item, _ bool) error {
			if revision(found) == rev {
				return nil
			}
			return errTaken
		},
	}, nil
}
