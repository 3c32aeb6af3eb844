package redisstore_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/redisstore"
	"github.com/lambdasession/lambdasession-go/redisstore/internal/redistest"
	"github.com/lambdasession/lambdasession-go/store"
)

// BenchmarkRedis is each operation, and a visit through the whole wrapper,
// beside the least that a client alone would send for it, in one round trip too.
func BenchmarkRedis(b *testing.B) {
	client := redistest.Start(b).Client(b)
	st := newStore(b, client, redisstore.Config{Now: time.Now})
	if err := st.Warm(b.Context()); err != nil {
		b.Fatal(err)
	}
	now := time.Now()
	r := store.Record{
		Values:  map[string][]byte{"cart": make([]byte, 150), "theme": []byte("dark"), "counter": []byte("7")},
		Created: now, Expires: now.Add(30 * time.Minute), Ends: now.Add(12 * time.Hour),
	}
	key := save(b, st, r)
	name := "s:{" + key.Reveal()[:2] + "}:" + key.Digest()
	must := func(err error) {
		if err != nil {
			b.Fatal(err)
		}
	}

	b.Run("Load", func(b *testing.B) {
		beside(b, func() { must(client.HGetAll(b.Context(), name).Err()) },
			func() { load(b, st, key) })
	})
	b.Run("Update", func(b *testing.B) {
		c := store.Changes{Set: map[string][]byte{"theme": []byte("lite")}, Expires: r.Expires}
		beside(b, func() { must(client.HSet(b.Context(), name, "f:theme", "lite").Err()) },
			func() { _, err := st.Update(b.Context(), key, c); must(err) })
	})
	b.Run("Rotate and Load", func(b *testing.B) {
		from := load(b, st, key)
		values := client.HGetAll(b.Context(), name).Val()
		beside(b, func() {
			_, err := client.TxPipelined(b.Context(), func(p redis.Pipeliner) error {
				p.Del(b.Context(), "old")
				p.HSet(b.Context(), "old", "ended", "1", "next", "x")
				p.PExpire(b.Context(), "old", store.MarkLifetime)
				p.HSet(b.Context(), "new", values)
				p.PExpire(b.Context(), "new", time.Hour)
				return nil
			})
			must(err)
			must(client.HGetAll(b.Context(), "new").Err())
		}, func() {
			next, err := st.Rotate(b.Context(), key, from, from)
			must(err)
			// The revision of the next is known only to who loads it.
			key, from = next, load(b, st, next)
		})
	})
	b.Run("a visit that reads and sets", func(b *testing.B) {
		visit := newVisit(b, st)
		beside(b, func() {
			must(client.HGetAll(b.Context(), name).Err())
			must(client.HSet(b.Context(), name, "f:theme", "lite").Err())
		}, visit)
	})
}

// beside measures what a client alone does, and what the store does.
func beside(b *testing.B, alone, store func()) {
	b.Helper()
	for _, row := range []struct {
		name string
		do   func()
	}{{"the client alone", alone}, {"redisstore", store}} {
		b.Run(row.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				row.do()
			}
		})
	}
}

// newVisit returns a function that sends a request of a browser with a session.
func newVisit(b *testing.B, st store.Store) func() {
	b.Helper()
	sessions, err := lambdasession.New(lambdasession.Config{Store: st})
	if err != nil {
		b.Fatal(err)
	}
	h := sessions.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := counter.Update(lambdasession.From(r.Context()), func(n int) (int, error) { return n + 1, nil }); err != nil {
			sessions.WriteError(w, r, err)
		}
	}))
	first := httptest.NewRecorder()
	h.ServeHTTP(first, httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/", nil))
	cookie := first.Result().Cookies()[0]
	return func() {
		w, r := httptest.NewRecorder(), httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/", nil)
		r.AddCookie(cookie)
		if h.ServeHTTP(w, r); w.Code != http.StatusOK {
			b.Fatal(w.Code)
		}
	}
}
