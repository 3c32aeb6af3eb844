package localtest

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// A TracedCall is a call that somebody else's client made through a
// [MeterProxy].
type TracedCall struct {
	Call

	// Tables are those that the request names, each once and in order: several
	// only for batches and transactions, and none for statements in PartiQL.
	Tables []string

	// TraceID is that of the invocation which made the call: the AWS SDKs send
	// it from inside Lambda, so that a service can tell that it is called in a
	// circle. It is empty if the client sent none.
	// https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
	TraceID string

	Began    time.Time     // when the request went to DynamoDB
	Duration time.Duration // until its answer, or its failure, was there
}

// traceID is what the SDK took from the function's environment. What is not
// fit for a header it percent-encodes.
func traceID(h http.Header) string {
	sent := h.Get("X-Amzn-Trace-Id")
	if decoded, err := url.PathUnescape(sent); err == nil {
		return decoded
	}
	return sent
}

// tables are the tables that the request names, whatever its operation.
func (r request) tables() []string {
	named := map[string]bool{}
	if r.TableName != "" {
		named[r.TableName] = true
	}
	var batch map[string]json.RawMessage
	if json.Unmarshal(r.RequestItems, &batch) == nil {
		for table := range batch {
			named[table] = true
		}
	}
	for _, item := range r.TransactItems {
		named[item.action().TableName] = true
	}
	delete(named, "")
	return slices.Sorted(maps.Keys(named))
}
