package localtest_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/localtest"
)

// What a client gets through the proxy is what it would get without it, but
// for what is another one every time.
func TestMeterProxyAnswersAsDynamoDBLocalDoes(t *testing.T) {
	t.Parallel()
	db := localtest.DynamoDB(t)
	proxy := meter(t, db.Endpoint())
	table := db.Table()
	transport := &http.Transport{DisableCompression: true}
	t.Cleanup(transport.CloseIdleConnections)

	item := func(value string) string { return `{"pk":{"S":"a"},"sk":{"S":"s"},"v":{"S":"` + value + `"}}` }
	key := `"Key":{"pk":{"S":"a"},"sk":{"S":"s"}},"TableName":"` + table + `"`
	for _, test := range []struct {
		name string
		rawRequest
	}{
		{"an item that is written", rawRequest{target: "PutItem", body: `{"Item":` + item("<&>") + `,"TableName":"` + table + `"}`}},
		{"an item that is there", rawRequest{target: "GetItem", body: `{` + key + `}`}},
		{"an item with its capacity", rawRequest{target: "GetItem", body: `{` + key + `,"ReturnConsumedCapacity":"INDEXES"}`}},
		{"a condition that fails", rawRequest{target: "DeleteItem", body: `{` + key + `,"ConditionExpression":"attribute_exists(nothing)"}`}},
		{"a table that is not there", rawRequest{target: "GetItem", body: `{"Key":{"pk":{"S":"a"},"sk":{"S":"s"}},"TableName":"nothing"}`}},
		{"a request that is not valid", rawRequest{target: "GetItem", body: `{"TableName":"` + table + `"}`}},
		{"a request that is no JSON", rawRequest{target: "GetItem", body: `{`}},
		{"a request without a body", rawRequest{target: "GetItem"}},
		{"an operation that is none", rawRequest{target: "FlyToTheMoon", body: `{}`}},
		{"no operation", rawRequest{body: `{}`}},
		{"a client that would take gzip", rawRequest{target: "GetItem", body: `{` + key + `}`, header: map[string]string{"Accept-Encoding": "gzip"}}},
		{"a body that says it is gzip", rawRequest{target: "GetItem", body: `{` + key + `}`, header: map[string]string{"Content-Encoding": "gzip"}}},
		{"a browser's question before its request", rawRequest{method: http.MethodOptions, header: map[string]string{"Origin": "http://localhost", "Access-Control-Request-Method": "POST"}}},
		{"another method", rawRequest{method: http.MethodGet}},
		{"a path", rawRequest{method: http.MethodGet, path: "/shell/?a=%2f"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var answers []rawAnswer
			for _, endpoint := range []string{db.Endpoint(), proxy.Endpoint()} {
				answer := exchange(t.Context(), t, transport, endpoint, test.rawRequest)
				answer.Header.Del("Date")
				answer.Header.Del("X-Amzn-Requestid")
				answer.Body = sortedMembers(answer.Body) // an order that means nothing
				answers = append(answers, answer)
			}
			if diff := cmp.Diff(answers[0], answers[1]); diff != "" {
				t.Errorf("without the proxy (-), through it (+):\n%s", diff)
			}
		})
	}
	for _, call := range proxy.observed() {
		if call.Operation == "" {
			t.Errorf("it takes that for a call: %+v", call)
		}
	}
}

// sortedMembers is the JSON with the members of objects in order; anything else
// as it is.
func sortedMembers(body string) string {
	var value any
	if json.Unmarshal([]byte(body), &value) != nil {
		return body
	}
	sorted, _ := json.Marshal(value) // it was JSON a moment ago
	return string(sorted)
}

func TestMeterProxyCarriesLargeBodies(t *testing.T) {
	t.Parallel()
	db := localtest.DynamoDB(t)
	proxy := meter(t, db.Endpoint())
	table := db.Table()
	c := client(t, proxy.Endpoint())
	const items, bytes = 25, 400 << 10 // the most that a batch may write
	var puts []types.WriteRequest
	var keys []map[string]types.AttributeValue
	for i := range items {
		pk := strings.Repeat("x", i+1)
		puts = append(puts, types.WriteRequest{PutRequest: &types.PutRequest{Item: sized(pk, bytes)}})
		keys = append(keys, keyOf(pk))
	}
	if _, err := c.BatchWriteItem(t.Context(), &dynamodb.BatchWriteItemInput{
		RequestItems: map[string][]types.WriteRequest{table: puts},
	}); err != nil {
		t.Fatal(err)
	}
	output, err := c.BatchGetItem(t.Context(), &dynamodb.BatchGetItemInput{
		RequestItems: map[string]types.KeysAndAttributes{table: {Keys: keys, ConsistentRead: aws.Bool(true)}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := len(output.Responses[table]); got != items {
		t.Errorf("%d items", got)
	}
	calls := proxy.observed()
	if len(calls) != 2 || calls[0].WriteUnits != items*400 || calls[1].ReadUnits != items*100 {
		t.Errorf("calls %+v", calls)
	}
}

func TestMeterProxyKeepsConnections(t *testing.T) {
	t.Parallel()
	db := localtest.DynamoDB(t)
	proxy := meter(t, db.Endpoint())
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	opened := 0
	ctx := httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{GotConn: func(i httptrace.GotConnInfo) {
		if !i.Reused {
			opened++
		}
	}})
	for range 10 {
		exchange(ctx, t, transport, proxy.Endpoint(), rawRequest{target: "ListTables", body: "{}"})
	}
	if opened != 1 {
		t.Errorf("%d connections for 10 requests one after the other", opened)
	}
}

// A rawRequest is what goes to DynamoDB without an SDK.
type rawRequest struct {
	method, path string // POST and / if empty
	target       string // the operation, if any
	body         string
	header       map[string]string
}

type rawAnswer struct {
	Status int
	Header http.Header
	Body   string
}

// exchange sends the request to endpoint and returns the answer as it is on the
// wire.
func exchange(ctx context.Context, t *testing.T, transport http.RoundTripper, endpoint string, q rawRequest) rawAnswer {
	t.Helper()
	method, path := http.MethodPost, "/"
	if q.method != "" {
		method = q.method
	}
	if q.path != "" {
		path = q.path
	}
	r, err := http.NewRequestWithContext(ctx, method, endpoint+path, strings.NewReader(q.body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-amz-json-1.0")
	r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0")
	r.Header.Set("X-Amz-Date", "20260101T000000Z")
	if q.target != "" {
		r.Header.Set("X-Amz-Target", "DynamoDB_20120810."+q.target)
	}
	for name, value := range q.header {
		r.Header.Set(name, value)
	}
	response, err := transport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return rawAnswer{response.StatusCode, response.Header, string(body)}
}
