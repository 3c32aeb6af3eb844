package lambdasession

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/lambdasession/lambdasession-go/store"
)

// A Manager keeps the sessions of an application. It is safe for concurrent
// use; make one at start-up.
type Manager struct {
	cfg     Config // without Keys, which the tokens hold
	tokens  tokens
	origins *http.CrossOriginProtection
}

// New makes a manager, or reports everything that is wrong with cfg in one
// error.
func New(cfg Config) (*Manager, error) {
	cfg, err := cfg.complete()
	problems := []error{err}
	origins := http.NewCrossOriginProtection()
	for _, origin := range cfg.TrustedOrigins {
		if err := origins.AddTrustedOrigin(origin); err != nil {
			problems = append(problems, fmt.Errorf("TrustedOrigins: %w: use scheme and host, such as https://login.example.com", err))
		}
	}
	if err := errors.Join(problems...); err != nil {
		return nil, fmt.Errorf("lambdasession.New: %w", err)
	}
	tokens := newTokens(cfg.Cookie.Name, store.KeyFormOf(cfg.Store).Valid, cfg.Keys)
	cfg.Keys = nil
	return &Manager{cfg: cfg, tokens: tokens, origins: origins}, nil
}

func (m *Manager) load(ctx context.Context, key store.Key) (store.Record, error) {
	return observe(ctx, m, "load", func(ctx context.Context) (store.Record, error) { return m.cfg.Store.Load(ctx, key) })
}

func (m *Manager) save(ctx context.Context, record store.Record) (store.Key, error) {
	return observe(ctx, m, "save", func(ctx context.Context) (store.Key, error) { return m.cfg.Store.Save(ctx, record) })
}

func (m *Manager) update(ctx context.Context, key store.Key, changes store.Changes) (store.Key, error) {
	return observe(ctx, m, "update", func(ctx context.Context) (store.Key, error) { return m.cfg.Store.Update(ctx, key, changes) })
}

func (m *Manager) updateTTL(ctx context.Context, key store.Key, expires time.Time) (store.Key, error) {
	return observe(ctx, m, "update-ttl", func(ctx context.Context) (store.Key, error) { return m.cfg.Store.UpdateTTL(ctx, key, expires) })
}

func (m *Manager) rotate(ctx context.Context, key store.Key, from, to store.Record) (store.Key, error) {
	return observe(ctx, m, "rotate", func(ctx context.Context) (store.Key, error) { return m.cfg.Store.Rotate(ctx, key, from, to) })
}

func (m *Manager) delete(ctx context.Context, key store.Key) error {
	_, err := observe(ctx, m, "delete", func(ctx context.Context) (struct{}, error) { return struct{}{}, m.cfg.Store.Delete(ctx, key) })
	return err
}

// idleEnd is the idle end of a session that is used now and ends at ends.
func (m *Manager) idleEnd(ends time.Time) time.Time {
	idle := m.cfg.Now().Add(m.cfg.IdleTimeout).Truncate(time.Second)
	if idle.After(ends) {
		return ends
	}
	return idle
}
