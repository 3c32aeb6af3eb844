package sealedstore_test

import (
	"context"
	"errors"

	"github.com/lambdasession/lambdasession-go/store"
)

// forging is a store whose records somebody changes.
type forging struct {
	store.Store
	change func(*store.Record)
}

func (f forging) Load(ctx context.Context, key store.Key) (store.Record, error) {
	r, err := f.Store.Load(ctx, key)
	if err == nil {
		f.change(&r)
	}
	return r, err
}

func (f forging) Update(ctx context.Context, key store.Key, c store.Changes) (store.Key, error) {
	next, err := f.Store.Update(ctx, key, c)
	return next, f.forge(err)
}

func (f forging) Rotate(ctx context.Context, key store.Key, from, to store.Record) (store.Key, error) {
	next, err := f.Store.Rotate(ctx, key, from, to)
	return next, f.forge(err)
}

func (f forging) forge(err error) error {
	if conflict, ok := errors.AsType[*store.ConflictError](err); ok {
		f.change(&conflict.Current)
	}
	return err
}
