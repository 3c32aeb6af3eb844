package localtest_test

import (
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/localtest"
	"github.com/lambdasession/lambdasession-go/store"
)

// A session is changed once, although DynamoDB's answer to that is lost.
func ExampleDB_Faults() {
	var t *testing.T // the test's

	db := localtest.DynamoDB(t)
	faults := db.Faults(t)
	sessions, err := dynamostore.New(faults.Client, dynamostore.Config{Table: db.Table()})
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	key, err := sessions.Save(t.Context(), store.Record{
		Created: now, Expires: now.Add(time.Hour), Ends: now.Add(time.Hour),
	})
	if err != nil {
		t.Fatal(err)
	}

	faults.Inject(localtest.Fault{
		Kind:       localtest.ConnectionReset,
		Operations: []string{"UpdateItem"},
		Times:      1,
		Applied:    true,
	})
	if _, err := sessions.Update(t.Context(), key, store.Changes{
		Expires: now.Add(time.Hour),
		Set:     map[string][]byte{"n": []byte("1")},
		Expect:  map[string][]byte{"n": nil},
	}); err != nil {
		t.Error(err)
	}
}
