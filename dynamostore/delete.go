package dynamostore

import (
	"context"
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/lambdasession/lambdasession-go/store"
)

// Delete ends the session, or the one that it was renewed to, as [store.Store]
// says. It is one UpdateItem for each key on the way, and a DeleteItem if the
// session had a subject.
func (s *Store) Delete(ctx context.Context, key store.Key) error {
	if key.IsZero() {
		return store.ErrNotFound
	}
	return s.endFollowing(ctx, key.Digest())
}

// endFollowing ends the session under digest, or the one that it was renewed
// to.
func (s *Store) endFollowing(ctx context.Context, digest string) error {
	ctx, cancel := s.bound(ctx)
	defer cancel()

	next, first := s.end(ctx, digest)
	err := first
	for seen := map[string]bool{}; next != ""; {
		if seen[next] {
			return &store.DecodeError{Err: errors.New("marks lead in a circle")}
		}
		seen[next] = true
		next, err = s.end(ctx, next)
	}
	if isGone(err) {
		return first
	}
	return err
}

func isGone(err error) bool {
	return errors.Is(err, store.ErrNotFound) || errors.Is(err, store.ErrEnded)
}

// end ends the session under digest. If it was renewed a moment ago, end does
// nothing and returns, with the error, the digest of its successor.
func (s *Store) end(ctx context.Context, digest string) (next string, err error) {
	rev, now := newRevision(), s.now()
	in := s.endUpdate(digest, "", rev, now).request(s.cfg.Table)
	in.ReturnValues = types.ReturnValueAllNew // the mark, which is small; what it needs of the session is on it
	out, _, err := send(ctx, s, s.client.UpdateItem, in)
	if err == nil {
		s.forgetEnded(ctx, out.Attributes, digest)
		return "", nil
	}
	failed, ok := errors.AsType[*types.ConditionalCheckFailedException](err)
	if !ok {
		return "", err
	}
	if revision(failed.Item) == rev {
		s.forgetEnded(ctx, failed.Item, digest)
		return "", nil
	}
	_, err = s.readHead(failed.Item, now)
	switch {
	case err == nil:
		return "", errUnexplained
	case errors.Is(err, store.ErrEnded):
		return readMark(failed.Item).next, err
	default:
		return "", err
	}
}

// forgetEnded takes the session that the mark stands for out of its subject's
// list of devices. If that fails, the session has ended all the same, and
// listings leave the device out.
func (s *Store) forgetEnded(ctx context.Context, ended item, digest string) {
	m := readMark(ended)
	if m.device == "" {
		return
	}
	if err := s.dropDevice(ctx, m.subject, m.device, digest); err != nil {
		s.cfg.Logger.WarnContext(ctx, "the device of a session that has ended is left over; it does no harm",
			"device", m.device, "error", err)
	}
}

// dropDevice deletes a device if it still is the session under digest.
func (s *Store) dropDevice(ctx context.Context, subject, device, digest string) error {
	_, _, err := send(ctx, s, s.client.DeleteItem, s.deviceDelete(subject, device, digest))
	if conditionFailed(err) {
		return nil
	}
	return err
}

func (s *Store) deviceDelete(subject, device, digest string) *dynamodb.DeleteItemInput {
	condition := "#0 = :0"
	return &dynamodb.DeleteItemInput{
		TableName:                 &s.cfg.Table,
		Key:                       s.deviceKey(subject, device),
		ConditionExpression:       &condition,
		ExpressionAttributeNames:  map[string]string{"#0": attrSession},
		ExpressionAttributeValues: item{":0": text(digest)},
		ReturnConsumedCapacity:    types.ReturnConsumedCapacityTotal,
	}
}
