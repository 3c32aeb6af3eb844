package redisstore_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"github.com/lambdasession/lambdasession-go/redisstore"
	"github.com/lambdasession/lambdasession-go/redisstore/internal/redistest"
	"github.com/lambdasession/lambdasession-go/store"
	"github.com/lambdasession/lambdasession-go/store/storetest"
)

// documented is the rules of an ACL that the package's documentation names,
// those of each line by its comment.
func documented(t *testing.T, prefix string) map[string]string {
	t.Helper()
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(string(text), "# Permissions")
	rules := map[string]string{}
	for _, line := range regexp.MustCompile(`(?m)^//\t([~+].*)$`).FindAllStringSubmatch(section, -1) {
		rule, what := line[1], "the store"
		if at := regexp.MustCompile(`\s{2,}`).FindStringIndex(rule); at != nil {
			rule, what = line[1][:at[0]], line[1][at[1]:]
		}
		rules[what] += strings.ReplaceAll(rule, "<prefix>", prefix) + " "
	}
	return rules
}

func TestTheDocumentedPermissions(t *testing.T) {
	t.Parallel()
	rules := documented(t, "shop:")
	least := rules["the store"]
	server := redistest.StartSecure(t, map[string]string{
		"least":   least,
		"warm":    least + rules["Warm"],
		"checks":  least + rules["Check"],
		"nothing": "+ping",
	})
	storeOf := func(t *testing.T, user, prefix string) *redisstore.Store {
		return newStore(t, server.Client(t, user), redisstore.Config{Prefix: prefix})
	}

	t.Run("are enough for the whole contract, over TLS", func(t *testing.T) {
		t.Parallel()
		client := server.Client(t, "least")
		storetest.Run(t, func(t *testing.T) store.Store {
			return newStore(t, client, redisstore.Config{Prefix: "shop:", Now: storetest.Now(t)})
		})
	})
	t.Run("are enough for Warm and for Check with theirs, and not without", func(t *testing.T) {
		t.Parallel()
		if err := storeOf(t, "warm", "shop:").Warm(t.Context()); err != nil {
			t.Error("Warm:", err)
		}
		if err := storeOf(t, "checks", "shop:").Check(t.Context()); err != nil {
			t.Error("Check:", err)
		}
		wantNoAnswer(t, storeOf(t, "least", "shop:").Warm(t.Context()))
		wantNoAnswer(t, storeOf(t, "least", "shop:").Check(t.Context()))
	})
	t.Run("are each needed", func(t *testing.T) {
		t.Parallel()
		for rule := range strings.FieldsSeq(rules["the store"]) {
			switch rule {
			case "resetchannels":
				continue // it takes something away
			case "+eval":
				continue // for what a server has lost: see the next test
			}
			user := "without" + strings.TrimLeft(rule, "+~")
			args := []any{"acl", "setuser", user, "reset", "on", "nopass"}
			for other := range strings.FieldsSeq(least + rules["Check"]) {
				if other != rule {
					args = append(args, other)
				}
			}
			if err := server.Admin().Do(t.Context(), args...).Err(); err != nil {
				t.Fatal(err)
			}
			if err := everything(t, storeOf(t, user, "shop:")); err == nil {
				t.Errorf("without %s everything works: it is documented in vain", rule)
			} else if !strings.Contains(err.Error(), "permissions in the package's documentation") {
				t.Errorf("without %s the error does not say what to do: %v", rule, err)
			}
		}
	})
	t.Run("are enough for a client with the defaults of go-redis", func(t *testing.T) {
		t.Parallel()
		o := *server.Client(t, "least").Options()
		o.DisableIdentity, o.MaintNotificationsConfig = false, nil
		client := redis.NewClient(&o)
		t.Cleanup(func() { _ = client.Close() })
		if err := life(t, newStore(t, client, redisstore.Config{Prefix: "shop:"})); err != nil {
			t.Error(err)
		}
	})
	t.Run("are enough on a cluster, with go-redis's own for it, and not without", func(t *testing.T) {
		t.Parallel()
		cluster := redistest.StartCluster(t)
		for user, given := range map[string]string{"least": least + rules["go-redis on a cluster"], "without": least} {
			args := []any{"acl", "setuser", user, "reset", "on", ">secret"}
			for rule := range strings.FieldsSeq(given) {
				args = append(args, rule)
			}
			for _, s := range cluster.Servers {
				if err := s.Admin().Do(t.Context(), args...).Err(); err != nil {
					t.Fatal(err)
				}
			}
			client := redis.NewClusterClient(&redis.ClusterOptions{
				Addrs: []string{cluster.Servers[0].Addr}, Username: user, Password: "secret", ContextTimeoutEnabled: true,
			})
			t.Cleanup(func() { _ = client.Close() })
			err := life(t, newStore(t, client, redisstore.Config{Prefix: "shop:"}))
			if (user == "least") != (err == nil) {
				t.Errorf("%s: %v", user, err)
			}
		}
	})
	t.Run("keep the store to its prefix", func(t *testing.T) {
		t.Parallel()
		_, err := storeOf(t, "least", "bank:").Save(t.Context(), record(nil))
		wantNoAnswer(t, err)
		_, err = storeOf(t, "nothing", "shop:").Save(t.Context(), record(nil))
		wantNoAnswer(t, err)
	})
}

// life is what a session goes through.
func life(t *testing.T, st *redisstore.Store) error {
	t.Helper()
	for range 10 { // in some slot each
		key, err := st.Save(t.Context(), record(nil))
		if err != nil {
			return err
		}
		from, err := st.Load(t.Context(), key)
		if err != nil {
			return err
		}
		if key, err = st.Rotate(t.Context(), key, from, signedIn("ada", store.NewDeviceID())); err != nil {
			return err
		}
		if err := st.Delete(t.Context(), key); err != nil {
			return err
		}
	}
	_, err := st.RevokeAll(t.Context(), "ada", "")
	return err
}

// everything is Check, and what it leaves out: a listing that has grown.
func everything(t *testing.T, st *redisstore.Store) error {
	t.Helper()
	if err := st.Check(t.Context()); err != nil {
		return err
	}
	subject := store.NewDeviceID()
	for range 20 {
		r := signedIn(subject, store.NewDeviceID())
		if _, err := st.Save(t.Context(), r); err != nil {
			return err
		}
	}
	return nil
}
