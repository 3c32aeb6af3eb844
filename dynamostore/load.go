package dynamostore

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/lambdasession/lambdasession-go/store"
)

// Load returns the session's record, as [store.Store] says. It is one
// GetItem; with EventualReads a second one if the first finds no session.
func (s *Store) Load(ctx context.Context, key store.Key) (store.Record, error) {
	if key.IsZero() {
		return store.Record{}, store.ErrNotFound
	}
	ctx, cancel := s.bound(ctx)
	defer cancel()

	r, err := s.load(ctx, key.Digest(), !s.cfg.EventualReads)
	if s.cfg.EventualReads && errors.Is(err, store.ErrNotFound) {
		r, err = s.load(ctx, key.Digest(), true)
	}
	return r, err
}

func (s *Store) load(ctx context.Context, digest string, consistent bool) (store.Record, error) {
	found, err := s.get(ctx, s.sessionKey(digest), consistent)
	if err != nil {
		return store.Record{}, err
	}
	return s.read(found, s.now())
}

// get returns an item, empty if there is none.
func (s *Store) get(ctx context.Context, key item, consistent bool) (item, error) {
	out, _, err := send(ctx, s, s.client.GetItem, &dynamodb.GetItemInput{
		TableName:              &s.cfg.Table,
		Key:                    key,
		ConsistentRead:         &consistent,
		ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
	})
	if err != nil {
		return nil, err
	}
	return out.Item, nil
}
