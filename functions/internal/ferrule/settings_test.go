package ferrule

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

func TestSettings(t *testing.T) {
	t.Parallel()

	t.Run("what is not said is left to the library", func(t *testing.T) {
		t.Parallel()
		got := settings(t, map[string]string{"SESSION_STORE": "memory"})
		if got.Store == nil || got.Keys != nil || got.IdleTimeout != 0 || got.AbsoluteTimeout != 0 {
			t.Errorf("got %+v", got)
		}
	})

	t.Run("the timeouts are the environment's", func(t *testing.T) {
		t.Parallel()
		got := settings(t, map[string]string{
			"SESSION_STORE": "memory", "SESSION_IDLE_TIMEOUT": "45m", "SESSION_ABSOLUTE_TIMEOUT": "8h",
		})
		if got.IdleTimeout != 45*time.Minute || got.AbsoluteTimeout != 8*time.Hour {
			t.Errorf("got %v and %v", got.IdleTimeout, got.AbsoluteTimeout)
		}
	})

	t.Run("everything that is wrong is named at once", func(t *testing.T) {
		t.Parallel()
		vars := map[string]string{"SESSION_STORE": "floppy", "SESSION_IDLE_TIMEOUT": "30", "SESSION_ABSOLUTE_TIMEOUT": "-1h"}
		_, err := Settings(t.Context(), func(name string) string { return vars[name] })
		if err == nil {
			t.Fatal("it was taken")
		}
		for name, value := range vars {
			if !strings.Contains(err.Error(), name+` is "`+value+`"`) {
				t.Errorf("%q says nothing of %s", err, name)
			}
		}
	})
}

func TestKeysOfASecret(t *testing.T) {
	t.Parallel()

	t.Run("come newest first", func(t *testing.T) {
		t.Parallel()
		got, err := parseKeys(`["bmV3", "b2xk"]`, "SESSION_KEYS_SECRET")
		if diff := cmp.Diff([][]byte{[]byte("new"), []byte("old")}, got); diff != "" || err != nil {
			t.Errorf("error %v, keys (-want +got):\n%s", err, diff)
		}
	})

	t.Run("are never quoted in an error", func(t *testing.T) {
		t.Parallel()
		for _, secret := range []string{"", "hunter2", `{"key":"hunter2"}`, `["hunter2!"]`, `[]`, `[2]`} {
			keys, err := parseKeys(secret, "SESSION_KEYS_SECRET")
			if err == nil {
				t.Errorf("%q gave %d keys", secret, len(keys))
			} else if text := err.Error(); strings.Contains(text, "hunter2") || !strings.Contains(text, "SESSION_KEYS_SECRET") {
				t.Errorf("%q gave the error %q", secret, text)
			}
		}
	})
}

func settings(t *testing.T, vars map[string]string) lambdasession.Config {
	t.Helper()
	got, err := Settings(t.Context(), func(name string) string { return vars[name] })
	if err != nil {
		t.Fatal(err)
	}
	return got
}
