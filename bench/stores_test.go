package bench

import (
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/cookiestore"
	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/localtest"
	"github.com/lambdasession/lambdasession-go/memstore"
	"github.com/lambdasession/lambdasession-go/sealedstore"
	"github.com/lambdasession/lambdasession-go/store"
)

// BenchmarkStore is one operation of each store, and of each in a sealed store.
// That of redisstore is in its own module.
func BenchmarkStore(b *testing.B) {
	cookies, err := cookiestore.New(cookiestore.Config{Keys: [][]byte{hmacKey}})
	if err != nil {
		b.Fatal(err)
	}
	db := localtest.DynamoDB(b)
	table, err := dynamostore.New(db.Client, dynamostore.Config{Table: db.Table()})
	if err != nil {
		b.Fatal(err)
	}
	var stores []named
	for _, n := range []named{{"memstore", memstore.New()}, {"cookiestore", cookies}, {"dynamostore", table}} {
		sealed, err := sealedstore.New(n.store, sealedstore.Config{Keys: [][]byte{hmacKey}})
		if err != nil {
			b.Fatal(err)
		}
		stores = append(stores, n, named{n.name + ", sealed", sealed})
	}
	for _, operation := range []struct {
		name  string
		begin func(*testing.B, store.Store) func()
	}{
		{"Load", loading},
		{"Update of one field", updating},
		{"Update that expects", expecting},
		{"Load and Rotate", rotating},
	} {
		b.Run(operation.name, func(b *testing.B) {
			for _, n := range stores {
				b.Run(n.name, func(b *testing.B) { measure(b, operation.begin(b, n.store)) })
			}
		})
	}
}

// A named store is a row of the table.
type named struct {
	name  string
	store store.Store
}

// begun saves a small session.
func begun(b *testing.B, s store.Store) (store.Key, store.Record) {
	b.Helper()
	record := loads()[0].record
	key, err := s.Save(b.Context(), record)
	if err != nil {
		b.Fatal(err)
	}
	return key, record
}

func loading(b *testing.B, s store.Store) func() {
	b.Helper()
	key, _ := begun(b, s)
	return func() {
		if _, err := s.Load(b.Context(), key); err != nil {
			b.Fatal(err)
		}
	}
}

func updating(b *testing.B, s store.Store) func() {
	b.Helper()
	key, record := begun(b, s)
	changes := store.Changes{Set: map[string][]byte{"theme": []byte(`"lite"`)}, Expires: record.Expires.Add(time.Minute)}
	return func() {
		if _, err := s.Update(b.Context(), key, changes); err != nil {
			b.Fatal(err)
		}
	}
}

func expecting(b *testing.B, s store.Store) func() {
	b.Helper()
	key, record := begun(b, s)
	same := map[string][]byte{"visits": record.Values["visits"]}
	changes := store.Changes{Set: same, Expect: same, Expires: record.Expires.Add(time.Minute)}
	return func() {
		if _, err := s.Update(b.Context(), key, changes); err != nil {
			b.Fatal(err)
		}
	}
}

// rotating renews a session again and again. A Rotate needs what was loaded, so
// the Load is measured too.
func rotating(b *testing.B, s store.Store) func() {
	b.Helper()
	key, _ := begun(b, s)
	return func() {
		from, err := s.Load(b.Context(), key)
		if err != nil {
			b.Fatal(err)
		}
		if key, err = s.Rotate(b.Context(), key, from, from); err != nil {
			b.Fatal(err)
		}
	}
}
