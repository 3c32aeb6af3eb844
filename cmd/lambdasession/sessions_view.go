package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"
	"unicode/utf16"

	"github.com/lambdasession/lambdasession-go/dynamostore"
)

// A sessionList is the JSON of "sessions list". Programs read it: names stay.
type sessionList struct {
	Sessions []sessionView `json:"sessions"`
	Next     string        `json:"next,omitempty"`
}

// A sessionView is a session as JSON. Programs read it: names stay.
type sessionView struct {
	ID        string                     `json:"id"`
	State     string                     `json:"state"`
	Subject   string                     `json:"subject,omitempty"`
	Device    string                     `json:"device,omitempty"`
	Label     string                     `json:"label,omitempty"`
	Created   time.Time                  `json:"created,omitzero"`
	Expires   time.Time                  `json:"expires,omitzero"`
	Ends      time.Time                  `json:"ends,omitzero"`
	Ended     time.Time                  `json:"ended,omitzero"`
	Successor string                     `json:"successor,omitempty"`
	Bytes     int                        `json:"bytes,omitempty"`
	Fields    map[string]int             `json:"fields,omitempty"`     // bytes by name
	Values    map[string]json.RawMessage `json:"values,omitempty"`     // what is JSON
	Raw       map[string][]byte          `json:"raw_values,omitempty"` // what is not, in base64
	Error     string                     `json:"error,omitempty"`
}

// viewOf is a session without its values.
func viewOf(s dynamostore.Session) sessionView {
	v := sessionView{
		ID: s.ID, State: s.State.String(), Subject: s.Subject, Device: s.Device,
		Created: s.Created.UTC(), Expires: s.Expires.UTC(), Ends: s.Ends.UTC(), Ended: s.Ended.UTC(),
		Successor: s.Successor, Bytes: s.Bytes,
	}
	for name, value := range s.Fields {
		if v.Fields == nil {
			v.Fields = map[string]int{}
		}
		v.Fields[name] = len(value)
	}
	if s.Err != nil {
		v.Error = s.Err.Error()
	}
	return v
}

// withValues adds the values to a session's view.
func (v sessionView) withValues(fields map[string][]byte) sessionView {
	v.Values, v.Raw = map[string]json.RawMessage{}, map[string][]byte{}
	for name, value := range fields {
		if json.Valid(value) {
			v.Values[name] = value
		} else {
			v.Raw[name] = value
		}
	}
	return v
}

// writeJSON prints a document.
func writeJSON(w io.Writer, v any) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		return err
	}
	_, err := io.WriteString(w, escape(b.String()))
	return err
}

// escape makes a text harmless for terminals: what visitors put into a session
// must neither move the cursor nor hide anything. In JSON such characters stand
// in strings alone, where an escape means the same.
func escape(text string) string {
	var b bytes.Buffer
	for _, r := range text {
		switch {
		case r == '\n' || r == '\t' || strconv.IsPrint(r):
			b.WriteRune(r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			fmt.Fprintf(&b, `\u%04x\u%04x`, high, low)
		default:
			fmt.Fprintf(&b, `\u%04x`, r)
		}
	}
	return b.String()
}
