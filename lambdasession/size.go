package lambdasession

import (
	"context"
	"fmt"

	"github.com/lambdasession/lambdasession-go/store"
)

const (
	maxFields = 100 // of a session

	// nearlyFull is the part of Config.MaxBytes beyond which a session is
	// worth a warning, while it can still be helped.
	nearlyFull = 0.8
)

// checkSize refuses values that are too large, unless the session was as large
// before: one that is oversized may still shrink, renew and end.
func (m *Manager) checkSize(values map[string][]byte, base store.Record) error {
	size := store.Record{Values: values}.Size()
	if size > m.cfg.MaxBytes && size > base.Size() {
		return fmt.Errorf("%w: %d bytes, and a session has at most %d (Config.MaxBytes); the biggest fields are %s",
			ErrTooLarge, size, m.cfg.MaxBytes, store.Biggest(values))
	}
	if len(values) > maxFields && len(values) > len(base.Values) {
		return fmt.Errorf("%w: %d fields, and a session has at most %d", ErrTooLarge, len(values), maxFields)
	}
	return nil
}

// warnIfNearlyFull warns of the write that took a session past most of what it
// may hold, and not of every one after it. Base is what it was before.
func (m *Manager) warnIfNearlyFull(ctx context.Context, values map[string][]byte, base store.Record) {
	limit, size := nearlyFull*float64(m.cfg.MaxBytes), store.Record{Values: values}.Size()
	if float64(size) <= limit || float64(base.Size()) > limit {
		return
	}
	m.cfg.Logger.WarnContext(ctx, "session is close to Config.MaxBytes, and a write beyond that fails: keep less in it",
		"bytes", size, "MaxBytes", m.cfg.MaxBytes, "biggest", store.Biggest(values))
}

// warnIfOutgrown warns if a write that did not read the session left it larger
// than it may be, as far as what it consumed tells: a write unit is a kilobyte
// of what the store holds, a begun one counted in full
// (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html).
// That is somewhat more than names and values, so one unit is left out.
func (m *Manager) warnIfOutgrown(ctx context.Context, usage store.Usage, set map[string][]byte) {
	if (usage.WriteUnits-1)*1024 <= float64(m.cfg.MaxBytes) {
		return
	}
	m.cfg.Logger.WarnContext(ctx, "session has outgrown Config.MaxBytes by writes that did not read it: keep less in it, or read it before adding to it",
		"kilobytes", usage.WriteUnits, "MaxBytes", m.cfg.MaxBytes, "written", store.Biggest(set))
}
