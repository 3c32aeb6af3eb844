package store_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"testing/cryptotest"

	"github.com/lambdasession/lambdasession-go/store"
)

// secret is what must not be seen. It is as long as a real one.
const secret = "sentinel-0123456789-0123456789-0123456789-x"

func TestAKeyIsUnguessableAndUnique(t *testing.T) {
	t.Parallel()
	t.Run("100,000 keys are 256 bits each, and none is repeated", func(t *testing.T) {
		t.Parallel()
		seen := map[string]bool{}
		var ones, zeros [32]byte // bits that were ever set, and ever clear
		for range 100_000 {
			s := store.NewKey().Reveal()
			if seen[s] {
				t.Fatal("a key was repeated")
			}
			seen[s] = true
			b, err := base64.RawURLEncoding.DecodeString(s)
			if len(s) != store.KeyLength || err != nil || len(b) != 32 {
				t.Fatalf("%d characters, %d bytes, %v; want %d characters of base64url, 32 bytes", len(s), len(b), err, store.KeyLength)
			}
			for i := range b {
				ones[i] |= b[i]
				zeros[i] |= ^b[i]
			}
		}
		if all := bytes.Repeat([]byte{0xff}, 32); !bytes.Equal(ones[:], all) || !bytes.Equal(zeros[:], all) {
			t.Errorf("bits that never change: ever set %x, ever clear %x", ones, zeros)
		}
	})
	t.Run("device ids are 128 bits each, and none is repeated", func(t *testing.T) {
		t.Parallel()
		seen := map[string]bool{}
		for range 10_000 {
			id := store.NewDeviceID()
			b, err := base64.RawURLEncoding.DecodeString(id)
			if seen[id] || err != nil || len(b) != 16 {
				t.Fatalf("id %q: repeated %t, %d bytes, %v", id, seen[id], len(b), err)
			}
			seen[id] = true
		}
	})
}

// The source is replaced for the whole process, so this test runs alone.
func TestAKeyComesFromTheSystemsRandomnessAlone(t *testing.T) { //nolint:paralleltest // see above
	cryptotest.SetGlobalRandom(t, 1)
	first, firstID := store.NewKey(), store.NewDeviceID()
	cryptotest.SetGlobalRandom(t, 1)
	if again := store.NewKey(); !again.Equal(first) {
		t.Error("from the same random bytes came another key: something else is mixed in")
	}
	if again := store.NewDeviceID(); again != firstID {
		t.Error("from the same random bytes came another device id: something else is mixed in")
	}
}

func TestAKeyIsItsSecret(t *testing.T) {
	t.Parallel()
	t.Run("keys are equal if and only if their secrets are", func(t *testing.T) {
		t.Parallel()
		a, b := store.KeyOf(secret), store.KeyOf(strings.Clone(secret))
		other := store.KeyOf(secret[:len(secret)-1])
		if !a.Equal(b) || a.Equal(other) || a.Equal(store.Key{}) || (store.Key{}).Equal(a) || !(store.Key{}).Equal(store.Key{}) {
			t.Error("Equal is wrong")
		}
	})
	t.Run("no secret is the zero key", func(t *testing.T) {
		t.Parallel()
		if k := store.KeyOf(""); !k.IsZero() || k.Reveal() != "" {
			t.Error("the key of an empty secret is not zero")
		}
		if store.KeyOf(secret).IsZero() || store.NewKey().IsZero() {
			t.Error("a key is zero")
		}
	})
	t.Run("it reveals the secret it was made of", func(t *testing.T) {
		t.Parallel()
		if got := store.KeyOf(secret).Reveal(); got != secret {
			t.Errorf("got %q", got)
		}
	})
	t.Run("the digest is the SHA-256 in base64url", func(t *testing.T) {
		t.Parallel()
		const abc = "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0" // FIPS 180-2, appendix B.1
		if got := store.KeyOf("abc").Digest(); got != abc {
			t.Errorf("got %q, want %q", got, abc)
		}
	})
}

