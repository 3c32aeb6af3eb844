package budgets

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

// What a request may do to its session.
var (
	nothing = func(context.Context, *lambdasession.Session) error { return nil }
	look    = func(_ context.Context, s *lambdasession.Session) error {
		_, err := visits.Get(s)
		return err
	}
	write  = func(_ context.Context, s *lambdasession.Session) error { return theme.Set(s, "dark") }
	update = func(_ context.Context, s *lambdasession.Session) error { return count(s) }
	renew  = func(_ context.Context, s *lambdasession.Session) error { return s.Renew() }
	signIn = func(_ context.Context, s *lambdasession.Session) error { return s.SetSubject("ada", "a phone") }
	leave  = func(_ context.Context, s *lambdasession.Session) error { return s.Destroy() }
	store  = func(bytes int) handler {
		return func(_ context.Context, s *lambdasession.Session) error {
			return notes.Set(s, strings.Repeat("n", bytes))
		}
	}
)

func count(s *lambdasession.Session) error {
	_, err := visits.Update(s, func(n int) (int, error) { return n + 1, nil })
	return err
}

func TestWhatARequestCosts(t *testing.T) {
	t.Parallel()
	stranger := func(t *testing.T) *browser { return open(t) }
	anonymous := func(t *testing.T) *browser { return known(t, "") }
	signedIn := func(t *testing.T) *browser { return known(t, "ada") }
	large := func(bytes int) func(*testing.T) *browser {
		return func(t *testing.T) *browser {
			b := known(t, "")
			b.visit(store(bytes))
			return b
		}
	}
	for _, c := range []struct {
		name          string
		browser       func(*testing.T) *browser
		do            handler
		operations    string
		reads, writes float64
	}{
		{"that does not use its session", anonymous, nothing, "", 0, 0},
		{"that reads, without a cookie", stranger, look, "", 0, 0},
		{"that reads", anonymous, look, "GetItem", 1, 0},
		{"that reads almost 4 KB", large(3700), look, "GetItem", 1, 0},
		{"that sets one field, unread", anonymous, write, "UpdateItem", 0, 1},
		{"that updates one field", anonymous, update, "GetItem UpdateItem", 1, 1},
		{"that updates one field of almost 1 KB", large(600), update, "GetItem UpdateItem", 1, 1},
		{"of a new visitor that writes", stranger, write, "PutItem", 0, 1},
		// A transaction is billed twice: the session, its device, and the check
		// for a revocation.
		{"of a new visitor that signs in", stranger, signIn, "TransactWriteItems", 0, 6},
		// And the mark on the old key.
		{"that signs in with a session", anonymous, signIn, "GetItem TransactWriteItems", 1, 8},
		{"that renews", anonymous, renew, "GetItem TransactWriteItems", 1, 4},
		{"that renews with a subject", signedIn, renew, "GetItem TransactWriteItems", 1, 6},
		{"that signs out", anonymous, leave, "UpdateItem", 0, 1},
		{"that signs out with a subject", signedIn, leave, "UpdateItem DeleteItem", 0, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := c.browser(t)
			b.meter.Reset()
			b.visit(c.do)
			b.costs(c.operations, c.reads, c.writes)
		})
	}
}

func TestACookieThatIsNoSession(t *testing.T) {
	t.Parallel()
	t.Run("costs a read if it has expired", func(t *testing.T) {
		t.Parallel()
		b := known(t, "")
		b.pass(time.Hour)
		b.meter.Reset()
		b.visit(look)
		b.costs("GetItem", 1, 0)
	})
	t.Run("costs a read if it is unknown, where cookies are not signed", func(t *testing.T) {
		t.Parallel()
		b := open(t)
		b.cookie = "__Host-session=" + strings.Repeat("A", 43)
		b.visit(look)
		b.costs("GetItem", 1, 0)
	})
	t.Run("costs nothing if it is forged, where cookies are signed", func(t *testing.T) {
		t.Parallel()
		b := open(t, hmacKey)
		b.visit(write)
		name, value, _ := strings.Cut(b.cookie, "=")
		forged := "A"
		if strings.HasPrefix(value, forged) {
			forged = "B"
		}
		b.cookie = name + "=" + forged + value[1:]
		b.meter.Reset()
		b.visit(look)
		b.costs("", 0, 0)
	})
	t.Run("costs nothing if it is malformed", func(t *testing.T) {
		t.Parallel()
		b := open(t)
		b.cookie = "__Host-session=of another make"
		b.visit(look)
		b.costs("", 0, 0)
	})
}

func TestAWriteToALargeSessionIsSmall(t *testing.T) {
	t.Parallel()
	b := known(t, "")
	b.visit(store(50 << 10))
	b.meter.Reset()
	b.visit(update)
	b.visit(write)
	for _, c := range b.meter.Calls() {
		if c.BytesSent >= 1024 {
			t.Errorf("a %s has %d bytes, want less than 1 KB", c.Operation, c.BytesSent)
		}
	}
	b.costs("GetItem UpdateItem UpdateItem", 13, 2*51) // 4 KB a unit, and 1 KB
}

func TestAThousandReadsInATenthOfTheIdleTimeoutWriteNothing(t *testing.T) { // D12
	t.Parallel()
	b := known(t, "")
	b.meter.Reset()
	const tenth = lambdasession.DefaultIdleTimeout / 10
	for range 1000 {
		b.visit(look)
		b.pass(tenth / 1001)
	}
	if u := b.meter.Usage(); u.Calls != 1000 || u.WriteUnits != 0 {
		t.Errorf("%d calls and %v write units, want 1000 and none", u.Calls, u.WriteUnits)
	}
	b.meter.Reset()
	b.pass(tenth)
	b.visit(look)
	b.costs("GetItem UpdateItem", 1, 1)
}

func TestTheFirstConflictCostsOneMoreWriteAndNoRead(t *testing.T) {
	t.Parallel()
	b := known(t, "")
	b.visit(func(_ context.Context, s *lambdasession.Session) error {
		if err := count(s); err != nil {
			return err
		}
		b.visit(update) // of another window
		b.meter.Reset()
		return nil
	})
	b.costs("UpdateItem UpdateItem", 0, 2)
	b.visit(func(_ context.Context, s *lambdasession.Session) error {
		if n, err := visits.Get(s); n != 3 || err != nil {
			t.Errorf("%d visits are counted, %v; want 3", n, err)
		}
		return nil
	})
}
