package console

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What a page shows of a value before it is opened.
const (
	maxValueBytes = 400
	maxValueLines = 12
	maxGlance     = 90 // bytes of one that is not open
)

// value is one field of a session.
type value struct {
	Name   string
	Kind   string // "JSON", "text" or "bytes"
	Text   string // in full
	Glance string // its beginning, if it is too long to be shown at once
	Size   int    // in bytes, as it is stored
}

// readValues makes a session's values legible, in the order of their names.
func readValues(fields map[string][]byte) []value {
	var values []value
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		values = append(values, readValue(name, fields[name]))
	}
	return values
}

func readValue(name string, b []byte) value {
	v := value{Name: name, Size: len(b)}
	var indented bytes.Buffer
	switch {
	case !isText(b):
		v.Kind, v.Text = "bytes", strings.TrimSuffix(hex.Dump(b), "\n")
	case json.Indent(&indented, b, "", "  ") == nil:
		v.Kind, v.Text = "JSON", indented.String()
	default:
		v.Kind, v.Text = "text", string(b)
	}
	if len(v.Text) > maxValueBytes || strings.Count(v.Text, "\n") >= maxValueLines {
		v.Glance = shorten(strings.Join(strings.Fields(shorten(v.Text, 4*maxGlance)), " "), maxGlance)
	}
	return v
}

// isText reports whether people can read it.
func isText(b []byte) bool {
	return utf8.Valid(b) && !bytes.ContainsFunc(b, func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' && r != '\t' && r != '\r'
	})
}
