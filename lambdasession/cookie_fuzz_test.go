package lambdasession

import (
	"bytes"
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/lambdasession/lambdasession-go/store"
)

// FuzzFindCookie compares findCookie with net/http on what both must agree
// on, and holds it to its own rules on all else.
func FuzzFindCookie(f *testing.F) {
	const name = "__Host-session"
	for _, line := range []string{
		"", "=", ";", "a", name, name + "=", name + "=a", name + "=a; " + name + "=b", "a=1; " + name + "=a; b=2",
		" \t" + name + "=a\t ", name + " =a", name + "=a=b", name + `="a"`, "x" + name + "=a", "a=" + name + "=b",
		strings.ToLower(name) + "=a", name + "=a,b", name + "=\x00", name + "=\xff", strings.Repeat(name+"=a;", 1000),
		"a=1; " + name + "=" + strings.Repeat("k", tokenLength) + "; b=2", "$Version=1; " + name + "=a; $Path=/", ";" + name + "=a", "a=1;;" + name + "=a;;",
	} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		value, found, err := findCookie([]string{line}, name)
		pairs := strings.Split(line, ";")
		var values []string
		for _, pair := range pairs {
			if v, ok := strings.CutPrefix(strings.Trim(pair, " \t"), name+"="); ok {
				values = append(values, v)
			}
		}
		switch {
		case found != (len(values) > 0):
			t.Fatalf("found = %v with %d of that name", found, len(values))
		case len(values) > 1 && (!errors.Is(err, errDuplicateCookie) || value != ""):
			t.Fatalf("%d of that name: %q, %v", len(values), value, err)
		case len(values) == 1 && (err != nil || value != values[0]):
			t.Fatalf("%q, %v; want %q", value, err, values[0])
		case len(values) == 0 && (err != nil || value != ""):
			t.Fatalf("%q, %v; want nothing", value, err)
		}
		if v, f, e := findCookie(pairs, name); v != value || f != found || !errors.Is(e, err) {
			t.Fatalf("pair by pair: %q, %v, %v; in one: %q, %v, %v", v, f, e, value, found, err)
		}

		// Where the value could be a token, net/http finds it too.
		if parsed, invalid := http.ParseCookie(line); invalid == nil && found && err == nil && store.IsKey(value) {
			sees := func(c *http.Cookie) bool { return c.Name == name && c.Value == value }
			if !slices.ContainsFunc(parsed, sees) {
				t.Fatalf("net/http does not find %q in %q", value, line)
			}
		}
	})
}

// FuzzDecodeToken holds the decoding of cookies to one rule: a value opens a
// key only if encoding that key, with one of the HMAC keys, gives the value.
func FuzzDecodeToken(f *testing.F) {
	newKey, oldKey := bytes.Repeat([]byte("n"), 32), bytes.Repeat([]byte("o"), 32)
	plain := newTokens("a", store.IsKey, nil)
	rotated := newTokens("a", store.IsKey, [][]byte{newKey, oldKey})
	old := newTokens("a", store.IsKey, [][]byte{oldKey})
	foreign := newTokens("b", store.IsKey, [][]byte{newKey})
	key := store.KeyOf(strings.Repeat("k", tokenLength))
	for _, value := range []string{
		"", ".", "a", plain.encode(key), rotated.encode(key), old.encode(key), foreign.encode(key),
		plain.encode(key) + ".", "." + plain.encode(key), rotated.encode(key)[:86], rotated.encode(key) + "A",
		rotated.encode(key) + ".A", strings.Repeat("\x00", 43), strings.Repeat("é", 43), strings.Repeat("+/", 22)[:43],
	} {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		got, err := plain.decode(value)
		if (err == nil) == got.IsZero() || err == nil && plain.encode(got) != value {
			t.Fatalf("without HMAC keys %q decodes to %q, %v", value, got.Reveal(), err)
		}
		got, err = rotated.decode(value)
		if (err == nil) == got.IsZero() || err == nil && rotated.encode(got) != value && old.encode(got) != value {
			t.Fatalf("with HMAC keys %q decodes to %q, %v", value, got.Reveal(), err)
		}
		if err == nil {
			if _, err := foreign.decode(value); err == nil {
				t.Fatalf("%q is valid for two cookies", value)
			}
		}
	})
}
