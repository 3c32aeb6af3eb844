package budgets

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/localtest"
)

var (
	visits = lambdasession.NewField[int]("visits")
	theme  = lambdasession.NewField[string]("theme")
	notes  = lambdasession.NewField[string]("notes") // as large as a test wants
)

// A browser keeps the cookie of one site, whose calls are metered and whose
// clock stands still.
type browser struct {
	*testing.T
	meter    *localtest.Meter
	sessions *lambdasession.Manager
	passed   *atomic.Int64 // since the clock began, in nanoseconds
	cookie   string        // name=value
}

// open returns a browser without a cookie.
func open(t *testing.T, keys ...[]byte) *browser {
	t.Helper()
	db := localtest.DynamoDB(t)
	b := &browser{T: t, meter: db.Meter(), passed: new(atomic.Int64)}
	start := time.Now().Truncate(time.Second) // expiry is in whole ones
	now := func() time.Time { return start.Add(time.Duration(b.passed.Load())) }
	// How fast a busy machine is changes no price: what is sent once is not
	// sent again for want of time.
	st, err := dynamostore.New(db.Client, dynamostore.Config{Table: db.Table(), Now: now, Timeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	b.sessions, err = lambdasession.New(lambdasession.Config{
		Store: st, Now: now, Keys: keys, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

var hmacKey = bytes.Repeat([]byte("k"), 32)

// known returns a browser with a session of a few bytes, of nobody if there is
// no subject.
func known(t *testing.T, subject string) *browser {
	t.Helper()
	b := open(t)
	b.visit(func(_ context.Context, s *lambdasession.Session) error {
		if subject != "" {
			if err := s.SetSubject(subject, "a test"); err != nil {
				return err
			}
		}
		return visits.Set(s, 1)
	})
	return b
}

// another returns another browser of the same site.
func (b *browser) another() *browser {
	other := *b
	other.cookie = ""
	return &other
}

func (b *browser) pass(d time.Duration) { b.passed.Add(int64(d)) }

type handler = func(context.Context, *lambdasession.Session) error

// visit makes a request that must succeed.
func (b *browser) visit(do handler) {
	b.Helper()
	r := lambdasession.Request{Method: http.MethodGet, Host: "shop.example"}
	if b.cookie != "" {
		r.Cookies = []string{b.cookie}
	}
	x, err := b.sessions.Begin(b.Context(), r)
	if err != nil {
		b.Fatal(err)
	}
	defer x.Close()
	if err := do(x.Context(), lambdasession.From(x.Context())); err != nil {
		b.Fatal(err)
	}
	header, err := x.Commit()
	if err != nil {
		b.Fatal(err)
	}
	if line := header.Get("Set-Cookie"); line != "" {
		b.cookie, _, _ = strings.Cut(line, ";")
		if strings.Contains(line, "Max-Age=0") {
			b.cookie = ""
		}
	}
}

// costs compares what was sent since the meter was reset: the operations, such
// as "GetItem UpdateItem", and their units.
func (b *browser) costs(operations string, reads, writes float64) {
	b.Helper()
	var sent []string
	for _, c := range b.meter.Calls() {
		sent = append(sent, c.Operation)
	}
	u := b.meter.Usage()
	type bill struct {
		Operations    []string
		Reads, Writes float64
	}
	if diff := cmp.Diff(bill{strings.Fields(operations), reads, writes}, bill{append([]string{}, sent...), u.ReadUnits, u.WriteUnits}); diff != "" {
		b.Errorf("the price (-want +got):\n%s", diff)
	}
}
