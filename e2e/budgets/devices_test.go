package budgets

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

const n = 100

// crowd returns one of a hundred browsers in which ada is signed in.
func crowd(t *testing.T) *browser {
	t.Helper()
	b := open(t)
	for range n {
		b = b.another()
		b.visit(signIn)
	}
	b.meter.Reset()
	return b
}

func TestListingAHundredDevicesIsTwoCalls(t *testing.T) {
	t.Parallel()
	b := crowd(t)
	devices, err := b.sessions.Sessions(t.Context(), "ada")
	if len(devices) != n || err != nil {
		t.Errorf("%d devices, %v; want %d", len(devices), err, n)
	}
	// A Query adds up what it reads; each item of a batch is a unit of its own.
	b.costs("Query BatchGetItem", b.meter.Calls()[0].ReadUnits+n, 0)
	if query := b.meter.Calls()[0].ReadUnits; query > 5 {
		t.Errorf("the Query takes %v read units, want at most 5", query)
	}
}

func TestEndingTheSessionsOfASubject(t *testing.T) {
	t.Parallel()
	// The revocation, a page of devices, and for each session a transaction of
	// two writes, billed twice.
	t.Run("all of them is a transaction each", func(t *testing.T) {
		t.Parallel()
		b := crowd(t)
		if err := b.sessions.RevokeAll(t.Context(), "ada"); err != nil {
			t.Fatal(err)
		}
		b.costs("PutItem Query"+strings.Repeat(" TransactWriteItems", n), b.meter.Calls()[1].ReadUnits, 1+4*n)
	})
	t.Run("all others is a read, and a transaction for each of the others", func(t *testing.T) {
		t.Parallel()
		b := crowd(t)
		b.visit(func(ctx context.Context, _ *lambdasession.Session) error { return b.sessions.RevokeOthers(ctx, "ada") })
		b.costs("GetItem PutItem Query"+strings.Repeat(" TransactWriteItems", n-1), 1+b.meter.Calls()[2].ReadUnits, 1+4*(n-1))
	})
	t.Run("one of them is a read and a transaction", func(t *testing.T) {
		t.Parallel()
		b := crowd(t)
		devices, err := b.sessions.Sessions(t.Context(), "ada")
		if err != nil {
			t.Fatal(err)
		}
		b.meter.Reset()
		if err := b.sessions.Revoke(t.Context(), "ada", devices[n/2].ID); err != nil {
			t.Fatal(err)
		}
		b.costs("GetItem TransactWriteItems", 1, 4)
		left, err := b.sessions.Sessions(t.Context(), "ada")
		if slices.ContainsFunc(left, func(d lambdasession.Device) bool { return d.ID == devices[n/2].ID }) || len(left) != n-1 || err != nil {
			t.Errorf("%d devices are left, %v; want %d, without the one revoked", len(left), err, n-1)
		}
	})
}
