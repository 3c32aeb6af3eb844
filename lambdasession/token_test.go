package lambdasession_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/memstore"
	"github.com/lambdasession/lambdasession-go/store"
)

const (
	cookieName = "__Host-session"
	purpose    = "lambdasession cookie v1"
)

// sign computes a signature as it is written down in the format's
// description, apart from the code under test.
func sign(key []byte, parts ...string) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(strings.Join(parts, "\x00")))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// stored saves a session with visits and returns its key's secret.
func stored(t *testing.T, st store.Store, visits string) string {
	t.Helper()
	now := time.Now()
	key, err := st.Save(t.Context(), store.Record{
		Values:  map[string][]byte{"visits": []byte(visits)},
		Created: now, Expires: now.Add(time.Hour), Ends: now.Add(time.Hour),
	})
	if err != nil {
		t.Fatal(err)
	}
	return key.Reveal()
}

func TestCookieIsOpaque(t *testing.T) { // S1, S2
	t.Parallel()
	sessions := newSessions(t, lambdasession.Config{})
	seen := map[string]bool{}
	for range 100 {
		_, value, _ := strings.Cut(newVisitor(t, sessions), "=")
		raw, err := base64.RawURLEncoding.DecodeString(value)
		if err != nil || len(raw) != 32 {
			t.Fatalf("the cookie's value %q is not 32 bytes in base64url", value)
		}
		seen[value] = true
	}
	if len(seen) != 100 {
		t.Errorf("100 visitors got %d cookies, all with the same state", len(seen))
	}
}

func TestCookieSignature(t *testing.T) { // S14
	t.Parallel()
	oldKey, newKey := aKey, bytes.Repeat([]byte("n"), 40)
	st := newSpy(nil)
	secret := stored(t, st, "7")
	both := newSessions(t, lambdasession.Config{Store: st, Keys: [][]byte{newKey, oldKey}})
	onlyNew := newSessions(t, lambdasession.Config{Store: st, Keys: [][]byte{newKey}})
	onlyOld := newSessions(t, lambdasession.Config{Store: st, Keys: [][]byte{oldKey}})
	unsigned := newSessions(t, lambdasession.Config{Store: st})
	otherName := newSessions(t, lambdasession.Config{Store: st, Keys: [][]byte{newKey}, Cookie: lambdasession.Cookie{Name: "__Host-admin"}})

	issued := func(m *lambdasession.Manager) string {
		_, value, _ := strings.Cut(newVisitor(t, m), "=")
		return value
	}
	for name, test := range map[string]struct {
		m     *lambdasession.Manager
		value string
		want  int // visits of the session that it opens
	}{
		"the newest key verifies":               {both, secret + "." + sign(newKey, purpose, cookieName, secret), 7},
		"an older key verifies":                 {both, secret + "." + sign(oldKey, purpose, cookieName, secret), 7},
		"the newest key signs":                  {onlyNew, issued(both), 1},
		"an older key does not sign":            {onlyOld, issued(both), 0},
		"a key that was dropped does not":       {onlyNew, secret + "." + sign(oldKey, purpose, cookieName, secret), 0},
		"a signature for another cookie":        {onlyNew, issued(otherName), 0},
		"a signature for another purpose":       {both, secret + "." + sign(newKey, "lambdasession csrf v1", cookieName, secret), 0},
		"a signature without a purpose":         {both, secret + "." + sign(newKey, cookieName, secret), 0},
		"a signature without a name":            {both, secret + "." + sign(newKey, purpose, secret), 0},
		"a signature of the secret alone":       {both, secret + "." + sign(newKey, secret), 0},
		"a signature of another secret":         {both, secret + "." + sign(newKey, purpose, cookieName, store.NewKey().Reveal()), 0},
		"a signature twice":                     {both, secret + "." + sign(newKey, purpose, cookieName, secret) + "." + sign(newKey, purpose, cookieName, secret), 0},
		"an empty signature":                    {both, secret + ".", 0},
		"no signature where there are keys":     {both, secret, 0},
		"a signature where there are none":      {unsigned, secret + "." + sign(newKey, purpose, cookieName, secret), 0},
		"an unsigned cookie without keys":       {unsigned, secret, 7},
		"a cookie in quotes":                    {unsigned, `"` + secret + `"`, 0},
		"a cookie with blanks":                  {unsigned, " " + secret + " ", 0},
		"a cookie with padding":                 {unsigned, secret + "=", 0},
		"a cookie in another base64":            {unsigned, strings.Repeat("+", 43), 0},
		"a signature in upper case":             {both, secret + "." + strings.ToUpper(sign(newKey, purpose, cookieName, secret)), 0},
		"the digest, which a store writes down": {unsigned, store.KeyOf(secret).Digest(), 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			name := cookieName
			if got := visitsOf(t, test.m, httpGet(name+"="+test.value)); got != test.want {
				t.Errorf("the cookie opens a session of %d visits, want %d", got, test.want)
			}
		})
	}
}

