package cookiestore_test

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/cookiestore"
	"github.com/lambdasession/lambdasession-go/internal/seal"
	"github.com/lambdasession/lambdasession-go/store"
)

// associated is the data that a cookie is sealed with, as the format's
// description has it.
const (
	purpose    = "lambdasession cookiestore"
	associated = purpose + "\x001\x00__Host-session"
)

// forge seals the bytes as the format's description has it, apart from the code
// under test.
func forge(tb testing.TB, key, purpose, associated, plaintext string) store.Key {
	tb.Helper()
	sealer, err := seal.New(keys(key), purpose)
	if err != nil {
		tb.Fatal(err)
	}
	return store.KeyOf("1" + base64.RawURLEncoding.EncodeToString(sealer.Seal(nil, []byte(plaintext), []byte(associated))))
}

// operations are all that can be done with a key.
func operations(s store.Store, key store.Key, from store.Record) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"Load": func(ctx context.Context) error { _, err := s.Load(ctx, key); return err },
		"Update": func(ctx context.Context) error {
			_, err := s.Update(ctx, key, store.Changes{Expires: from.Expires})
			return err
		},
		"UpdateTTL": func(ctx context.Context) error { _, err := s.UpdateTTL(ctx, key, from.Expires); return err },
		"Rotate":    func(ctx context.Context) error { _, err := s.Rotate(ctx, key, from, from); return err },
		"Delete":    func(ctx context.Context) error { return s.Delete(ctx, key) },
	}
}

func TestWhatIsNotOursIsNoSession(t *testing.T) {
	t.Parallel()
	r := record("role", "admin")
	with := func(cfg cookiestore.Config) *cookiestore.Store {
		cfg.Now = atNoon
		return newStore(t, cfg)
	}
	ours := with(cookiestore.Config{Keys: keys("n", "o")})
	expired := r
	expired.Expires = noon
	genuine := save(t, ours, r)
	plaintext := strings.Repeat("\x00", 32)
	for name, key := range map[string]store.Key{
		"of another key":                             save(t, with(cookiestore.Config{Keys: keys("x")}), r),
		"of a key that was dropped":                  save(t, with(cookiestore.Config{Keys: keys("p", "n", "o")}), r),
		"of another cookie name":                     save(t, with(cookiestore.Config{Keys: keys("n", "o"), CookieName: "__Host-admin"}), r),
		"of a name in other letters":                 save(t, with(cookiestore.Config{Keys: keys("n", "o"), CookieName: "__host-session"}), r),
		"of another purpose":                         forge(t, "n", "lambdasession sealedstore", associated, plaintext),
		"of another purpose in the associated data":  forge(t, "n", purpose, "lambdasession sealedstore\x001\x00__Host-session", plaintext),
		"of another version":                         forge(t, "n", purpose, purpose+"\x002\x00__Host-session", plaintext),
		"without associated data":                    forge(t, "n", purpose, "", plaintext),
		"that expired this moment":                   save(t, ours, expired),
		"that says another version":                  store.KeyOf("2" + genuine.Reveal()[1:]),
		"of a store that keeps its sessions":         store.NewKey(),
		"of nothing":                                 store.KeyOf(""),
		"of nothing but a version":                   store.KeyOf("1"),
		"of something sealed that is not a block":    forge(t, "n", purpose, associated, plaintext[1:]),
		"of something sealed that is empty":          forge(t, "n", purpose, associated, ""),
		"longer than any cookie":                     store.KeyOf(genuine.Reveal() + strings.Repeat("A", 5000)),
		"in the other base64":                        store.KeyOf(strings.NewReplacer("-", "+", "_", "/").Replace(genuine.Reveal()) + "+"),
		"of zeros":                                   store.KeyOf("1" + strings.Repeat("A", len(genuine.Reveal())-1)),
		"sealed with the first key for another name": save(t, with(cookiestore.Config{Keys: keys("n"), CookieName: "n"}), r),
	} {
		t.Run("a cookie "+name, func(t *testing.T) {
			t.Parallel()
			for operation, run := range operations(ours, key, r) {
				if err := run(t.Context()); !errors.Is(err, store.ErrNotFound) || err.Error() != store.ErrNotFound.Error() {
					t.Errorf("%s: got %v, want nothing but ErrNotFound", operation, err)
				}
			}
		})
	}
}

