package localtest

import (
	"context"
	"crypto/rand"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
)

// DB is one test's view of a DynamoDB Local: a client, and a meter that nobody
// else's calls run through.
type DB struct {
	// Client is metered. For other settings, such as no retries, derive one
	// that is metered as well:
	//
	//	dynamodb.New(db.Client.Options(), func(o *dynamodb.Options) { ... })
	Client *dynamodb.Client

	tb       testing.TB
	endpoint string
	meter    *Meter
	plain    *dynamodb.Client // for what localtest itself does: not metered
}

// started is the one DynamoDB Local of this test binary: it takes a second to
// start. It is never closed, but ends when the binary does.
var started = sync.OnceValues(func() (*Server, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute) // to download it
	defer cancel()
	return StartDynamoDB(ctx, nil)
})

// DynamoDB returns a view of the test binary's own DynamoDB Local, which the
// first call starts as [StartDynamoDB] does. The test fails at once if that is
// not possible. Connections are closed, and tables deleted, when the test ends.
func DynamoDB(tb testing.TB) *DB {
	tb.Helper()
	server, err := started()
	if err == nil {
		err = server.crashed()
	}
	if err != nil {
		tb.Fatal("localtest: ", err)
	}
	transport := newTransport()
	tb.Cleanup(func() {
		transport.CloseIdleConnections()
		if err := server.crashed(); err != nil {
			tb.Error("localtest: ", err)
		}
	})
	meter := &Meter{}
	return &DB{
		Client:   newClient(server.endpoint, meter.transport(transport)),
		tb:       tb,
		endpoint: server.endpoint,
		meter:    meter,
		plain:    newClient(server.endpoint, transport),
	}
}

// Endpoint is the URL of the DynamoDB Local: what AWS_ENDPOINT_URL_DYNAMODB
// wants. Calls that reach it by another client than db.Client are not metered.
func (db *DB) Endpoint() string { return db.endpoint }

// Meter counts the calls of db.Client.
func (db *DB) Meter() *Meter { return db.meter }

// Table creates a sessions table, with pk and sk for keys and TTL on expires,
// and returns its name. Every call creates another one.
func (db *DB) Table() string {
	db.tb.Helper()
	name := "sessions-" + strings.ToLower(rand.Text())
	if err := createTable(db.tb.Context(), db.plain, name); err != nil {
		db.tb.Fatal("localtest: ", err)
	}
	db.tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		if _, err := db.plain.DeleteTable(ctx, &dynamodb.DeleteTableInput{TableName: aws.String(name)}); err != nil {
			db.tb.Log("localtest: deleting a table: ", err)
		}
	})
	return name
}
