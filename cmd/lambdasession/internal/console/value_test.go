package console

import (
	"strings"
	"testing"
)

func TestValues(t *testing.T) {
	t.Parallel()
	long := `{"items":["` + strings.Repeat("tea, ", 200) + `"]}`
	for name, c := range map[string]struct {
		stored     string
		kind, text string
		folded     bool
	}{
		"JSON is indented":             {`{"a":[1,12345678901234567890]}`, "JSON", "{\n  \"a\": [\n    1,\n    12345678901234567890\n  ]\n}", false},
		"a JSON text is one":           {`"tea"`, "JSON", `"tea"`, false},
		"other text is shown as it is": {"tea & milk", "text", "tea & milk", false},
		"bytes are shown in hex":       {"\x00\xff", "bytes", "00000000  00 ff                                             |..|", false},
		"an empty value is a text":     {"", "text", "", false},
		"a long one is folded":         {long, "JSON", "{\n  \"items\": [\n    \"" + strings.Repeat("tea, ", 200) + "\"\n  ]\n}", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := readValue("field", []byte(c.stored))
			if got.Kind != c.kind || got.Text != c.text || (got.Glance != "") != c.folded || got.Size != len(c.stored) {
				t.Errorf("got %+v", got)
			}
			if len(got.Glance) > maxGlance+len("…") {
				t.Errorf("the glance has %d bytes", len(got.Glance))
			}
		})
	}
}
