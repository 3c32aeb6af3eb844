package dynamostore

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/lambdasession/lambdasession-go/store"
)

// consumed is what the answer out, a *dynamodb.<operation>Output, says that
// the request cost. A request that failed cost something as well, but its
// answer does not say how much.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ConsumedCapacity.html
func consumed(out any) store.Usage {
	switch out := out.(type) {
	case *dynamodb.GetItemOutput:
		return store.Usage{ReadUnits: units(out.ConsumedCapacity)}
	case *dynamodb.QueryOutput:
		return store.Usage{ReadUnits: units(out.ConsumedCapacity)}
	case *dynamodb.ScanOutput:
		return store.Usage{ReadUnits: units(out.ConsumedCapacity)}
	case *dynamodb.BatchGetItemOutput:
		return store.Usage{ReadUnits: sum(out.ConsumedCapacity)}
	case *dynamodb.PutItemOutput:
		return store.Usage{WriteUnits: units(out.ConsumedCapacity)}
	case *dynamodb.UpdateItemOutput:
		return store.Usage{WriteUnits: units(out.ConsumedCapacity)}
	case *dynamodb.DeleteItemOutput:
		return store.Usage{WriteUnits: units(out.ConsumedCapacity)}
	case *dynamodb.TransactWriteItemsOutput:
		return transacted(out.ConsumedCapacity)
	default:
		return store.Usage{} // about the table: it costs nothing
	}
}

func units(c *types.ConsumedCapacity) float64 {
	if c == nil {
		return 0
	}
	return aws.ToFloat64(c.CapacityUnits)
}

// transacted is what a transaction cost. One that was applied already, by an
// attempt whose answer was lost, costs what it takes to read its items.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
func transacted(tables []types.ConsumedCapacity) store.Usage {
	reads := 0.0
	for _, c := range tables {
		reads += aws.ToFloat64(c.ReadCapacityUnits)
	}
	return store.Usage{ReadUnits: reads, WriteUnits: sum(tables) - reads}
}

func sum(tables []types.ConsumedCapacity) float64 {
	total := 0.0
	for _, c := range tables {
		total += units(&c)
	}
	return total
}