// cookieJar is somebody's struct with a key in it.
type cookieJar struct {
	Public  store.Key
	private store.Key
	pointer *store.Key
	nested  struct{ keys []store.Key }
	byName  map[string]store.Key
	any     any
}

func newCookieJar() cookieJar {
	k := store.KeyOf(secret)
	jar := cookieJar{Public: k, private: k, pointer: &k, byName: map[string]store.Key{"session": k}, any: k}
	jar.nested.keys = []store.Key{k}
	return jar
}

func TestAKeyNeverShowsItsSecret(t *testing.T) {
	t.Parallel()
	key := store.KeyOf(secret)
	jar := newCookieJar()
	holders := map[string]any{
		"a key":                 key,
		"a pointer to a key":    &key,
		"a slice of keys":       []store.Key{key},
		"a map of keys":         map[string]store.Key{"session": key},
		"a map by keys":         map[store.Key]int{key: 1},
		"a struct":              jar,
		"a pointer to a struct": &jar,
		"an error":              fmt.Errorf("jar %v: %w", jar, errors.New("full")),
		"a channel's element":   struct{ c any }{key},
	}
	for name, holder := range holders {
		t.Run(name+" in every verb of fmt", func(t *testing.T) {
			t.Parallel()
			for _, flags := range []string{"", "+", "#", "-", " ", "0", "+#", "80", ".50", "x"} {
				for verb := 'A'; verb <= 'z'; verb++ {
					format := "%" + flags + string(verb)
					wantNoSecret(t, format, fmt.Sprintf(format, holder))
				}
			}
			wantNoSecret(t, "Sprint", fmt.Sprint(holder))
			wantNoSecret(t, "Sprintln", fmt.Sprintln(holder))
		})
		t.Run(name+" in slog", func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			for _, h := range []slog.Handler{slog.NewJSONHandler(&log, nil), slog.NewTextHandler(&log, nil)} {
				slog.New(h).With("with", holder).WithGroup("group").Info("message", "holder", holder, slog.Any("any", holder))
			}
			wantNoSecret(t, "slog", log.String())
		})
		t.Run(name+" in JSON and XML", func(t *testing.T) {
			t.Parallel()
			asJSON, jsonErr := json.Marshal(holder)
			asXML, xmlErr := xml.Marshal(holder)
			wantNoSecret(t, "output", fmt.Sprintf("%s %v %s %v", asJSON, jsonErr, asXML, xmlErr))
		})
	}
	t.Run("a key says that it is redacted", func(t *testing.T) {
		t.Parallel()
		asJSON, err := json.Marshal(map[string]store.Key{"session": key})
		if err != nil {
			t.Fatal(err)
		}
		for what, got := range map[string]string{
			"String": key.String(), "%v": fmt.Sprintf("%v", key), "%#v": fmt.Sprintf("%#v", key), "%x": fmt.Sprintf("%x", key),
			"slog": slog.AnyValue(key).Resolve().String(), "JSON": string(asJSON),
		} {
			if !strings.Contains(got, "[redacted]") {
				t.Errorf("%s: got %q, want [redacted] in it", what, got)
			}
		}
	})
	t.Run("a panic with a key in its value", func(t *testing.T) {
		t.Parallel()
		defer func() { wantNoSecret(t, "panic", fmt.Sprint(recover())) }()
		panic(jar)
	})
}

// wantNoSecret fails the test if the output has the secret, or a piece of it
// that one could go on from, in letters or in hexadecimal digits.
func wantNoSecret(t *testing.T, what, output string) {
	t.Helper()
	for _, piece := range []string{"sentinel", fmt.Sprintf("%x", "sentinel"), "0123456789-0"} {
		if strings.Contains(strings.ToLower(output), piece) {
			t.Errorf("%s shows the secret: %s", what, output)
		}
	}
}
