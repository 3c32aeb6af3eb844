package dynamostore

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/lambdasession/lambdasession-go/store"
)

// maxBatch is how many items a BatchGetItem may ask for.
const maxBatch = 100

// Devices lists the live sessions of the subject, as [store.Subjects] says. It
// is a Query, and a BatchGetItem for each hundred sessions.
func (s *Store) Devices(ctx context.Context, subject string) ([]store.Device, error) {
	if err := checkSubject(subject); err != nil {
		return nil, err
	}
	listed, err := s.listed(ctx, subject)
	if err != nil {
		return nil, err
	}
	var devices []store.Device
	for chunk := range slices.Chunk(listed, maxBatch) {
		sessions, err := s.sessionHeads(ctx, chunk)
		if err != nil {
			return nil, err
		}
		for _, d := range chunk {
			head, err := s.sessionOf(ctx, subject, d, sessions[s.partitionOf(s.sessionKey(d.session))])
			switch {
			case err == nil:
				devices = append(devices, store.Device{
					ID: d.id, Label: d.label,
					Created: head.Created, Expires: head.Expires, Ends: head.Ends,
				})
			case errors.Is(err, store.ErrNotFound):
			case isDecodeError(err):
				s.warnUnreadable(ctx, d.id, err)
			default:
				return nil, err
			}
		}
	}
	slices.SortFunc(devices, func(a, b store.Device) int {
		return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
	})
	return devices, nil
}

// listed returns the subject's devices as they are written down, the stale
// ones among them.
func (s *Store) listed(ctx context.Context, subject string) ([]device, error) {
	condition, consistent := "#0 = :0 AND begins_with(#1, :1)", true
	key := s.deviceKey(subject, "")
	in := &dynamodb.QueryInput{
		TableName:                &s.cfg.Table,
		KeyConditionExpression:   &condition,
		ExpressionAttributeNames: map[string]string{"#0": s.cfg.PartitionKey, "#1": s.cfg.SortKey},
		ExpressionAttributeValues: item{
			":0": key[s.cfg.PartitionKey],
			":1": key[s.cfg.SortKey],
		},
		ConsistentRead:         &consistent,
		ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
	}
	var devices []device
	for {
		page, _, err := send(ctx, s, s.client.Query, in)
		if err != nil {
			return nil, err
		}
		for _, it := range page.Items {
			d, err := s.readDevice(it)
			if err != nil {
				s.warnUnreadable(ctx, d.id, err)
				continue
			}
			devices = append(devices, d)
		}
		if len(page.LastEvaluatedKey) == 0 {
			return devices, nil
		}
		in.ExclusiveStartKey = page.LastEvaluatedKey
	}
}

// sessionHeads reads the sessions of the devices, without their values, and
// returns them by partition key.
func (s *Store) sessionHeads(ctx context.Context, devices []device) (map[string]item, error) {
	keys := map[string]item{} // DynamoDB refuses a key that comes twice
	for _, d := range devices {
		keys[d.session] = s.sessionKey(d.session)
	}
	projection, names := s.headProjection()
	consistent := true
	found, err := s.getBatch(ctx, types.KeysAndAttributes{
		Keys:                     slices.Collect(maps.Values(keys)),
		ProjectionExpression:     &projection,
		ExpressionAttributeNames: names,
		ConsistentRead:           &consistent,
	})
	if err != nil {
		return nil, err
	}
	sessions := make(map[string]item, len(found))
	for _, it := range found {
		sessions[s.partitionOf(it)] = it
	}
	return sessions, nil
}

func (s *Store) partitionOf(it item) string {
	d := decoder{item: it}
	return d.optionalText(s.cfg.PartitionKey)
}

// headProjection names all attributes of a session or a mark but the values.
func (s *Store) headProjection() (projection string, names map[string]string) {
	u := newUpdate(nil)
	for i, a := range []string{
		s.cfg.PartitionKey, s.cfg.TTLAttribute, attrCreated, attrDevice,
		attrEnded, attrEnds, attrRev, attrSubject, attrVersion,
	} {
		if i > 0 {
			projection += ", "
		}
		projection += u.name(a)
	}
	return projection, u.names
}

// getBatch reads up to a hundred items. DynamoDB may leave some out, for their
// size or for throttling, and is asked for those again.
func (s *Store) getBatch(ctx context.Context, keys types.KeysAndAttributes) ([]item, error) {
	in := &dynamodb.BatchGetItemInput{
		RequestItems:           map[string]types.KeysAndAttributes{s.cfg.Table: keys},
		ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
	}
	var found []item
	for barren := 0; ; {
		out, _, err := send(ctx, s, s.client.BatchGetItem, in)
		if err != nil {
			return nil, err
		}
		before := len(found)
		for _, items := range out.Responses {
			found = append(found, items...)
		}
		if len(out.UnprocessedKeys) == 0 {
			return found, nil
		}
		in.RequestItems = out.UnprocessedKeys
		if len(found) > before {
			continue
		}
		if barren++; barren == maxAttempts {
			return nil, errBarren
		}
		if err := pause(ctx, firstPause<<barren); err != nil {
			return nil, err
		}
	}
}

var errBarren = errors.New("dynamostore: DynamoDB answers a batch without any of its items: throttled; check the table's limits and alarms")

// sessionOf returns the live session that the device is, without its values,
// given the item under the digest that the device had when it was listed. A
// mark there may be that of a renewal just now: the device then tells where
// the session has moved to.
func (s *Store) sessionOf(ctx context.Context, subject string, d device, session item) (store.Record, error) {
	for isMark(session) {
		again, err := s.device(ctx, subject, d.id)
		if err != nil {
			return store.Record{}, err
		}
		if again.session == d.session {
			return store.Record{}, store.ErrNotFound
		}
		d = again
		if session, err = s.get(ctx, s.sessionKey(d.session), true); err != nil {
			return store.Record{}, err
		}
	}
	head, err := s.readHead(session, s.now())
	if err != nil {
		return store.Record{}, err
	}
	if head.Subject != subject || head.Device != d.id {
		return store.Record{}, store.ErrNotFound
	}
	return head, nil
}

func (s *Store) warnUnreadable(ctx context.Context, device string, err error) {
	s.cfg.Logger.WarnContext(ctx, "a device cannot be listed", "device", device, "error", err)
}
