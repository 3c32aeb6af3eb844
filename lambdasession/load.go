package lambdasession

import (
	"context"
	"errors"
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

// renewalGrace is how long after a session ended its key may still come from a
// browser that has no newer one yet, for the answer is on its way.
const renewalGrace = time.Minute

// loading is one Load under way, shared by all who ask for it meanwhile.
type loading struct {
	done chan struct{}
}

// load makes the record known. Callers hold x.mu, which is released while the
// store is asked.
func (x *Exchange) load(ctx context.Context) error {
	for {
		switch {
		case x.failure != nil:
			return x.failure
		case x.loaded:
			return nil
		case x.loading == nil:
			if err := x.loadNow(ctx); err != nil {
				return err
			}
		default:
			l := x.loading
			x.mu.Unlock()
			err := wait(ctx, l.done)
			x.mu.Lock()
			if err != nil {
				return err
			}
		}
	}
}

func (x *Exchange) loadNow(ctx context.Context) error {
	l, key := &loading{done: make(chan struct{})}, x.key
	x.loading = l
	x.mu.Unlock()
	// Whoever asked this context for the session, such as an Observer or a log
	// handler, would wait for this very Load.
	ctx = context.WithValue(ctx, exchangeKey{}, (*Exchange)(nil))
	defer func() { // also if the store panics
		if x.loading == l {
			x.loading = nil
		}
		close(l.done)
	}()
	record, err := func() (store.Record, error) {
		defer x.mu.Lock()
		return x.m.load(ctx, key)
	}()
	if x.loading != l {
		return nil // the session was destroyed meanwhile: the answer is nobody's
	}
	return x.settle(ctx, record, err)
}

// settle takes in what Load returned. An error of its own is returned, and
// kept if it does not merely mean that ctx ended.
func (x *Exchange) settle(ctx context.Context, record store.Record, err error) error {
	ended, isEnded := errors.AsType[*store.EndedError](err)
	switch {
	case err == nil && x.m.cfg.Now().Before(record.Expires):
		x.base = &record
	case err == nil, errors.Is(err, store.ErrNotFound):
		// no session
	case isEnded:
		if x.recently(ended) {
			x.ended = ended
		}
	case is[*store.DecodeError](err):
		x.m.cfg.Logger.ErrorContext(ctx, "stored session cannot be read; the visitor starts a new one", "error", err)
	case is[*store.InvalidError](err):
		x.failure = err
		return err
	case ctx.Err() != nil:
		return err
	default:
		x.failure = classify(err)
		return x.failure
	}
	x.loaded = true
	return nil
}

// recently reports whether the request may have been under way, or its browser
// without the answer, when the session ended.
func (x *Exchange) recently(ended *store.EndedError) bool {
	return x.began.Before(ended.At.Add(renewalGrace))
}

// wait waits for done, or gives up with ctx as with a store that could not
// answer.
func wait(ctx context.Context, done <-chan struct{}) error {
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return classify(ctx.Err())
	}
}
