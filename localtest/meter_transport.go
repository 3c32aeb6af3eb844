package localtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
)

// targetPrefix is what precedes the operation in the header X-Amz-Target.
const targetPrefix = "DynamoDB_20120810."

// meterTransport measures what passes through it. To learn what a call costs it
// asks DynamoDB for more than its client did, and takes that out of the answer
// again. (It can, since DynamoDB Local verifies no signature.)
type meterTransport struct {
	meter *Meter
	base  http.RoundTripper

	mu   sync.Mutex
	keys map[string][]string // names of the key attributes, by table; guarded by mu
}

func (m *Meter) transport(base http.RoundTripper) *meterTransport {
	return &meterTransport{meter: m, base: base, keys: map[string][]string{}}
}

// RoundTrip implements [http.RoundTripper].
func (t *meterTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	call := Call{Operation: strings.TrimPrefix(r.Header.Get("X-Amz-Target"), targetPrefix)}
	response, err := t.measure(r, &call)
	if err != nil {
		call.Err = err
	}
	t.meter.add(call)
	return response, err
}

func (t *meterTransport) measure(r *http.Request, call *Call) (*http.Response, error) {
	sent, err := readBody(r.Body)
	if err != nil {
		return nil, err
	}
	call.BytesSent = int64(len(sent))
	cost, more := newCost(call.Operation, sent)
	cost.before = t.sizes(r, cost)

	response, received, err := t.send(r, call.Operation, more)
	if err != nil {
		return nil, err
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
	response.Header.Del("X-Amz-Crc32") // of the answer before
	return response, nil
}

// send sends body as operation, with all else as in r, and reads the answer.
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

func readBody(body io.ReadCloser) ([]byte, error) {
	if body == nil {
		return nil, nil
	}
	defer body.Close()
	return io.ReadAll(body)
}
