package sealedstore_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/lambdasession/lambdasession-go/memstore"
	"github.com/lambdasession/lambdasession-go/sealedstore"
	"github.com/lambdasession/lambdasession-go/store"
)

// counting counts what its store is asked for.
type counting struct {
	store.Store
	mu    sync.Mutex
	asked []string
}

func (c *counting) note(operation string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asked = append(c.asked, operation)
}

func (c *counting) take() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	asked := strings.Join(c.asked, " ")
	c.asked = nil
	return asked
}

func (c *counting) Load(ctx context.Context, key store.Key) (store.Record, error) {
	c.note("load")
	return c.Store.Load(ctx, key)
}

func (c *counting) Update(ctx context.Context, key store.Key, changes store.Changes) (store.Key, error) {
	c.note("update")
	return c.Store.Update(ctx, key, changes)
}

func (c *counting) Rotate(ctx context.Context, key store.Key, from, to store.Record) (store.Key, error) {
	c.note("rotate")
	for _, r := range []store.Record{from, to} {
		for _, v := range r.Values {
			if text := string(v); strings.Contains(text, "pears") || strings.Contains(text, "apples") {
				c.note("in plain")
			}
		}
	}
	return c.Store.Rotate(ctx, key, from, to)
}

func (c *counting) Delete(ctx context.Context, key store.Key) error {
	c.note("delete")
	return c.Store.Delete(ctx, key)
}

func TestAForgedKeyAsksNobody(t *testing.T) {
	t.Parallel()
	inner := &counting{Store: memstore.New()}
	s := around(t, inner, "k", "l")
	r := record("cart", "2 apples")
	genuine, other := session(t, s, r).Reveal(), session(t, s, r).Reveal()
	refused := func(what, secret string) {
		t.Helper()
		_, loading := s.Load(t.Context(), store.KeyOf(secret))
		_, updating := s.Update(t.Context(), store.KeyOf(secret), store.Changes{Expires: r.Expires})
		_, rotating := s.Rotate(t.Context(), store.KeyOf(secret), r, r)
		for operation, err := range map[string]error{"Load": loading, "Update": updating, "Rotate": rotating, "Delete": s.Delete(t.Context(), store.KeyOf(secret))} {
			if !errors.Is(err, store.ErrNotFound) || err.Error() != store.ErrNotFound.Error() {
				t.Errorf("%s of %s: got %v, want nothing but ErrNotFound", operation, what, err)
			}
		}
		if asked := inner.take(); asked != "" {
			t.Errorf("%s: the inner store was asked to %s", what, asked)
		}
	}
	for i := range len(genuine) {
		for bit := range 8 {
			flipped := []byte(genuine)
			flipped[i] ^= 1 << bit
			refused(fmt.Sprintf("a key with bit %d of character %d flipped", bit, i), string(flipped))
		}
		refused(fmt.Sprintf("the first %d characters", i), genuine[:i])
		if mixed := genuine[:i] + other[i:]; mixed != genuine && mixed != other {
			refused(fmt.Sprintf("%d characters of one and the rest of another", i), mixed)
		}
	}
	refused("a key and more", genuine+"A")
	refused("a key of other keys", session(t, around(t, memstore.New(), "x"), r).Reveal())
	refused("the inner key", genuine[:43])
	refused("a key of the inner store with zeros", genuine[:43]+strings.Repeat("A", 64))
	refused("zeros", strings.Repeat("A", 107))
	if _, err := s.Load(t.Context(), store.KeyOf(genuine)); err != nil {
		t.Error(err)
	}
}

func TestAnOperationIsOneCall(t *testing.T) {
	t.Parallel()
	inner := &counting{Store: memstore.New()}
	s, r := around(t, inner, "k"), record("cart", "2 apples")
	key := session(t, s, r)
	expecting := store.Changes{
		Set: map[string][]byte{"cart": []byte("3 pears")}, Expires: r.Expires,
		Expect: map[string][]byte{"cart": []byte("2 apples"), "theme": nil},
	}
	must(s.Update(t.Context(), key, expecting))(t)
	if asked := inner.take(); asked != "update" {
		t.Errorf("an Update that expects something: %s", asked)
	}
	if _, err := s.Update(t.Context(), key, expecting); err == nil {
		t.Error("an Update that expects what is no longer there succeeded")
	}
	if asked := inner.take(); asked != "update" {
		t.Errorf("an Update in conflict: %s", asked)
	}
	from := must(s.Load(t.Context(), key))(t)
	inner.take()
	to := record("cart", "4 apples")
	must(s.Rotate(t.Context(), key, from, to))(t)
	if asked := inner.take(); asked != "rotate" {
		t.Errorf("a Rotate: %s", asked)
	}
}

func TestKeysRotate(t *testing.T) {
	t.Parallel()
	inner := &counting{Store: memstore.New()}
	old, both, young := around(t, inner, "o"), around(t, inner, "n", "o"), around(t, inner, "n")
	r := record("cart", "2 apples", "theme", "dark")
	key := session(t, old, r)
	reads := func(s *sealedstore.Store, key store.Key) bool {
		_, err := s.Load(t.Context(), key)
		return err == nil
	}
	if !reads(both, key) || reads(young, key) {
		t.Error("what the old key sealed opens with both, and not with the new one alone: does not hold")
	}
	inner.take()
	c := store.Changes{
		Set: map[string][]byte{"cart": []byte("3 pears")}, Expires: r.Expires, Expect: map[string][]byte{"cart": []byte("2 apples")},
	}
	must(both.Update(t.Context(), key, c))(t)
	if asked := inner.take(); asked != "update update" {
		t.Errorf("an Update that expects what the old key sealed: %s", asked)
	}
	c.Expect, c.Set = map[string][]byte{"cart": []byte("3 pears")}, map[string][]byte{"cart": []byte("4 plums")}
	must(both.Update(t.Context(), key, c))(t)
	if asked := inner.take(); asked != "update" {
		t.Errorf("an Update that expects what the new key sealed: %s", asked)
	}
	from := must(both.Load(t.Context(), key))(t)
	if next := must(both.Rotate(t.Context(), key, from, from))(t); !reads(young, next) || reads(old, next) {
		t.Error("a renewed session is all of the newest key: does not hold")
	}
}
