package dynamostore

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// billedSize is the size of an item, which anybody may have written, as
// DynamoDB counts it. (checkItemSize counts what the store itself writes, and
// leaves out what DynamoDB counts only about.)
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
func billedSize(it item) int {
	n := 0
	for name, v := range it {
		n += len(name) + billedValue(v)
	}
	return n
}

func billedValue(v types.AttributeValue) int {
	const container, element = 3, 1 // what a list or a map takes, and each of its elements
	n := 0
	switch v := v.(type) {
	case *types.AttributeValueMemberN:
		return billedNumber(v.Value)
	case *types.AttributeValueMemberBOOL, *types.AttributeValueMemberNULL:
		return 1
	case *types.AttributeValueMemberM:
		return container + element*len(v.Value) + billedSize(v.Value)
	case *types.AttributeValueMemberL:
		n = container
		for _, v := range v.Value {
			n += element + billedValue(v)
		}
	case *types.AttributeValueMemberSS:
		for _, s := range v.Value {
			n += len(s)
		}
	case *types.AttributeValueMemberNS:
		for _, number := range v.Value {
			n += billedNumber(number)
		}
	case *types.AttributeValueMemberBS:
		for _, b := range v.Value {
			n += len(b)
		}
	default:
		return valueSize(v)
	}
	return n
}

// billedNumber is a byte for every two digits that count, to the left and to the
// right of the point, one more, and one for a minus. The documentation says only
// "approximately"; this is what DynamoDB Local does.
func billedNumber(number string) int {
	digits, negative := strings.CutPrefix(number, "-")
	whole, fraction, _ := strings.Cut(digits, ".")
	if len(whole)%2 == 1 {
		whole = "0" + whole
	}
	if len(fraction)%2 == 1 {
		fraction += "0"
	}
	pairs := whole + fraction
	for strings.HasPrefix(pairs, "00") {
		pairs = pairs[2:]
	}
	for strings.HasSuffix(pairs, "00") {
		pairs = pairs[:len(pairs)-2]
	}
	n := len(pairs)/2 + 1
	if negative {
		n++
	}
	return n
}
