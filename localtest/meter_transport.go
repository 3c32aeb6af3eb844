package localtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// targetPrefix is what precedes the operation in the header X-Amz-Target.
const targetPrefix = "DynamoDB_20120810."

// meterTransport measures what passes through it. To learn what a call costs it
// asks DynamoDB for more than its client did, and takes that out of the answer
// again. (It can, since DynamoDB Local verifies no signature.)
type meterTransport struct {
	observe func(TracedCall) // told of a call before its answer is passed on
	base    http.RoundTripper

	mu   sync.Mutex
	keys map[string][]string // names of the key attributes, by table; guarded by mu
}

func (m *Meter) transport(base http.RoundTripper) *meterTransport {
	return newMeterTransport(base, func(c TracedCall) { m.add(c.Call) })
}

func newMeterTransport(base http.RoundTripper, observe func(TracedCall)) *meterTransport {
	return &meterTransport{observe: observe, base: base, keys: map[string][]string{}}
}

// RoundTrip implements [http.RoundTripper].
func (t *meterTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	call := TracedCall{
		Call:    Call{Operation: strings.TrimPrefix(r.Header.Get("X-Amz-Target"), targetPrefix)},
		TraceID: traceID(r.Header),
	}
	response, err := t.measure(r, &call)
	if err != nil {
		call.Err = err
	}
	t.observe(call)
	return response, err
}

func (t *meterTransport) measure(r *http.Request, call *TracedCall) (*http.Response, error) {
	sent, err := readBody(r.Body)
	if err != nil {
		return nil, err
	}
	call.BytesSent = int64(len(sent))
	cost, more := newCost(call.Operation, sent)
	call.Tables = cost.request.tables()
	cost.before = t.sizes(r, cost)

	call.Began = time.Now()
	response, received, err := t.send(r, call.Operation, more)
	call.Duration = time.Since(call.Began)
	if response == nil {
		return nil, err
	}
	if err != nil { // the client is to meet the same end
		call.Err, call.BytesReceived = err, int64(len(received))
		response.Body = io.NopCloser(io.MultiReader(bytes.NewReader(received), cutShort{err}))
		return response, nil
	}
	cost.answered(response.StatusCode, received)
	if cost.failure.Type == "" {
		cost.after = t.sizes(r, cost)
	} else {
		call.Err = cost.failure
	}
	call.ReadUnits, call.WriteUnits = cost.units()

	received = cost.strip(received)
	call.BytesReceived = int64(len(received))
	response.Body = io.NopCloser(bytes.NewReader(received))
	response.ContentLength = int64(len(received))
	response.Header.Set("Content-Length", strconv.Itoa(len(received)))
	if response.Header.Get("X-Amz-Crc32") != "" { // SDKs check it
		response.Header.Set("X-Amz-Crc32", strconv.FormatUint(uint64(crc32.ChecksumIEEE(received)), 10))
	}
	return response, nil
}

// send sends body as operation, with all else as in r, and reads the answer. If
// that breaks off, the error comes with what there was of it.
func (t *meterTransport) send(r *http.Request, operation string, body []byte) (*http.Response, []byte, error) {
	r = r.Clone(r.Context())
	r.Header.Set("X-Amz-Target", targetPrefix+operation)
	r.Body, r.GetBody = io.NopCloser(bytes.NewReader(body)), nil
	r.ContentLength = int64(len(body))
	response, err := t.base.RoundTrip(r)
	if err != nil {
		return nil, nil, err
	}
	received, err := readBody(response.Body)
	return response, received, err
}

// ask sends another operation, beside the one that is measured, and decodes its
// answer.
func (t *meterTransport) ask(r *http.Request, operation string, question, answer any) error {
	body, err := json.Marshal(question)
	if err != nil {
		return err
	}
	response, received, err := t.send(r, operation, body)
	if err != nil {
		return err
	}
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s", operation, received)
	}
	return json.Unmarshal(received, answer)
}

// sizes reads how large the items of a TransactWriteItems are at this moment, in
// the order of its actions. What it cannot read counts as missing.
func (t *meterTransport) sizes(r *http.Request, c *cost) []int {
	if c.operation != "TransactWriteItems" {
		return nil
	}
	var question struct {
		TransactItems []struct{ Get itemRef }
	}
	for _, item := range c.request.TransactItems {
		ref := item.action().itemRef
		if ref.Key == nil { // a Put names no key, but brings it along
			ref.Key = map[string]attribute{}
			for _, name := range t.keyNames(r, ref.TableName) {
				ref.Key[name] = item.action().Item[name]
			}
		}
		question.TransactItems = append(question.TransactItems, struct{ Get itemRef }{ref})
	}
	var answer struct {
		Responses []struct{ Item map[string]attribute }
	}
	sizes := make([]int, len(c.request.TransactItems))
	if err := t.ask(r, "TransactGetItems", question, &answer); err != nil {
		return sizes
	}
	for i, response := range answer.Responses {
		sizes[i] = itemSize(response.Item)
	}
	return sizes
}

// keyNames returns the names of a table's key attributes.
func (t *meterTransport) keyNames(r *http.Request, table string) []string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.keys[table] == nil {
		var answer struct {
			Table struct {
				KeySchema []struct{ AttributeName string }
			}
		}
		if err := t.ask(r, "DescribeTable", struct{ TableName string }{table}, &answer); err != nil {
			return nil
		}
		for _, key := range answer.Table.KeySchema {
			t.keys[table] = append(t.keys[table], key.AttributeName)
		}
	}
	return t.keys[table]
}

// cutShort is the end of an answer that is not all there.
type cutShort struct{ err error }

func (b cutShort) Read([]byte) (int, error) { return 0, b.err }

func readBody(body io.ReadCloser) ([]byte, error) {
	if body == nil {
		return nil, nil
	}
	defer body.Close()
	return io.ReadAll(body)
}
