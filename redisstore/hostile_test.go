package redisstore_test

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/go-redis/v9"

	"github.com/lambdasession/lambdasession-go/redisstore"
	"github.com/lambdasession/lambdasession-go/redisstore/internal/redistest"
	"github.com/lambdasession/lambdasession-go/store"
)

// D16: what somebody else wrote where a session should be.
func TestWhatIsNoSession(t *testing.T) {
	t.Parallel()
	client := redistest.Start(t).Client(t)
	st := newStore(t, client, redisstore.Config{})
	sessionKey := func(key store.Key) string { return "s:{" + key.Reveal()[:2] + "}:" + key.Digest() }
	for name, spoil := range map[string]func(h map[string]string){
		"without its version":            func(h map[string]string) { delete(h, "v") },
		"of another version":             func(h map[string]string) { h["v"] = "2" },
		"without a revision":             func(h map[string]string) { delete(h, "rev") },
		"without its beginning":          func(h map[string]string) { delete(h, "created") },
		"without its end":                func(h map[string]string) { delete(h, "ends") },
		"with an end that is no number":  func(h map[string]string) { h["ends"] = "0x7fffffff" },
		"with an end that is a fraction": func(h map[string]string) { h["ends"] = "3797471721.5" },
		"with a negative end":            func(h map[string]string) { h["ends"] = "-1" },
		"that expires after its end":     func(h map[string]string) { h["ends"] = "1" },
		"with a subject but no device":   func(h map[string]string) { h["subject"] = "ada" },
		"with a lock that leads nowhere": func(h map[string]string) { h["to"], h["toAt"] = "x", "1" },
		"with a lock without a time":     func(h map[string]string) { h["to"] = "ab:" + strings.Repeat("x", 43) },
	} {
		t.Run("a hash "+name+" is a decode error for everything but Delete", func(t *testing.T) {
			t.Parallel()
			key := save(t, st, record(map[string][]byte{"n": []byte("1")}))
			from := load(t, st, key)
			h := client.HGetAll(t.Context(), sessionKey(key)).Val()
			spoil(h)
			put(t, client, sessionKey(key), h)
			for _, d := range deeds() {
				if !strings.HasPrefix(d.name, "Load") && !strings.HasPrefix(d.name, "Update") {
					continue
				}
				_, err := d.run(t.Context(), st, key, from)
				if _, ok := errors.AsType[*store.DecodeError](err); !ok {
					t.Errorf("%s gives %v, want a *DecodeError", d.name, err)
				}
			}
			if diff := cmp.Diff(h, client.HGetAll(t.Context(), sessionKey(key)).Val()); diff != "" {
				t.Errorf("it was changed (-before +after):\n%s", diff)
			}
			if _, locked := h["to"]; !locked {
				if err := st.Delete(t.Context(), key); err != nil {
					t.Errorf("Delete gives %v", err)
				}
			}
		})
	}
	t.Run("a hash without its expiry is a decode error for everything", func(t *testing.T) {
		t.Parallel()
		key := save(t, st, record(nil))
		for _, expires := range []string{"", "soon", "1e400", "-5"} {
			if err := client.HSet(t.Context(), sessionKey(key), "expires", expires).Err(); err != nil {
				t.Fatal(err)
			}
			_, loaded := st.Load(t.Context(), key)
			_, updated := st.Update(t.Context(), key, set("n", "1"))
			for _, err := range []error{loaded, updated, st.Delete(t.Context(), key)} {
				if _, ok := errors.AsType[*store.DecodeError](err); !ok {
					t.Errorf("expires %q gives %v, want a *DecodeError", expires, err)
				}
			}
		}
	})
	t.Run("a key that is no hash is a decode error that says what to do", func(t *testing.T) {
		t.Parallel()
		key := save(t, st, record(nil))
		from := load(t, st, key)
		if err := client.Set(t.Context(), sessionKey(key), "cached page", 0).Err(); err != nil {
			t.Fatal(err)
		}
		_, loaded := st.Load(t.Context(), key)
		_, updated := st.Update(t.Context(), key, set("n", "1"))
		_, rotated := st.Rotate(t.Context(), key, from, from)
		for _, err := range []error{loaded, updated, rotated, st.Delete(t.Context(), key)} {
			if _, ok := errors.AsType[*store.DecodeError](err); !ok || !strings.Contains(err.Error(), "Config.Prefix") {
				t.Errorf("got %v, want a *DecodeError that names Config.Prefix", err)
			}
		}
	})
	t.Run("a mark without a time is a decode error", func(t *testing.T) {
		t.Parallel()
		key := save(t, st, record(nil))
		put(t, client, sessionKey(key), map[string]string{"ended": "yesterday", "rev": "x"})
		_, err := st.Load(t.Context(), key)
		if _, ok := errors.AsType[*store.DecodeError](err); !ok {
			t.Errorf("Load gives %v", err)
		}
	})
	t.Run("marks that lead in a circle end a Delete", func(t *testing.T) {
		t.Parallel()
		a, b := save(t, st, record(nil)), save(t, st, record(nil))
		for from, to := range map[store.Key]store.Key{a: b, b: a} {
			put(t, client, sessionKey(from), map[string]string{
				"ended": "3797471721000000", "rev": "x", "next": to.Reveal()[:2] + ":" + to.Digest(),
			})
		}
		if err := st.Delete(t.Context(), a); !isOutcome(err) {
			t.Errorf("Delete gives %v", err)
		}
	})
}

