package lambdasession_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/memstore"
	"github.com/lambdasession/lambdasession-go/store"
)

// a spy is a store in memory that writes down what it is asked to do and, where
// the test wants it, fails, waits or lets somebody else go first.
type spy struct {
	memory *memstore.Store

	mu     sync.Mutex // guards what follows
	calls  []call
	before map[string]func(context.Context) error
}

// a call is one operation on the store.
type call struct {
	operation string
	changes   store.Changes // of an update
	record    store.Record  // of a save or a rotation
	expires   time.Time     // of an update-ttl
}

func newSpy(now func() time.Time) *spy {
	memory := memstore.New()
	memory.Now = now
	return &spy{memory: memory, before: map[string]func(context.Context) error{}}
}

// on runs do before every operation of that name; if do returns an error, that
// is the store's answer and nothing is done.
func (s *spy) on(operation string, do func(context.Context) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.before[operation] = do
}

// once is on for the next operation of that name alone.
func (s *spy) once(operation string, do func(context.Context) error) {
	s.on(operation, func(ctx context.Context) error {
		s.on(operation, nil)
		return do(ctx)
	})
}

// fail makes every operation of these names fail; with no error, work again.
func (s *spy) fail(err error, operations ...string) {
	for _, operation := range operations {
		s.on(operation, func(context.Context) error { return err })
	}
}

// hold makes the next operation of that name wait. Reached is closed when it
// waits, and calling release lets it go on.
func (s *spy) hold(operation string) (reached <-chan struct{}, release func()) {
	there, on := make(chan struct{}), make(chan struct{})
	s.once(operation, func(ctx context.Context) error {
		close(there)
		select {
		case <-on:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	return there, func() { close(on) }
}

// take returns the calls since the last take.
func (s *spy) take() []call {
	s.mu.Lock()
	defer s.mu.Unlock()
	calls := s.calls
	s.calls = nil
	return calls
}

// want compares the operations since the last take.
func (s *spy) want(tb testing.TB, operations ...string) {
	tb.Helper()
	var got []string
	for _, c := range s.take() {
		got = append(got, c.operation)
	}
	if diff := cmp.Diff(operations, got); diff != "" {
		tb.Errorf("calls of the store (-want +got):\n%s", diff)
	}
}

// only returns the only call since the last take, which must be of operation.
func (s *spy) only(tb testing.TB, operation string) call {
	tb.Helper()
	calls := s.take()
	i := slices.IndexFunc(calls, func(c call) bool { return c.operation == operation })
	if len(calls) != 1 || i != 0 {
		tb.Fatalf("calls of the store: %v; want one %s", calls, operation)
	}
	return calls[i]
}

func (s *spy) note(ctx context.Context, c call) error {
	s.mu.Lock()
	s.calls = append(s.calls, c)
	before := s.before[c.operation]
	s.mu.Unlock()
	if before == nil {
		return nil
	}
	return before(ctx)
}

func (s *spy) Load(ctx context.Context, key store.Key) (store.Record, error) {
	if err := s.note(ctx, call{operation: "load"}); err != nil {
		return store.Record{}, err
	}
	return s.memory.Load(ctx, key)
}

func (s *spy) Save(ctx context.Context, record store.Record) (store.Key, error) {
	if err := s.note(ctx, call{operation: "save", record: record}); err != nil {
		return store.Key{}, err
	}
	return s.memory.Save(ctx, record)
}

func (s *spy) Update(ctx context.Context, key store.Key, changes store.Changes) (store.Key, error) {
	if err := s.note(ctx, call{operation: "update", changes: changes}); err != nil {
		return store.Key{}, err
	}
	return s.memory.Update(ctx, key, changes)
}

func (s *spy) UpdateTTL(ctx context.Context, key store.Key, expires time.Time) (store.Key, error) {
	if err := s.note(ctx, call{operation: "update-ttl", expires: expires}); err != nil {
		return store.Key{}, err
	}
	return s.memory.UpdateTTL(ctx, key, expires)
}

func (s *spy) Rotate(ctx context.Context, key store.Key, from, to store.Record) (store.Key, error) {
	if err := s.note(ctx, call{operation: "rotate", record: to}); err != nil {
		return store.Key{}, err
	}
	return s.memory.Rotate(ctx, key, from, to)
}

func (s *spy) Delete(ctx context.Context, key store.Key) error {
	if err := s.note(ctx, call{operation: "delete"}); err != nil {
		return err
	}
	return s.memory.Delete(ctx, key)
}

func (s *spy) Devices(ctx context.Context, subject string) ([]store.Device, error) {
	if err := s.note(ctx, call{operation: "devices"}); err != nil {
		return nil, err
	}
	return s.memory.Devices(ctx, subject)
}

func (s *spy) Revoke(ctx context.Context, subject, device string) error {
	if err := s.note(ctx, call{operation: "revoke"}); err != nil {
		return err
	}
	return s.memory.Revoke(ctx, subject, device)
}

func (s *spy) RevokeAll(ctx context.Context, subject, keep string) (time.Time, error) {
	if err := s.note(ctx, call{operation: "revoke-all"}); err != nil {
		return time.Time{}, err
	}
	return s.memory.RevokeAll(ctx, subject, keep)
}
