package cookiestore_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/lambdasession/lambdasession-go/cookiestore"
	"github.com/lambdasession/lambdasession-go/store"
)

func TestTheLimitIsThatOfACookie(t *testing.T) { // S9
	t.Parallel()
	for name, cfg := range map[string]cookiestore.Config{
		"4,096 bytes":                 {},
		"4,096 bytes, another name":   {CookieName: "s"},
		"less":                        {MaxBytes: 1000},
		"4,096 bytes and a long name": {CookieName: strings.Repeat("n", 1000)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg.Keys, cfg.Now = keys("a"), atNoon
			s := newStore(t, cfg)
			most := cfg.MaxBytes
			if most == 0 {
				most = 4096
			}
			cookieName := s.KeyForm().CookieName
			longest := 0
			for n := 1; ; n++ {
				key, err := s.Save(t.Context(), record("text", strings.Repeat("x", n)))
				if errors.Is(err, store.ErrTooLarge) {
					break
				}
				if err != nil {
					t.Fatal(err)
				}
				longest = len(cookieName + "=" + key.Reveal() + "; Path=/; Max-Age=34560000; HttpOnly; Secure; SameSite=Strict")
				if longest > most {
					t.Fatalf("with %d bytes the cookie has %d", n, longest)
				}
			}
			if block := 43; most-longest >= block {
				t.Errorf("the longest cookie has %d bytes: there was room for %d more", longest, most-longest)
			}
		})
	}
}

func TestTooLargeNamesTheBiggestFields(t *testing.T) {
	t.Parallel()
	s := newStore(t, cookiestore.Config{Keys: keys("a"), Now: atNoon})
	small, values := record("cart", "2 apples"), record("cart", strings.Repeat("private", 300), "theme", "dark", "flash", strings.Repeat("x", 2000), "a", "")
	key := save(t, s, small)
	from, err := s.Load(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	_, saving := s.Save(t.Context(), values)
	_, updating := s.Update(t.Context(), key, store.Changes{Set: values.Values, Expires: values.Expires})
	_, rotating := s.Rotate(t.Context(), key, from, values)
	for operation, err := range map[string]error{"Save": saving, "Update": updating, "Rotate": rotating} {
		if !errors.Is(err, store.ErrTooLarge) {
			t.Fatalf("%s: got %v, want ErrTooLarge", operation, err)
		}
		want := `session too large: the cookie would have 5677 bytes with its name and attributes, and at most 4096 are kept (Config.MaxBytes); ` +
			`the biggest fields are "cart" (2100), "flash" (2000), "theme" (4)`
		if err.Error() != want {
			t.Errorf("%s: got %q, want %q", operation, err, want)
		}
	}
}

func TestTheLengthTellsLittle(t *testing.T) {
	t.Parallel()
	s := newStore(t, cookiestore.Config{Keys: keys("a"), Now: atNoon})
	lengths := map[int]int{}
	for n := range 320 {
		lengths[len(save(t, s, record("n", strings.Repeat("x", n))).Reveal())]++
	}
	if len(lengths) > 11 {
		t.Errorf("320 sessions, each a byte longer than the one before, have cookies of %d lengths, want 11 at most", len(lengths))
	}
	one, other := record("n", "no"), record("n", "yes")
	if a, b := len(save(t, s, one).Reveal()), len(save(t, s, other).Reveal()); a != b {
		t.Errorf("no and yes have cookies of %d and %d bytes", a, b)
	}
}

func TestACookieIsShort(t *testing.T) {
	t.Parallel()
	s := newStore(t, cookiestore.Config{Keys: keys("a"), Now: atNoon})
	r := record("cart", `{"lines":[{"article":"apple","count":2,"cents":199}]}`, "theme", `"dark"`)
	r.Subject, r.Device = "ada", store.NewDeviceID()
	if got := fmt.Sprint(len(save(t, s, r).Reveal())); got != "225" {
		t.Errorf("the cookie has %s bytes, want 225", got)
	}
}