func put(t *testing.T, client *redis.Client, key string, h map[string]string) {
	t.Helper()
	_, err := client.TxPipelined(t.Context(), func(p redis.Pipeliner) error {
		p.Del(t.Context(), key)
		for f, v := range h {
			p.HSet(t.Context(), key, f, v)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestABadEntryNeverBreaksAListing(t *testing.T) {
	t.Parallel()
	client := redistest.Start(t).Client(t)
	var log strings.Builder
	st := newStore(t, client, redisstore.Config{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	key := save(t, st, signedIn("ada", "good"))
	subjectKey := keyOf(t, client, "u:*")
	tag := subjectKey[len("u:{"):][:2]
	digest := func(n string) string { return strings.Repeat(n, 43) }
	bad := map[string]string{
		"d:empty":   "",
		"d:short":   "abc 1 x",
		"d:garbage": "\x00\xff" + digest("y"),
		"d:nothing": digest("a") + " 1 x",
		"d:string":  digest("b") + " 1 x",
		"d:hash":    digest("c") + " 1 x",
		"d:other":   key.Digest() + " 1 x", // that session is another device
		"else":      "what is this",
	}
	for f, v := range bad {
		if err := client.HSet(t.Context(), subjectKey, f, v).Err(); err != nil {
			t.Fatal(err)
		}
	}
	if err := client.Set(t.Context(), "s:{"+tag+"}:"+digest("b"), "x", 0).Err(); err != nil {
		t.Fatal(err)
	}
	put(t, client, "s:{"+tag+"}:"+digest("c"), map[string]string{"v": "7"})

	devices, err := st.Devices(t.Context(), "ada")
	if err != nil || len(devices) != 1 || devices[0].ID != "good" {
		t.Errorf("Devices gives %v, %v; want the good one", devices, err)
	}
	if !strings.Contains(log.String(), "device=short") {
		t.Errorf("nothing is logged of the bad ones: %s", log.String())
	}
	for name := range maps.Keys(bad) {
		if id, ok := strings.CutPrefix(name, "d:"); ok {
			if err := st.Revoke(t.Context(), "ada", id); !isOutcome(err) {
				t.Errorf("Revoke of %s gives %v", id, err)
			}
		}
	}
	if _, err := st.RevokeAll(t.Context(), "ada", ""); err != nil {
		t.Errorf("RevokeAll gives %v", err)
	}
	if _, err := st.Load(t.Context(), key); !errors.Is(err, store.ErrEnded) {
		t.Errorf("after RevokeAll, Load of the good one gives %v", err)
	}
}

// keyOf is the one key that fits the pattern.
func keyOf(t *testing.T, client *redis.Client, pattern string) string {
	t.Helper()
	keys, err := client.Keys(t.Context(), pattern).Result()
	if err != nil || len(keys) != 1 {
		t.Fatalf("%d keys like %q, error %v; want one", len(keys), pattern, err)
	}
	return keys[0]
}

func TestASubjectWhoseListIsNoHash(t *testing.T) {
	t.Parallel()
	client := redistest.Start(t).Client(t)
	st := newStore(t, client, redisstore.Config{})
	visitor := save(t, st, record(nil))
	from := load(t, st, visitor)
	ada := save(t, st, signedIn("ada", "d1"))
	fromAda := load(t, st, ada)
	if err := client.Set(t.Context(), keyOf(t, client, "u:*"), "x", 0).Err(); err != nil {
		t.Fatal(err)
	}
	before := len(client.Keys(t.Context(), "*").Val())
	_, saved := st.Save(t.Context(), signedIn("ada", "d2"))
	_, rotated := st.Rotate(t.Context(), visitor, from, signedIn("ada", "d3"))
	_, renewed := st.Rotate(t.Context(), ada, fromAda, fromAda)
	_, left := st.Rotate(t.Context(), ada, fromAda, record(nil))
	_, listed := st.Devices(t.Context(), "ada")
	_, revoked := st.RevokeAll(t.Context(), "ada", "")
	for _, err := range []error{saved, rotated, renewed, left, listed, revoked, st.Revoke(t.Context(), "ada", "d1")} {
		if _, ok := errors.AsType[*store.DecodeError](err); !ok {
			t.Errorf("got %v, want a *DecodeError", err)
		}
	}
	if after := len(client.Keys(t.Context(), "*").Val()); after != before {
		t.Errorf("%d keys became %d: something was left half-way", before, after)
	}
	load(t, st, visitor)
	load(t, st, ada)
}

// What is off its subject's list was revoked, whatever else was lost.
func TestASessionThatIsOffTheListIsNotRenewed(t *testing.T) {
	t.Parallel()
	client := redistest.Start(t).Client(t)
	st := newStore(t, client, redisstore.Config{})
	key := save(t, st, signedIn("ada", "d1"))
	from := load(t, st, key)
	if err := client.HDel(t.Context(), keyOf(t, client, "u:*"), "d:d1").Err(); err != nil {
		t.Fatal(err)
	}
	if _, err := st.Rotate(t.Context(), key, from, from); !errors.Is(err, store.ErrEnded) {
		t.Errorf("Rotate gives %v", err)
	}
	if d, err := st.Devices(t.Context(), "ada"); err != nil || len(d) > 0 {
		t.Errorf("%d devices, error %v", len(d), err)
	}
}

func TestAReplyThatNoScriptGives(t *testing.T) {
	t.Parallel()
	for _, reply := range []any{
		"OK", int64(1), nil,
		[]any{},
		[]any{int64(1)},
		[]any{nil},
		[]any{"found"},
		[]any{"found", "x"},
		[]any{"found", []any{int64(1), "x"}},
		[]any{"what"},
		[]any{[]any{"a", int64(1)}},
		[]any{"ok", "soon", nil},
	} {
		client := intercept(nil, func(_ context.Context, cmd redis.Cmder, _ func() error) error {
			cmd.(interface{ SetVal(any) }).SetVal(reply)
			return nil
		})
		st := newStore(t, client, redisstore.Config{})
		for _, d := range deeds() {
			_, _ = d.run(t.Context(), st, store.NewKey(), record(nil)) // it returns
		}
	}
}
