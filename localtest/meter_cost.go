package localtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// cost is what is known of a call's price: its request, its answer, and for a
// transaction the sizes of its items before and after.
type cost struct {
	operation     string
	request       request
	answer        answerBody
	failure       failure // its Type is empty if the call succeeded
	before, after []int   // bytes, by action of a transaction
}

// request is what matters of any operation's request.
type request struct {
	TableName                           string
	ConsistentRead                      bool
	ReturnConsumedCapacity              string
	ReturnValuesOnConditionCheckFailure string
	RequestItems                        json.RawMessage // its form depends on the operation
	TransactItems                       []transactItem
}

type transactItem struct{ Get, Put, Update, Delete, ConditionCheck *action }

type action struct {
	itemRef
	Item map[string]attribute // of a Put
}

type itemRef struct {
	TableName string
	Key       map[string]attribute
}

func (t transactItem) action() action {
	for _, a := range []*action{t.Get, t.Put, t.Update, t.Delete, t.ConditionCheck} {
		if a != nil {
			return *a
		}
	}
	return action{} // as invalid as that request is
}

// batchGet is RequestItems of a BatchGetItem, and UnprocessedKeys of its answer.
type batchGet map[string]struct {
	ConsistentRead bool
	Keys           []json.RawMessage
}

// answerBody is what matters of any operation's answer.
type answerBody struct {
	ConsumedCapacity capacities
	Responses        json.RawMessage // of a BatchGetItem, by table
	UnprocessedKeys  batchGet
}

// failure is the body of an answer that is an error.
type failure struct {
	Type    string `json:"__type"`
	Message string
	Item    map[string]attribute // of a failed condition, if asked for
}

func (f failure) Error() string { return f.Type + ": " + f.Message }

// capacities is ConsumedCapacity: one table's or a list of them.
type capacities float64

func (c *capacities) UnmarshalJSON(b []byte) error {
	if !bytes.HasPrefix(b, []byte("[")) {
		b = slices.Concat([]byte("["), b, []byte("]"))
	}
	var tables []struct{ CapacityUnits float64 }
	err := json.Unmarshal(b, &tables)
	for _, table := range tables {
		*c += capacities(table.CapacityUnits)
	}
	return err
}

// The operations that cost something, and the option by which they tell the item
// that a failed condition was held against.
var (
	readOperations  = []string{"BatchGetItem", "GetItem", "Query", "Scan", "TransactGetItems"}
	itemWrites      = []string{"DeleteItem", "PutItem", "UpdateItem"}
	writeOperations = append([]string{"BatchWriteItem", "TransactWriteItems"}, itemWrites...)
)

// newCost reads a request and returns it with what more is to be asked for.
func newCost(operation string, body []byte) (c *cost, more []byte) {
	c = &cost{operation: operation}
	if json.Unmarshal(body, &c.request) != nil {
		return c, body // DynamoDB will refuse it as well
	}
	return c, edit(body, func(members map[string]json.RawMessage) (changed bool) {
		if c.hidesCapacity() && (slices.Contains(readOperations, operation) || slices.Contains(writeOperations, operation)) {
			members["ReturnConsumedCapacity"] = json.RawMessage(`"TOTAL"`)
			changed = true
		}
		if c.hidesItem() && slices.Contains(itemWrites, operation) {
			members["ReturnValuesOnConditionCheckFailure"] = json.RawMessage(`"ALL_OLD"`)
			changed = true
		}
		return changed
	})
}

// hidesCapacity reports whether the client asked for no consumed capacity.
func (c *cost) hidesCapacity() bool {
	asked := c.request.ReturnConsumedCapacity
	return asked == "" || asked == "NONE"
}

// hidesItem reports whether the client did not ask for the item that its
// condition fails on.
func (c *cost) hidesItem() bool {
	asked := c.request.ReturnValuesOnConditionCheckFailure
	return asked == "" || asked == "NONE"
}

// answered reads the answer.
func (c *cost) answered(status int, body []byte) {
	if status == http.StatusOK {
		if err := json.Unmarshal(body, &c.answer); err != nil {
			c.failure = failure{Type: "UnreadableAnswer", Message: err.Error()}
		}
		return
	}
	if json.Unmarshal(body, &c.failure) != nil || c.failure.Type == "" {
		c.failure = failure{Type: http.StatusText(status), Message: string(body)}
	}
	if _, name, ok := strings.Cut(c.failure.Type, "#"); ok { // a namespace before it
		c.failure.Type = name
	}
}

// strip takes out of the answer what its client did not ask for.
func (c *cost) strip(body []byte) []byte {
	return edit(body, func(members map[string]json.RawMessage) bool {
		before := len(members)
		if c.hidesCapacity() {
			delete(members, "ConsumedCapacity")
		}
		if c.hidesItem() && c.failure.Type != "" {
			delete(members, "Item")
		}
		return len(members) != before
	})
}

// edit changes the members of a JSON object. What is no object, or was not
// changed, stays as it was, byte for byte.
func edit(body []byte, change func(members map[string]json.RawMessage) (changed bool)) []byte {
	var members map[string]json.RawMessage
	if json.Unmarshal(body, &members) != nil || !change(members) {
		return body
	}
	var edited bytes.Buffer
	encoder := json.NewEncoder(&edited)
	encoder.SetEscapeHTML(false) // as DynamoDB does
	if err := encoder.Encode(members); err != nil {
		panic(fmt.Sprintf("localtest: encoding JSON that was just decoded: %v", err))
	}
	return bytes.TrimSuffix(edited.Bytes(), []byte("\n"))
}
