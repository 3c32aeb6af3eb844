package sealedstore_test

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/lambdasession/lambdasession-go/sealedstore"
	"github.com/lambdasession/lambdasession-go/store"
)

// alternating asks two programs in turn.
type alternating struct {
	programs [2]*sealedstore.Store
	asked    atomic.Uint64
}

func (a *alternating) next() *sealedstore.Store { return a.programs[a.asked.Add(1)%2] }

func (a *alternating) KeyForm() store.KeyForm { return a.next().KeyForm() }

func (a *alternating) Load(ctx context.Context, key store.Key) (store.Record, error) {
	return a.next().Load(ctx, key)
}

func (a *alternating) Save(ctx context.Context, r store.Record) (store.Key, error) {
	return a.next().Save(ctx, r)
}

func (a *alternating) Update(ctx context.Context, key store.Key, c store.Changes) (store.Key, error) {
	return a.next().Update(ctx, key, c)
}

func (a *alternating) UpdateTTL(ctx context.Context, key store.Key, expires time.Time) (store.Key, error) {
	return a.next().UpdateTTL(ctx, key, expires)
}

func (a *alternating) Rotate(ctx context.Context, key store.Key, from, to store.Record) (store.Key, error) {
	return a.next().Rotate(ctx, key, from, to)
}

func (a *alternating) Delete(ctx context.Context, key store.Key) error {
	return a.next().Delete(ctx, key)
}
