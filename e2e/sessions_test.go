package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/localtest"
	"github.com/lambdasession/lambdasession-go/store"
)

// scriptTable is the command "sessions-table [subject/device...]" of scripts. It
// makes a table in a DynamoDB Local, with a session for each argument, and says
// where it is as a user would: by SESSION_TABLE and AWS_ENDPOINT_URL_DYNAMODB.
// The first session's id is $ID1, and its key, which nobody may print, $KEY1.
// $NEW_TABLE is the name of a table that is not there yet.
func scriptTable(t *testing.T) func(ts *testscript.TestScript, neg bool, args []string) {
	return func(ts *testscript.TestScript, _ bool, args []string) {
		db := localtest.DynamoDB(t)
		name := db.Table()
		sessions, err := dynamostore.New(db.Client, dynamostore.Config{Table: name})
		ts.Check(err)
		ts.Setenv("SESSION_TABLE", name)
		ts.Setenv("AWS_ENDPOINT_URL_DYNAMODB", db.Endpoint())
		ts.Setenv("NEW_TABLE", name+"-new")
		now := time.Now()
		for i, arg := range args {
			subject, device, _ := strings.Cut(arg, "/")
			key, err := sessions.Save(t.Context(), store.Record{
				Values:  map[string][]byte{"cart": []byte(`{"sku":"ferrule"}`)},
				Subject: subject, Device: device, Label: "Firefox on " + device,
				Created: now, Expires: now.Add(time.Hour), Ends: now.Add(12 * time.Hour),
			})
			ts.Check(err)
			ts.Setenv(fmt.Sprint("ID", i+1), key.Digest())
			ts.Setenv(fmt.Sprint("KEY", i+1), key.Reveal())
		}
	}
}
