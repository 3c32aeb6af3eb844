package localtest_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/localtest"
)

// A metered is a proxy with what it has observed.
type metered struct {
	*localtest.MeterProxy
	mu    sync.Mutex
	calls []localtest.TracedCall // guarded by mu
}

// meter starts a proxy in front of endpoint, which ends with the test.
func meter(t testing.TB, endpoint string) *metered {
	t.Helper()
	m := &metered{}
	proxy, err := localtest.StartMeterProxy(endpoint, func(c localtest.TracedCall) {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.calls = append(m.calls, c)
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := proxy.Close(); err != nil {
			t.Error(err)
		}
	})
	m.MeterProxy = proxy
	return m
}

// observed returns the calls so far.
func (m *metered) observed() []localtest.TracedCall {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]localtest.TracedCall(nil), m.calls...)
}

// client returns a client of endpoint with the SDK's own retries and its own
// connections, which end with the test.
func client(t testing.TB, endpoint string, options ...func(*dynamodb.Options)) *dynamodb.Client {
	t.Helper()
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	t.Cleanup(transport.CloseIdleConnections)
	return dynamodb.New(dynamodb.Options{
		Region:       "us-east-1",
		BaseEndpoint: aws.String(endpoint),
		HTTPClient:   &http.Client{Transport: transport},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "local", SecretAccessKey: "local"}, nil
		}),
	}, options...)
}

func TestMeterProxy(t *testing.T) {
	t.Parallel()

	t.Run("measures what a meter in the client does, and counts none of its own calls", func(t *testing.T) {
		t.Parallel()
		db := localtest.DynamoDB(t)
		proxy := meter(t, db.Endpoint())
		table := aws.String(db.Table())
		db.Meter().Reset()
		for _, c := range []*dynamodb.Client{db.Client, client(t, proxy.Endpoint())} {
			mixOfCalls(t, c, table)
		}
		want, got := db.Meter().Calls(), []localtest.Call{}
		for _, call := range proxy.observed() {
			got = append(got, call.Call)
		}
		sameText := cmp.Comparer(func(a, b error) bool { return fmt.Sprint(a) == fmt.Sprint(b) })
		if diff := cmp.Diff(want, got, sameText); diff != "" {
			t.Errorf("in the client (-), by the proxy (+):\n%s", diff)
		}
	})

	t.Run("tells the tables of a call", func(t *testing.T) {
		t.Parallel()
		db := localtest.DynamoDB(t)
		proxy := meter(t, db.Endpoint())
		one, other := db.Table(), db.Table()
		if one > other {
			one, other = other, one
		}
		callOnTables(t, client(t, proxy.Endpoint()), one, other)
		var got [][]string
		for _, call := range proxy.observed() {
			got = append(got, append([]string{call.Operation}, call.Tables...))
		}
		want := [][]string{
			{"ListTables"},
			{"DescribeTable", one},
			{"GetItem", other},
			{"BatchGetItem", one, other},
			{"BatchWriteItem", one, other},
			{"TransactGetItems", one, other},
			{"TransactWriteItems", one, other},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("tables (-want +got):\n%s", diff)
		}
	})

	t.Run("tells when a call began and how long it took", func(t *testing.T) {
		t.Parallel()
		db := localtest.DynamoDB(t)
		proxy := meter(t, db.Endpoint())
		before := time.Now()
		listTables(t, client(t, proxy.Endpoint()))
		took := time.Since(before)
		call := proxy.observed()[0]
		if since := call.Began.Sub(before); since <= 0 || call.Duration <= 0 || since+call.Duration > took {
			t.Errorf("it began %v after its client, and took %v of %v", since, call.Duration, took)
		}
	})

	t.Run("has told of a call before its client has the answer", func(t *testing.T) {
		t.Parallel()
		db := localtest.DynamoDB(t)
		proxy := meter(t, db.Endpoint())
		c := client(t, proxy.Endpoint())
		for want := 1; want <= 100; want++ {
			listTables(t, c)
			if got := len(proxy.observed()); got != want {
				t.Fatalf("after %d answers it has told of %d calls", want, got)
			}
		}
	})

	t.Run("takes many clients at once", func(t *testing.T) {
		t.Parallel()
		db := localtest.DynamoDB(t)
		proxy := meter(t, db.Endpoint())
		table := aws.String(db.Table())
		c := client(t, proxy.Endpoint())
		var clients sync.WaitGroup
		for i := range 64 {
			clients.Go(func() {
				item := sized(fmt.Sprint("item", i), 100)
				write := &dynamodb.TransactWriteItemsInput{
					TransactItems: []types.TransactWriteItem{{Put: &types.Put{TableName: table, Item: item}}},
				}
				if _, err := c.TransactWriteItems(t.Context(), write); err != nil {
					t.Error(err)
				}
			})
		}
		clients.Wait()
		units := 0.0
		for _, call := range proxy.observed() {
			units += call.WriteUnits
		}
		if calls := len(proxy.observed()); calls != 64 || units != 128 {
			t.Errorf("%d calls of %g units", calls, units)
		}
	})

	t.Run("is in front of a DynamoDB Local, and of nothing else", func(t *testing.T) {
		t.Parallel()
		for _, endpoint := range []string{"", "localhost:8000", "ftp://localhost", "http://", "http://%"} {
			_, err := localtest.StartMeterProxy(endpoint, func(localtest.TracedCall) {})
			if err == nil || !strings.Contains(err.Error(), "such as http://localhost:8000") {
				t.Errorf("%q: error is %v", endpoint, err)
			}
		}
	})
}

