package localtest

import (
	"encoding/json"
	"testing"
)

func TestItemSize(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, item string
		want       int
	}{
		{"no item has no size", `{}`, 0},
		{"names and strings count their bytes in UTF-8", `{"ä":{"S":"€"}}`, 2 + 3},
		{"an empty string counts its name", `{"a":{"S":""}}`, 1},
		{"binary counts its bytes, not its base64", `{"a":{"B":"AQI="}}`, 1 + 2},
		{"a number counts a byte for two digits and one more", `{"a":{"N":"1763870400"}}`, 1 + 5},
		{"sign, point and outer zeros of a number do not count", `{"a":{"N":"-00120.30"}}`, 1 + 3},
		{"zero counts a byte", `{"a":{"N":"0"}}`, 1 + 1},
		{"booleans and null count a byte", `{"a":{"BOOL":false},"b":{"NULL":true}}`, 2 + 2},
		{"sets count their members", `{"a":{"SS":["x","yy"]},"b":{"NS":["1","1234"]},"c":{"BS":["AQI="]}}`, 3 + 3 + 5 + 2},
		{"a map counts three, and one for each member", `{"a":{"M":{"b":{"S":"xx"},"c":{"M":{}}}}}`, 1 + 3 + (1 + 1 + 2) + (1 + 1 + 3)},
		{"a list counts three, and one for each element", `{"a":{"L":[{"S":"xx"},{"L":[]}]}}`, 1 + 3 + (1 + 2) + (1 + 3)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var item map[string]attribute
			if err := json.Unmarshal([]byte(test.item), &item); err != nil {
				t.Fatal(err)
			}
			if got := itemSize(item); got != test.want {
				t.Errorf("%d bytes; want %d", got, test.want)
			}
		})
	}
}
