package lambdasession_test

import (
	"context"
	"testing"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/store"
)

func TestAnObservationTellsWhatTheOperationConsumed(t *testing.T) {
	t.Parallel()
	var seen observations
	site := newSite(t, lambdasession.Config{Observer: &seen})
	b := site.known(t)
	for operation, usage := range map[string]store.Usage{
		"load":   {ReadUnits: 0.5},
		"update": {WriteUnits: 3},
	} {
		site.store.on(operation, func(ctx context.Context) error {
			store.AddUsage(ctx, usage)
			return nil
		})
	}

	ctx, counted := store.CountUsage(t.Context())
	r := b.requestUnder(ctx)
	add(t, apples, r.Session, 1)
	succeed(t, r.respond().err)

	type units struct {
		Operation   string
		Read, Write float64
	}
	var got []units
	for _, o := range seen {
		got = append(got, units{o.Operation, o.ReadUnits, o.WriteUnits})
	}
	wantEqual(t, "observations", []units{{"save", 0, 0}, {"load", 0.5, 0}, {"update", 0, 3}}, got)
	wantEqual(t, "what is counted around the request", store.Usage{ReadUnits: 0.5, WriteUnits: 3}, counted())
}
