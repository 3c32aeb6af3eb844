package dynamostore_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/localtest"
	"github.com/lambdasession/lambdasession-go/store"
)

func TestWhatAnOperationCosts(t *testing.T) {
	t.Parallel()
	small := record(map[string][]byte{"n": []byte("1")})

	// Prepare makes the session under the key that run gets, with what Load
	// gives of it.
	for _, c := range []struct {
		name         string
		prepare      store.Record
		cfg          dynamostore.Config
		run          func(ctx context.Context, st *dynamostore.Store, key store.Key, r store.Record) error
		calls        int
		reads, write float64
	}{
		{
			name: "Load of 4 KB", prepare: record(map[string][]byte{"x": make([]byte, 3800)}),
			run: func(ctx context.Context, st *dynamostore.Store, key store.Key, _ store.Record) error {
				_, err := st.Load(ctx, key)
				return err
			},
			calls: 1, reads: 1,
		},
		{
			name: "Load with EventualReads", prepare: small, cfg: dynamostore.Config{EventualReads: true},
			run: func(ctx context.Context, st *dynamostore.Store, key store.Key, _ store.Record) error {
				_, err := st.Load(ctx, key)
				return err
			},
			calls: 1, reads: 0.5,
		},
		{
			name: "Save", prepare: small,
			run: func(ctx context.Context, st *dynamostore.Store, _ store.Key, _ store.Record) error {
				_, err := st.Save(ctx, small)
				return err
			},
			calls: 1, write: 1,
		},
		{
			name: "Save with a subject", prepare: small,
			run: func(ctx context.Context, st *dynamostore.Store, _ store.Key, _ store.Record) error {
				_, err := st.Save(ctx, signedIn("ada", "d1"))
				return err
			},
			calls: 1, write: 6, // session, device, and the check for a revocation, twice each
		},
		{
			name: "Update of one field", prepare: small,
			run: func(ctx context.Context, st *dynamostore.Store, key store.Key, _ store.Record) error {
				_, err := st.Update(ctx, key, set("n", "2"))
				return err
			},
			calls: 1, write: 1,
		},
		{
			name: "UpdateTTL", prepare: small,
			run: func(ctx context.Context, st *dynamostore.Store, key store.Key, _ store.Record) error {
				_, err := st.UpdateTTL(ctx, key, beginning.Add(time.Hour))
				return err
			},
			calls: 1, write: 1,
		},
		{
			name: "UpdateTTL in the last idle period", prepare: small,
			run: func(ctx context.Context, st *dynamostore.Store, key store.Key, r store.Record) error {
				_, err := st.UpdateTTL(ctx, key, r.Ends.Add(time.Second))
				return err
			},
			calls: 2, write: 2,
		},
		{
			name: "Rotate", prepare: small,
			run: func(ctx context.Context, st *dynamostore.Store, key store.Key, r store.Record) error {
				_, err := st.Rotate(ctx, key, r, r)
				return err
			},
			calls: 1, write: 4,
		},
		{
			name: "Rotate with a subject", prepare: signedIn("ada", "d1"),
			run: func(ctx context.Context, st *dynamostore.Store, key store.Key, r store.Record) error {
				_, err := st.Rotate(ctx, key, r, r)
				return err
			},
			calls: 1, write: 6,
		},
		{
			name: "Rotate to a subject", prepare: small,
			run: func(ctx context.Context, st *dynamostore.Store, key store.Key, r store.Record) error {
				_, err := st.Rotate(ctx, key, r, signedIn("ada", "d1"))
				return err
			},
			calls: 1, write: 8,
		},
		{
			name: "Delete", prepare: small,
			run: func(ctx context.Context, st *dynamostore.Store, key store.Key, _ store.Record) error {
				return st.Delete(ctx, key)
			},
			calls: 1, write: 1,
		},
		{
			name: "Delete with a subject", prepare: signedIn("ada", "d1"),
			run: func(ctx context.Context, st *dynamostore.Store, key store.Key, _ store.Record) error {
				return st.Delete(ctx, key)
			},
			calls: 2, write: 2,
		},
		{
			name: "Devices", prepare: signedIn("ada", "d1"),
			run: func(ctx context.Context, st *dynamostore.Store, _ store.Key, _ store.Record) error {
				_, err := st.Devices(ctx, "ada")
				return err
			},
			calls: 2, reads: 2,
		},
		{
			name: "Revoke", prepare: signedIn("ada", "d1"),
			run: func(ctx context.Context, st *dynamostore.Store, _ store.Key, _ store.Record) error {
				return st.Revoke(ctx, "ada", "d1")
			},
			calls: 2, reads: 1, write: 4,
		},
		{
			name: "RevokeAll of one", prepare: signedIn("ada", "d1"),
			run: func(ctx context.Context, st *dynamostore.Store, _ store.Key, _ store.Record) error {
				_, err := st.RevokeAll(ctx, "ada", "")
				return err
			},
			calls: 3, reads: 1, write: 5,
		},
		{
			name: "Warm", prepare: small,
			run: func(ctx context.Context, st *dynamostore.Store, _ store.Key, _ store.Record) error {
				return st.Warm(ctx)
			},
			calls: 1, reads: 0.5,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db := localtest.DynamoDB(t)
			c.cfg.Table = db.Table()
			st := newStore(t, db.Client, c.cfg)
			key := save(t, st, c.prepare)
			r := load(t, st, key)

			db.Meter().Reset()
			if err := c.run(t.Context(), st, key, r); err != nil {
				t.Fatal(err)
			}
			u := db.Meter().Usage()
			if u.Calls != c.calls || u.ReadUnits != c.reads || u.WriteUnits != c.write {
				t.Errorf("%d calls, %g read units, %g write units; want %d, %g, %g",
					u.Calls, u.ReadUnits, u.WriteUnits, c.calls, c.reads, c.write)
			}
		})
	}
}

func TestAWriteCarriesOnlyWhatChanges(t *testing.T) {
	t.Parallel()
	db := localtest.DynamoDB(t)
	st := newStore(t, db.Client, dynamostore.Config{Table: db.Table()})
	r := signedIn("ada", "d1")
	r.Values["large"] = []byte(strings.Repeat("x", 50<<10))
	key := save(t, st, r)

	for _, c := range []struct {
		name string
		run  func() error
	}{
		{"Update of one field", func() error { _, err := st.Update(t.Context(), key, set("n", "1")); return err }},
		{"UpdateTTL", func() error { _, err := st.UpdateTTL(t.Context(), key, r.Expires); return err }},
		{"Delete", func() error { return st.Delete(t.Context(), key) }},
	} {
		db.Meter().Reset()
		if err := c.run(); err != nil {
			t.Fatal(err)
		}
		for _, call := range db.Meter().Calls() {
			if call.BytesSent >= 1024 || call.BytesReceived >= 1024 {
				t.Errorf("%s: a %s of %d bytes is answered with %d; want both under 1 KB",
					c.name, call.Operation, call.BytesSent, call.BytesReceived)
			}
		}
	}
}
