package localtest

import (
	"encoding/base64"
	"strings"
)

// attribute is an attribute value as DynamoDB's JSON writes it: exactly one of
// its members is there.
type attribute struct {
	S, N, B    *string              `json:",omitempty"` // B in base64
	BOOL, NULL *bool                `json:",omitempty"`
	SS, NS, BS []string             `json:",omitempty"`
	L          []attribute          `json:",omitempty"`
	M          map[string]attribute `json:",omitempty"`
}

// itemSize is the size of an item in bytes as DynamoDB counts it, names
// included; zero for one that is not there.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
func itemSize(item map[string]attribute) int {
	n := 0
	for name, value := range item {
		n += len(name) + value.size()
	}
	return n
}

func (a attribute) size() int {
	const container, element = 3, 1 // what a list or map costs, and each of its elements
	switch {
	case a.S != nil:
		return len(*a.S)
	case a.N != nil:
		return numberSize(*a.N)
	case a.B != nil:
		return binarySize(*a.B)
	case a.BOOL != nil, a.NULL != nil:
		return 1
	case a.L != nil:
		n := container
		for _, value := range a.L {
			n += element + value.size()
		}
		return n
	case a.M != nil:
		n := container + element*len(a.M)
		return n + itemSize(a.M)
	}
	n := 0
	for _, s := range a.SS {
		n += len(s)
	}
	for _, number := range a.NS {
		n += numberSize(number)
	}
	for _, b := range a.BS {
		n += binarySize(b)
	}
	return n
}

// numberSize is a byte for every two significant digits, and one more.
func numberSize(number string) int {
	digits := strings.Trim(strings.Replace(strings.TrimPrefix(number, "-"), ".", "", 1), "0")
	return (len(digits)+1)/2 + 1
}

func binarySize(b string) int {
	return base64.StdEncoding.DecodedLen(len(b)) - strings.Count(b, "=")
}
