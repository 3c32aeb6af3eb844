package ferrule

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/localtest"
	"github.com/lambdasession/lambdasession-go/memstore"
	"github.com/lambdasession/lambdasession-go/store"
)

func env(vars map[string]string) func(string) string {
	return func(name string) string { return vars[name] }
}

func TestWhatIsMissingIsNamed(t *testing.T) {
	for _, c := range []struct {
		what string
		vars map[string]string
		want []string
	}{
		{
			"an unknown store",
			map[string]string{"SESSION_STORE": "floppy"},
			[]string{"SESSION_STORE", `"floppy"`, "dynamodb", "redis", "cookie", "memory"},
		},
		{
			"no table",
			map[string]string{},
			[]string{"SESSION_TABLE", "SESSION_STORE"},
		},
		{
			"no region",
			map[string]string{"SESSION_STORE": "dynamodb", "SESSION_TABLE": "sessions"},
			[]string{"AWS_REGION"},
		},
		{
			"no keys for the cookie",
			map[string]string{"SESSION_STORE": "cookie"},
			[]string{"SESSION_STORE_KEYS", "openssl rand -base64 32", "SESSION_STORE_KEYS_SECRET"},
		},
		{
			"a key for the cookie that is short",
			map[string]string{"SESSION_STORE": "cookie", "SESSION_STORE_KEYS": "c2hvcnQ="},
			[]string{"Keys[0] has 5 bytes", "32"},
		},
	} {
		t.Run(c.what, func(t *testing.T) {
			// The SDK looks at the real environment.
			for _, name := range []string{"AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"} {
				t.Setenv(name, "")
			}
			t.Setenv("AWS_CONFIG_FILE", t.TempDir()+"/none")
			t.Setenv("AWS_EC2_METADATA_DISABLED", "true")

			_, _, err := openStore(t.Context(), env(c.vars))
			if err == nil {
				t.Fatal("it opened")
			}
			for _, word := range c.want {
				if !strings.Contains(err.Error(), word) {
					t.Errorf("%q does not say %s", err, word)
				}
			}
		})
	}
}

func TestMemoryNeedsNothingElse(t *testing.T) {
	t.Parallel()
	got, _, err := openStore(t.Context(), env(map[string]string{"SESSION_STORE": "memory"}))
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := got.(*memstore.Store); !ok {
		t.Errorf("memory opened a %T", got)
	}
}

func TestTheTableIsWhereTheEnvironmentSays(t *testing.T) {
	db := localtest.DynamoDB(t)
	t.Setenv("AWS_ENDPOINT_URL_DYNAMODB", db.Endpoint())
	setCredentials(t)

	sessions, _, err := openStore(t.Context(), env(map[string]string{"SESSION_TABLE": db.Table()}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sessions.Load(t.Context(), store.NewKey()); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("loading an unknown session: %v, want %v", err, store.ErrNotFound)
	}
}

func TestATableThatDoesNotAnswerYetIsNotTheEnd(t *testing.T) {
	t.Setenv("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1")
	setCredentials(t)

	sessions, _, err := openStore(t.Context(), env(map[string]string{"SESSION_TABLE": "sessions"}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sessions.Load(t.Context(), store.NewKey()); err == nil || errors.Is(err, store.ErrNotFound) {
		t.Errorf("loading without DynamoDB: %v, want that it could not answer", err)
	}
}

func TestSessionsInTheCookie(t *testing.T) {
	t.Parallel()
	const before, after = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=", "YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXphYmNkZWY="
	open := func(keys string) store.Store {
		sessions, most, err := openStore(t.Context(), env(map[string]string{"SESSION_STORE": "cookie", "SESSION_STORE_KEYS": keys}))
		if err != nil {
			t.Fatal(err)
		}
		if most != cookieBytes {
			t.Errorf("a session may have %d bytes, want %d", most, cookieBytes)
		}
		return sessions
	}
	key := wantItKeeps(t, open(before))
	if _, err := open(after+", "+before).Load(t.Context(), key); err != nil {
		t.Errorf("with a newer key in front: %v", err)
	}
	if _, err := open(after).Load(t.Context(), key); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("with another key: %v, want %v", err, store.ErrNotFound)
	}
}

func TestKeysOfTheStoreAreNeverQuoted(t *testing.T) {
	t.Parallel()
	_, _, err := openStore(t.Context(), env(map[string]string{"SESSION_STORE": "cookie", "SESSION_STORE_KEYS": "c2hvcnQ=,hunter2!"}))
	if err == nil || strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), "key 2 of SESSION_STORE_KEYS") {
		t.Errorf("got %v", err)
	}
}

// wantItKeeps saves a session and loads it.
func wantItKeeps(t *testing.T, sessions store.Store) store.Key {
	t.Helper()
	now := time.Now()
	key, err := sessions.Save(t.Context(), store.Record{
		Values:  map[string][]byte{"cart": []byte("2 mugs")},
		Created: now, Expires: now.Add(time.Hour), Ends: now.Add(time.Hour),
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := sessions.Load(t.Context(), key)
	if err != nil || string(got.Values["cart"]) != "2 mugs" {
		t.Errorf("it keeps %q, %v", got.Values["cart"], err)
	}
	return key
}

// setCredentials gives the SDK some, and a region: DynamoDB Local takes any.
func setCredentials(t *testing.T) {
	t.Helper()
	t.Setenv("AWS_REGION", "eu-central-1")
	t.Setenv("AWS_ACCESS_KEY_ID", "local")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "local")
}
