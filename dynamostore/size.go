package dynamostore

import "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

// maxItemBytes is DynamoDB's limit on an item, the names of attributes
// included.
const maxItemBytes = 400 << 10

// checkItemSize returns errTooLarge if DynamoDB would refuse the item.
// By counting Numbers as nothing it errs, by some bytes, on the side of
// asking: DynamoDB's own count is approximate there.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
func checkItemSize(it item) error {
	n := 0
	for name, v := range it {
		n += len(name) + valueSize(v)
	}
	if n > maxItemBytes {
		return errTooLarge
	}
	return nil
}

func valueSize(v types.AttributeValue) int {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return len(v.Value)
	case *types.AttributeValueMemberB:
		return len(v.Value)
	case *types.AttributeValueMemberM:
		n := 3
		for name, v := range v.Value {
			n += 1 + len(name) + valueSize(v)
		}
		return n
	default:
		return 0
	}
}
