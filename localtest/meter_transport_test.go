package localtest

import (
	"errors"
	"hash/crc32"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
)

// wire answers every request with the same.
type wire struct {
	status int
	body   io.Reader
	err    error
	sent   string // what it was asked last
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	w.sent = string(body)
	if w.err != nil {
		return nil, w.err
	}
	return &http.Response{StatusCode: w.status, Header: http.Header{"X-Amz-Crc32": {"1"}}, Body: io.NopCloser(w.body)}, nil
}

// What is not as expected passes through the meter as it is.
func TestMeterTransport(t *testing.T) {
	t.Parallel()
	const put = `{"Item":{"v":{"S":"<&>"}},"TableName":"t"}`
	tests := []struct {
		name          string
		operation     string
		request       string
		wire          wire
		sent          string // to DynamoDB; as the request if empty
		received      string // by the client
		failure       string // of the call, as the meter has it
		failsOutright bool
		breaksOff     bool
	}{
		{
			name: "an operation that costs nothing", operation: "ListTables", request: `{"Limit":1}`,
			wire: wire{status: 200, body: strings.NewReader(`{"TableNames":["<a>"]}`)}, received: `{"TableNames":["<a>"]}`,
		},
		{
			name: "more is asked, and taken out again", operation: "PutItem", request: put,
			wire:     wire{status: 200, body: strings.NewReader(`{"Attributes":{"v":{"S":"<&>"}},"ConsumedCapacity":{"CapacityUnits":1}}`)},
			sent:     `{"Item":{"v":{"S":"<&>"}},"ReturnConsumedCapacity":"TOTAL","ReturnValuesOnConditionCheckFailure":"ALL_OLD","TableName":"t"}`,
			received: `{"Attributes":{"v":{"S":"<&>"}}}`,
		},
		{
			name: "NONE is as good as nothing", operation: "GetItem", request: `{"ReturnConsumedCapacity":"NONE"}`,
			wire:     wire{status: 200, body: strings.NewReader(`{"ConsumedCapacity":{"CapacityUnits":1}}`)},
			sent:     `{"ReturnConsumedCapacity":"TOTAL"}`,
			received: `{}`,
		},
		{
			name: "what was asked for stays", operation: "GetItem", request: `{ "ReturnConsumedCapacity" : "INDEXES" }`,
			wire:     wire{status: 200, body: strings.NewReader(`{ "ConsumedCapacity" : {"CapacityUnits":1} }`)},
			received: `{ "ConsumedCapacity" : {"CapacityUnits":1} }`,
		},
		{
			name: "a request that is no JSON", operation: "GetItem", request: `{`,
			wire:     wire{status: 400, body: strings.NewReader(`{"__type":"SerializationException","Message":"no"}`)},
			received: `{"__type":"SerializationException","Message":"no"}`, failure: "SerializationException: no",
		},
		{
			name: "a page of a proxy", operation: "GetItem", request: `{"ReturnConsumedCapacity":"TOTAL"}`,
			wire: wire{status: 502, body: strings.NewReader("<html>")}, received: "<html>", failure: "Bad Gateway: <html>",
		},
		{
			name: "an answer that is no JSON", operation: "GetItem", request: `{"ReturnConsumedCapacity":"TOTAL"}`,
			wire: wire{status: 200, body: strings.NewReader("nonsense")}, received: "nonsense",
			failure: "UnreadableAnswer: invalid character 'o' in literal null (expecting 'u')",
		},
		{
			name: "no answer", operation: "GetItem", request: `{"ReturnConsumedCapacity":"TOTAL"}`,
			wire: wire{err: errors.New("connection refused")}, failure: "connection refused", failsOutright: true,
		},
		{
			name: "half an answer", operation: "GetItem", request: `{"ReturnConsumedCapacity":"TOTAL"}`,
			wire:     wire{status: 200, body: io.MultiReader(strings.NewReader("half"), iotest.ErrReader(io.ErrUnexpectedEOF))},
			received: "half", failure: "unexpected EOF", breaksOff: true,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			meter := &Meter{}
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://localhost/", strings.NewReader(test.request))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("X-Amz-Target", "DynamoDB_20120810."+test.operation)

			response, err := meter.transport(&test.wire).RoundTrip(r)

			if test.sent == "" {
				test.sent = test.request
			}
			if test.wire.sent != test.sent {
				t.Errorf("sent %s\nwant %s", test.wire.sent, test.sent)
			}
			if (err != nil) != test.failsOutright {
				t.Fatalf("error is %v", err)
			}
			if err == nil {
				received, err := io.ReadAll(response.Body)
				if (err != nil) != test.breaksOff {
					t.Fatal(err)
				}
				if string(received) != test.received {
					t.Errorf("received %s\nwant %s", received, test.received)
				}
				sum := strconv.FormatUint(uint64(crc32.ChecksumIEEE(received)), 10)
				if !test.breaksOff && (response.ContentLength != int64(len(received)) || response.Header.Get("X-Amz-Crc32") != sum) {
					t.Errorf("length %d, header %v", response.ContentLength, response.Header)
				}
			}
			calls := meter.Calls()
			if len(calls) != 1 {
				t.Fatalf("%d calls", len(calls))
			}
			call := calls[0]
			if call.Operation != test.operation || call.BytesSent != int64(len(test.request)) || call.BytesReceived != int64(len(test.received)) {
				t.Errorf("call %+v", call)
			}
			if got := errorText(call.Err); got != test.failure {
				t.Errorf("failure %q; want %q", got, test.failure)
			}
		})
	}
}

func errorText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
