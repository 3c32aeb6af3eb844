package storetest

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/lambdasession/lambdasession-go/store"
)

// valueClauses: which values and names come back as they were stored.
func valueClauses() []clause {
	return []clause{
		{"any bytes are a value", func(x *trial) { x.wantRoundTrip(awkwardValues()) }},
		{"any text of 1 to 64 bytes is a name", func(x *trial) { x.wantRoundTrip(awkwardNames()) }},
		{"a loaded empty value is not nil, which would mean absent in Expect", func(x *trial) {
			key := x.save(x.record(fields{"nil": nil, "empty": {}}))
			key = x.update(key, x.set(fields{"nil later": nil, "empty later": {}}))
			for _, name := range []string{"nil", "empty", "nil later", "empty later"} {
				if v, ok := x.load(key).Values[name]; !ok || v == nil || len(v) > 0 {
					x.Errorf("%q: got %#v (there: %t), want an empty value", name, v, ok)
				}
			}
		}},
		{"a session without values is a session", func(x *trial) {
			r := x.record(nil)
			key := x.save(r)
			x.wantRecord(key, r)

			r.Values = text("cart", "2 apples")
			key = x.update(key, x.set(r.Values))
			x.wantRecord(key, r)

			c := x.touch()
			c.Delete = []string{"cart"}
			r.Values = nil
			x.wantRecord(x.update(key, c), r)
		}},
		{"what is too large is ErrTooLarge and changes nothing, or is held", func(x *trial) {
			huge := fields{"huge": bytes.Repeat([]byte("x"), 512<<10)}
			if key, err := x.store.Save(x.Context(), x.record(huge)); x.heldOrTooLarge("Save", err) {
				x.wantRecord(key, x.record(huge))
			}

			key := x.save(x.record(text("cart", "2 apples")))
			before := x.load(key)
			if next, err := x.store.Update(x.Context(), key, x.set(huge)); x.heldOrTooLarge("Update", err) {
				x.wantRecord(next, x.record(fields{"cart": []byte("2 apples"), "huge": huge["huge"]}))
				key = next
			} else {
				x.wantUnchanged(key, before)
			}

			before = x.load(key)
			if next, err := x.store.Rotate(x.Context(), key, before, x.record(huge)); x.heldOrTooLarge("Rotate", err) {
				x.wantRecord(next, x.record(huge))
			} else {
				x.wantUnchanged(key, before)
			}
		}},
	}
}

// keptValueClauses: how much a store that keeps the state has room for at least.
func keptValueClauses() []clause {
	return []clause{
		{"a value of 64 KiB is held", func(x *trial) {
			x.wantRoundTrip(fields{"text": bytes.Repeat([]byte("x"), 64<<10)})
			x.wantRoundTrip(fields{"binary": bytes.Repeat([]byte{0xff}, 64<<10)})
		}},
		{"a session holds 100 fields with names of 64 bytes", func(x *trial) { x.wantRoundTrip(manyFields()) }},
		{"100 fields are expected, replaced and deleted in one Update each", func(x *trial) {
			r := x.record(manyFields())
			key := x.save(r)
			c := x.set(text("only", "this"))
			c.Expect, c.Replace = r.Values, true
			key = x.update(key, c)
			r.Values = text("only", "this")
			x.wantRecord(key, r)

			c = x.set(nil)
			for name := range manyFields() {
				c.Delete = append(c.Delete, name)
			}
			x.wantRecord(x.update(key, c), r)
		}},
	}
}

// wantRoundTrip stores the values by each operation that stores values, and
// fails the trial unless Load returns them.
func (x *trial) wantRoundTrip(values fields) {
	x.Helper()
	want := x.record(values)
	x.wantRecord(x.save(want), want)

	key := x.update(x.save(x.record(nil)), x.set(values))
	x.wantRecord(key, want)

	x.wantRecord(x.renew(key), want)
}

// heldOrTooLarge reports whether the write succeeded, and fails the trial if
// it failed for another reason than its size.
func (x *trial) heldOrTooLarge(what string, err error) bool {
	x.Helper()
	if err != nil && !errors.Is(err, store.ErrTooLarge) {
		x.Errorf("%s: got %v, want nil or ErrTooLarge", what, err)
	}
	return err == nil
}

func awkwardValues() fields {
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	return fields{
		"empty":               {},
		"one NUL":             {0},
		"text":                []byte("2 apples"),
		"JSON":                []byte(`{"a":[1,null,"ü"]}`),
		"unicode":             []byte("Zwölf Äpfel 🍏\u2028"),
		"not UTF-8":           {0xff, 0xfe, 0xfd},
		"broken at its end":   []byte("appl\xc3"),
		"surrogates":          {0xed, 0xa0, 0x80},
		"every byte":          every,
		"looks like base64":   []byte("AAEC"),
		"white space":         []byte(" \t\r\n "),
		"a number's spelling": []byte("1e400"),
	}
}

func awkwardNames() fields {
	f := fields{}
	for _, name := range []string{
		"a", "A", "0", " ", "data", "size", "#x", ":v", "#n0", ":v0", "a.b", "a[0]", "a/b", "$a", "a,b", `"`, `\`, "'",
		"a b", "a\nb", "\x00", "\x7f", "ü", "u\u0308", "果物", "🍏", "\u200b", "__proto__", "pk", "expires",
		strings.Repeat("n", store.MaxFieldName), strings.Repeat("🍏", store.MaxFieldName/4),
	} {
		f[name] = []byte("value of " + name)
	}
	return f
}

func manyFields() fields {
	f := fields{}
	for i := range 100 {
		f[fmt.Sprintf("%0*d", store.MaxFieldName, i)] = fmt.Appendf(nil, "value %d", i)
	}
	return f
}

// longest repeats s as often as it fits into n bytes.
func longest(s string, n int) string { return strings.Repeat(s, n/len(s)) }
