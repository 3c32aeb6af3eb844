package ferrule

import (
	"errors"
	"strings"
	"testing"

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
			map[string]string{"SESSION_STORE": "redis"},
			[]string{"SESSION_STORE", `"redis"`, "dynamodb", "memory"},
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
	} {
		t.Run(c.what, func(t *testing.T) {
			// The SDK looks at the real environment.
			for _, name := range []string{"AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"} {
				t.Setenv(name, "")
			}
			t.Setenv("AWS_CONFIG_FILE", t.TempDir()+"/none")
			t.Setenv("AWS_EC2_METADATA_DISABLED", "true")

			_, err := openStore(t.Context(), env(c.vars))
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
	got, err := openStore(t.Context(), env(map[string]string{"SESSION_STORE": "memory"}))
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

	sessions, err := openStore(t.Context(), env(map[string]string{"SESSION_TABLE": db.Table()}))
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

	sessions, err := openStore(t.Context(), env(map[string]string{"SESSION_TABLE": "sessions"}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sessions.Load(t.Context(), store.NewKey()); err == nil || errors.Is(err, store.ErrNotFound) {
		t.Errorf("loading without DynamoDB: %v, want that it could not answer", err)
	}
}

// setCredentials gives the SDK some, and a region: DynamoDB Local takes any.
func setCredentials(t *testing.T) {
	t.Helper()
	t.Setenv("AWS_REGION", "eu-central-1")
	t.Setenv("AWS_ACCESS_KEY_ID", "local")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "local")
}
