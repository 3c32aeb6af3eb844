package localtest

import "encoding/json"

// The sizes by which DynamoDB rounds up.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
const (
	writeUnitBytes = 1 << 10
	readUnitFloor  = 1.0 // of a read that finds nothing, if strongly consistent
)

// writeUnits is what writing an item of this size costs; one that is not there
// costs as much as a small one.
func writeUnits(size int) float64 {
	return float64(max(1, (size+writeUnitBytes-1)/writeUnitBytes))
}

// units returns what the call costs.
func (c *cost) units() (read, write float64) {
	consumed := float64(c.answer.ConsumedCapacity)
	switch c.operation {
	case "GetItem", "TransactGetItems":
		return consumed, 0
	case "Query", "Scan":
		return max(consumed, missing(c.request.ConsistentRead)), 0
	case "BatchGetItem":
		return consumed + c.missingKeys(), 0
	case "PutItem", "UpdateItem", "DeleteItem":
		if c.failure.Type == "ConditionalCheckFailedException" {
			return 0, writeUnits(itemSize(c.failure.Item))
		}
		return 0, consumed
	case "BatchWriteItem":
		return 0, consumed
	case "TransactWriteItems":
		return 0, c.transactionUnits()
	}
	return 0, 0
}

// missing is what reading an item that is not there costs.
func missing(consistent bool) float64 {
	if consistent {
		return readUnitFloor
	}
	return readUnitFloor / 2
}

// missingKeys is what a batch costs for the keys under which nothing is, which
// DynamoDB Local leaves out.
func (c *cost) missingKeys() float64 {
	var asked batchGet
	var found map[string][]json.RawMessage
	if c.failure.Type != "" || json.Unmarshal(c.request.RequestItems, &asked) != nil || json.Unmarshal(c.answer.Responses, &found) != nil {
		return 0
	}
	units := 0.0
	for table, get := range asked {
		absent := len(get.Keys) - len(found[table]) - len(c.answer.UnprocessedKeys[table].Keys)
		units += float64(absent) * missing(get.ConsistentRead)
	}
	return units
}

// transactionUnits is what a TransactWriteItems costs: for each of its items,
// checked ones included, twice what writing it alone would.
func (c *cost) transactionUnits() float64 {
	if c.failure.Type != "" && c.failure.Type != "TransactionCanceledException" {
		return 0
	}
	units := 0.0
	for i, size := range c.before {
		if i < len(c.after) {
			size = max(size, c.after[i]) // DynamoDB bills the larger one
		}
		units += 2 * writeUnits(size)
	}
	return units
}
