package main

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/localtest"
	"github.com/lambdasession/lambdasession-go/store"
)

// fixture is a table with sessions, and the clock of whoever looks at it.
type fixture struct {
	*sessionsTable
	t   *testing.T
	db  *localtest.DB
	now time.Time
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	db := localtest.DynamoDB(t)
	now := time.Now().Truncate(time.Second)
	table := tableOf(t, db.Client, dynamostore.Config{Table: db.Table(), Now: func() time.Time { return now }})
	return &fixture{table, t, db, now}
}

// save stores a session that began a minute ago and has half an hour left. One
// with a subject is on the device of that name.
func (f *fixture) save(subject, device string, values map[string][]byte) store.Key {
	f.t.Helper()
	record := store.Record{
		Values: values, Subject: subject, Device: device,
		Created: f.now.Add(-time.Minute), Expires: f.now.Add(30*time.Minute + time.Second), Ends: f.now.Add(12*time.Hour + time.Second),
	}
	if subject != "" {
		record.Label = "Firefox on " + device
	}
	key, err := f.Save(f.t.Context(), record)
	if err != nil {
		f.t.Fatal("Save: ", err)
	}
	return key
}

// rewrite writes what the table holds a second time, with another text in place
// of one.
func (f *fixture) rewrite(from, to string) {
	f.t.Helper()
	page, err := f.db.Client.Scan(f.t.Context(), &dynamodb.ScanInput{TableName: &f.name})
	if err != nil {
		f.t.Fatal("Scan: ", err)
	}
	for _, item := range page.Items {
		for _, attribute := range item {
			if text, ok := attribute.(*types.AttributeValueMemberS); ok {
				text.Value = strings.ReplaceAll(text.Value, from, to)
			}
		}
		if _, err := f.db.Client.PutItem(f.t.Context(), &dynamodb.PutItemInput{TableName: &f.name, Item: item}); err != nil {
			f.t.Fatal("PutItem: ", err)
		}
	}
}

// end logs a session out.
func (f *fixture) end(key store.Key) {
	f.t.Helper()
	if err := f.Delete(f.t.Context(), key); err != nil {
		f.t.Fatal("Delete: ", err)
	}
}

// lives reports whether the session under the key lives.
func (f *fixture) lives(key store.Key) bool {
	f.t.Helper()
	session, err := f.Inspect(f.t.Context(), key.Digest())
	if err != nil {
		f.t.Fatal("Inspect: ", err)
	}
	return session.State == dynamostore.Live
}
