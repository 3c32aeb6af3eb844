package console

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/localtest"
	"github.com/lambdasession/lambdasession-go/store"
)

// tableSite is the pages with the sessions of a real table.
type tableSite struct {
	*site
	db    *localtest.DB
	table string
	now   time.Time
	store *dynamostore.Store
}

func newTableSite(t *testing.T) *tableSite {
	t.Helper()
	db := localtest.DynamoDB(t)
	// A day ahead of DynamoDB Local's clock: it really sweeps what has expired.
	s := &tableSite{db: db, table: db.Table(), now: time.Now().Add(24 * time.Hour).Truncate(time.Second)}
	s.store = s.storeAt(t, s.now)
	s.site = newSite(t, Config{Sessions: s.store, Table: s.table, Now: func() time.Time { return s.now }})
	return s
}

// storeAt is a store with a clock that stands.
func (s *tableSite) storeAt(t *testing.T, now time.Time) *dynamostore.Store {
	t.Helper()
	st, err := dynamostore.New(s.db.Client, dynamostore.Config{Table: s.table, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	return st
}

// record is a session of an hour's idle and twelve hours' absolute timeout.
func (s *tableSite) record(subject, label string) store.Record {
	r := store.Record{
		Values:  map[string][]byte{"cart": []byte(`{"items":["` + "tea" + `"]}`)},
		Created: s.now.Add(-time.Minute),
		Expires: s.now.Add(time.Hour),
		Ends:    s.now.Add(12 * time.Hour),
	}
	if subject != "" {
		r.Subject, r.Device, r.Label = subject, "device-"+subject+label, label
	}
	return r
}

func (s *tableSite) save(t *testing.T, r store.Record) store.Key {
	t.Helper()
	key, err := s.store.Save(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// session returns the entry of the session that a key names.
func (s *tableSite) session(page string, key store.Key) string {
	s.t.Helper()
	_, row, found := strings.Cut(page, `<li id="session-`+shortID(key.Digest())+`"`)
	if !found {
		s.t.Fatalf("the session is not in\n%s", page)
	}
	row, _, _ = strings.Cut(row, "</li>")
	return row
}

// put puts an item that no store wrote.
func (s *tableSite) put(t *testing.T, item map[string]types.AttributeValue) {
	t.Helper()
	if _, err := s.db.Client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String(s.table), Item: item}); err != nil {
		t.Fatal(err)
	}
}

// brokenTable is a table that does not answer.
type brokenTable struct{}

var errBroken = errors.New("connection refused")

func (brokenTable) Scan(context.Context, string, int) ([]dynamostore.Session, string, error) {
	return nil, "", errBroken
}

func (brokenTable) Devices(context.Context, string) ([]store.Device, error) { return nil, errBroken }

func (brokenTable) End(context.Context, string) error { return fmt.Errorf("ending: %w", errBroken) }