func listTables(t *testing.T, c *dynamodb.Client) {
	t.Helper()
	if _, err := c.ListTables(t.Context(), &dynamodb.ListTablesInput{}); err != nil {
		t.Fatal(err)
	}
}

// mixOfCalls makes calls of every price, in an order, and leaves the table
// empty.
func mixOfCalls(t *testing.T, c *dynamodb.Client, table *string) {
	t.Helper()
	put := func(bytes int, condition *string) error {
		_, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: table, Item: sized("a", bytes), ConditionExpression: condition})
		return err
	}
	for _, err := range []error{put(3000, notThere), put(100, nil)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	wantAPIError(t, put(100, notThere), "ConditionalCheckFailedException")
	if _, err := c.Query(t.Context(), &dynamodb.QueryInput{
		TableName: table, ConsistentRead: aws.Bool(true), KeyConditionExpression: aws.String("pk = :pk"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":pk": text("a")},
	}); err != nil {
		t.Fatal(err)
	}
	transact := func(condition *string) error {
		_, err := c.TransactWriteItems(t.Context(), &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{
			{Put: &types.Put{TableName: table, Item: sized("b", 2000)}},
			{Delete: &types.Delete{TableName: table, Key: keyOf("a"), ConditionExpression: condition}},
		}})
		return err
	}
	wantAPIError(t, transact(notThere), "TransactionCanceledException")
	if err := transact(there); err != nil {
		t.Fatal(err)
	}
	if _, err := c.DeleteItem(t.Context(), &dynamodb.DeleteItemInput{TableName: table, Key: keyOf("b")}); err != nil {
		t.Fatal(err)
	}
}

// callOnTables makes one call of each form in which tables are named.
func callOnTables(t *testing.T, c *dynamodb.Client, one, other string) {
	t.Helper()
	listTables(t, c)
	keys := types.KeysAndAttributes{Keys: []map[string]types.AttributeValue{keyOf("a")}}
	puts := []types.WriteRequest{{PutRequest: &types.PutRequest{Item: sized("a", 100)}}}
	_, describe := c.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: &one})
	_, get := c.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: &other, Key: keyOf("a")})
	_, batchGet := c.BatchGetItem(t.Context(), &dynamodb.BatchGetItemInput{
		RequestItems: map[string]types.KeysAndAttributes{other: keys, one: keys},
	})
	_, batchWrite := c.BatchWriteItem(t.Context(), &dynamodb.BatchWriteItemInput{
		RequestItems: map[string][]types.WriteRequest{other: puts, one: puts},
	})
	_, transactGet := c.TransactGetItems(t.Context(), &dynamodb.TransactGetItemsInput{TransactItems: []types.TransactGetItem{
		{Get: &types.Get{TableName: &other, Key: keyOf("a")}},
		{Get: &types.Get{TableName: &one, Key: keyOf("a")}},
	}})
	_, transactWrite := c.TransactWriteItems(t.Context(), &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{
		{Delete: &types.Delete{TableName: &other, Key: keyOf("a")}},
		{Put: &types.Put{TableName: &one, Item: sized("b", 100)}},
		{Delete: &types.Delete{TableName: &one, Key: keyOf("a")}},
	}})
	for _, err := range []error{describe, get, batchGet, batchWrite, transactGet, transactWrite} {
		if err != nil {
			t.Fatal(err)
		}
	}
}
