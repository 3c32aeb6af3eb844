package dynamostore

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/lambdasession/lambdasession-go/store"
)

// A ScanClient is a [Client] that can also read a whole table, which only
// [Store.Scan] needs. *[dynamodb.Client] is one.
type ScanClient interface {
	Scan(context.Context, *dynamodb.ScanInput, ...func(*dynamodb.Options)) (*dynamodb.ScanOutput, error)
}

const (
	maxScanLimit = 1000

	// maxScans is how many requests a page may take. In a table that is full of
	// other items it would otherwise take any number.
	maxScans = 10
)

// Scan returns a page of up to limit sessions, 1 to 1,000, from all that are in
// the table, in no particular order and whatever their state. From is empty for
// the first page, and for each further one the next that came with the page
// before. The last page is the one whose next is empty; others may be short,
// even empty, where sessions are few among other items. It is no snapshot: a
// session that comes or goes meanwhile may be there or not, and one that is
// renewed may be there twice or not at all.
//
// It is for people who look at a table, not for requests. DynamoDB bills all
// items that it looks at, subjects' devices and those of other programs
// included, up to limit at a time and up to ten times a page: a read unit for
// each begun 4 KB of their sum, half of that with EventualReads. It needs the
// permission dynamodb:Scan, which nothing else in this package does, and which
// cannot be held to a KeyPrefix. Config.Timeout bounds each request.
//
// It returns an *[store.InvalidError] if limit or from cannot be.
//
// Next is letters, digits, '-' and '_'. It may hold a subject, so keep it out of
// logs.
func (s *Store) Scan(ctx context.Context, from string, limit int) (sessions []Session, next string, err error) {
	client, ok := s.client.(ScanClient)
	if !ok {
		return nil, "", fmt.Errorf("dynamostore: the client (%T) is no ScanClient: give New a *dynamodb.Client", s.client)
	}
	if limit < 1 || limit > maxScanLimit {
		return nil, "", &store.InvalidError{Err: fmt.Errorf("a page of %d sessions: ask for 1 to %d", limit, maxScanLimit)}
	}
	in := s.scanInput(int32(limit))
	if in.ExclusiveStartKey, err = s.parseNext(from); err != nil {
		return nil, "", err
	}
	for range maxScans {
		page, _, err := send(ctx, s, client.Scan, in)
		if err != nil {
			return nil, "", err
		}
		last := len(page.Items) - 1
		for i, it := range page.Items {
			id, ok := s.idOf(it)
			if !ok {
				continue
			}
			sessions = append(sessions, s.inspect(id, it, s.now()))
			if len(sessions) == limit && i < last {
				return sessions, s.formatNext(it), nil
			}
		}
		if len(page.LastEvaluatedKey) == 0 {
			return sessions, "", nil
		}
		in.ExclusiveStartKey = page.LastEvaluatedKey
		if len(sessions) == limit {
			break
		}
	}
	return sessions, s.formatNext(in.ExclusiveStartKey), nil
}

// scanInput asks for sessions, and for nearly nothing else: see idOf.
func (s *Store) scanInput(limit int32) *dynamodb.ScanInput {
	filter, consistent := "begins_with(#0, :0) AND #1 = :1", !s.cfg.EventualReads
	key := s.sessionKey("")
	return &dynamodb.ScanInput{
		TableName:                &s.cfg.Table,
		FilterExpression:         &filter,
		ExpressionAttributeNames: map[string]string{"#0": s.cfg.PartitionKey, "#1": s.cfg.SortKey},
		ExpressionAttributeValues: item{
			":0": key[s.cfg.PartitionKey],
			":1": key[s.cfg.SortKey],
		},
		ConsistentRead:         &consistent,
		Limit:                  &limit, // of items looked at, before the filter
		ReturnConsumedCapacity: types.ReturnConsumedCapacityTotal,
	}
}

// formatNext is the place in the table after the item, which need be no more
// than its key.
func (s *Store) formatNext(it item) string {
	d := decoder{item: it}
	place, _ := json.Marshal([2]string{d.optionalText(s.cfg.PartitionKey), d.optionalText(s.cfg.SortKey)}) // strings always can be
	return base64.RawURLEncoding.EncodeToString(place)
}

// parseNext returns the key of the item that comes before a page; nil for the
// first page.
func (s *Store) parseNext(next string) (item, error) {
	if next == "" {
		return nil, nil
	}
	var place []string
	b, err := base64.RawURLEncoding.DecodeString(next)
	if err == nil {
		err = json.Unmarshal(b, &place)
	}
	if err == nil && (len(place) != 2 || place[0] == "" || place[1] == "") {
		err = errors.New("it names no item")
	}
	if err != nil {
		return nil, &store.InvalidError{Err: fmt.Errorf("no page begins there: give what Scan returned as next, or nothing for the first page: %w", err)}
	}
	return item{s.cfg.PartitionKey: text(place[0]), s.cfg.SortKey: text(place[1])}, nil
}