func TestWhatIsSealedByUsAndNoRecordIsADecodeError(t *testing.T) {
	t.Parallel()
	s := newStore(t, cookiestore.Config{Keys: keys("a"), Now: atNoon})
	key := forge(t, "a", purpose, associated, "private "+strings.Repeat("\xff", 24))
	for operation, run := range operations(s, key, record()) {
		err := run(t.Context())
		if _, ok := errors.AsType[*store.DecodeError](err); !ok || strings.Contains(fmt.Sprint(err), "private") {
			t.Errorf("%s: got %v, want a *DecodeError that says nothing of what it is", operation, err)
		}
	}
}

func TestKeysRotate(t *testing.T) {
	t.Parallel()
	old := newStore(t, cookiestore.Config{Keys: keys("o"), Now: atNoon})
	both := newStore(t, cookiestore.Config{Keys: keys("n", "o"), Now: atNoon})
	young := newStore(t, cookiestore.Config{Keys: keys("n"), Now: atNoon})
	r := record("cart", "2 apples")
	opens := func(s *cookiestore.Store, key store.Key) bool {
		got, err := s.Load(t.Context(), key)
		got.Revision = ""
		return err == nil && cmp.Equal(got, r)
	}
	ofOld := save(t, old, r)
	if !opens(both, ofOld) || opens(young, ofOld) {
		t.Error("a cookie of the old key opens with both keys, and not with the new one alone: does not hold")
	}
	if key := save(t, both, r); !opens(young, key) || opens(old, key) {
		t.Error("the newest key seals: does not hold")
	}
	key, err := both.UpdateTTL(t.Context(), ofOld, r.Expires)
	if err != nil || !opens(young, key) {
		t.Errorf("what is written again is sealed with the newest key: does not hold (%v)", err)
	}
}

// oldCookie was made when the format was, by keys("a"), so that a release that
// changes the format shows: it must read it still, or change the version.
const oldCookie = "14HoCU_B4nb-zwxFQxqZNyO6OznGRnAARxF4aYwHSRfk5hWQPOj_v2Fg9J3xBchgUOKts8P3B3lAIjROHfbKXt3Kxu_6kSYcXcRI-WarDrNIMB0fqwB0YSgrHOfjKcSq5KlngpWaPMlU"

func TestACookieOfVersion1IsStillRead(t *testing.T) {
	t.Parallel()
	s := newStore(t, cookiestore.Config{Keys: keys("a"), Now: atNoon})
	got, err := s.Load(t.Context(), store.KeyOf(oldCookie))
	if err != nil {
		t.Fatal(err)
	}
	want := record("cart", "2 apples", "empty", "")
	want.Created = noon.Add(123456 * time.Microsecond)
	want.Subject, want.Device, want.Revision = "ada", "a device", got.Revision
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("Load (-want +got):\n%s", diff)
	}
}

// FuzzLoad holds Load to one rule: what the store did not seal is no session,
// and no text makes it panic.
func FuzzLoad(f *testing.F) {
	s := newStore(f, cookiestore.Config{Keys: keys("a", "b"), Now: atNoon})
	const genuine = oldCookie // every process of the fuzzer must know the same
	for _, token := range []string{"", "1", genuine, genuine[1:], genuine[:len(genuine)-1], genuine + "A", "2" + genuine[1:], genuine + genuine[1:], strings.Repeat("A", 5000)} {
		f.Add(token)
	}
	f.Fuzz(func(t *testing.T, token string) {
		_, err := s.Load(t.Context(), store.KeyOf(token))
		if token == genuine && err != nil || token != genuine && !errors.Is(err, store.ErrNotFound) {
			t.Fatalf("%q: %v", token, err)
		}
		if err == nil && !s.KeyForm().Valid(token) {
			t.Fatalf("%q is live and not valid", token)
		}
	})
}