func TestForgedCookieCostsNoRead(t *testing.T) {
	t.Parallel()
	st := newSpy(nil)
	sessions := newSessions(t, lambdasession.Config{Store: st, Keys: [][]byte{aKey}})
	secret := stored(t, st, "7")
	genuine := secret + "." + sign(aKey, purpose, cookieName, secret)
	wantNoRead := func(t *testing.T, value string) {
		t.Helper()
		if got := visitsOf(t, sessions, httpGet(cookieName+"="+value)); got != 0 {
			t.Errorf("%q opens the session", value)
		}
		if calls := st.take(); len(calls) != 0 {
			t.Errorf("%q costs %d calls to the store", value, len(calls))
		}
	}
	if got := visitsOf(t, sessions, httpGet(cookieName+"="+genuine)); got != 7 {
		t.Fatalf("the genuine cookie opens a session of %d visits, want 7", got)
	}

	st.take()
	for n := range len(genuine) {
		wantNoRead(t, genuine[:n])
		wantNoRead(t, genuine[n+1:])
	}
	for i := range len(genuine) {
		for bit := range 8 {
			flipped := []byte(genuine)
			flipped[i] ^= 1 << bit
			wantNoRead(t, string(flipped))
		}
	}
	wantNoRead(t, genuine+"A")
	wantNoRead(t, strings.Repeat(genuine, 1000))
}

func TestMalformedCookieWithoutKeysCostsNoRead(t *testing.T) {
	t.Parallel()
	st := newSpy(nil)
	sessions := newSessions(t, lambdasession.Config{Store: st})
	for _, value := range []string{"", "x", strings.Repeat("a", 42), strings.Repeat("a", 44), strings.Repeat("a", 42) + "*", strings.Repeat("ä", 43)} {
		if got := visitsOf(t, sessions, httpGet(cookieName+"="+value)); got != 0 {
			t.Errorf("%q opens a session of %d visits", value, got)
		}
	}
	st.want(t)
	visitsOf(t, sessions, httpGet(cookieName+"="+store.NewKey().Reveal()))
	st.want(t, "load") // well formed, so it might have been one
}

func TestUnknownKeyIsNeverAdopted(t *testing.T) { // S3
	t.Parallel()
	for name, do := range map[string]func(s *lambdasession.Session) error{
		"set without reading": func(s *lambdasession.Session) error { return visits.Set(s, 1) },
		"read, then set": func(s *lambdasession.Session) error {
			_, err := visits.Update(s, func(n int) (int, error) { return n + 1, nil })
			return err
		},
		"signed in": func(s *lambdasession.Session) error { return s.SetSubject("ada", "") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := memstore.New()
			sessions := newSessions(t, lambdasession.Config{Store: st, Keys: [][]byte{aKey}})
			planted := store.NewKey().Reveal()
			out := visit(t, sessions, httpGet(cookieName+"="+planted+"."+sign(aKey, purpose, cookieName, planted)), do)
			if len(out.Cookies) != 1 || strings.Contains(out.Cookies[0], planted) {
				t.Errorf("cookies = %q, want one with another key", out.Cookies)
			}
			if _, err := st.Load(t.Context(), store.KeyOf(planted)); err == nil {
				t.Error("there is a session under the planted key")
			}
		})
	}
}
