package history

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/localtest"
	"github.com/lambdasession/lambdasession-go/memstore"
	"github.com/lambdasession/lambdasession-go/store"
)

var (
	counter  = lambdasession.NewField[int]("counter")
	register = lambdasession.NewField[int]("register")
)

// A clock is what a site goes by.
type clock func() time.Time

// stores opens the stores under test, each empty.
var stores = map[string]func(testing.TB, clock) store.Store{
	"memstore": func(_ testing.TB, now clock) store.Store {
		st := memstore.New()
		st.Now = now
		return st
	},
	"dynamostore": func(tb testing.TB, now clock) store.Store {
		tb.Helper()
		db := localtest.DynamoDB(tb)
		return openDynamoDB(tb, db, now)
	},
}

// openDynamoDB opens a store on a table of its own. It has all the time it
// wants: how fast a busy machine is decides no test.
func openDynamoDB(tb testing.TB, db *localtest.DB, now clock) *dynamostore.Store {
	tb.Helper()
	st, err := dynamostore.New(db.Client, dynamostore.Config{Table: db.Table(), Timeout: time.Minute, Now: now})
	if err != nil {
		tb.Fatal(err)
	}
	return st
}

func newManager(tb testing.TB, st store.Store, now clock) *lambdasession.Manager {
	tb.Helper()
	m, err := lambdasession.New(lambdasession.Config{
		Store: st, Now: now, Observer: courteous{}, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		tb.Fatal(err)
	}
	return m
}

// courteous lets others go first after each operation of the store, one in
// memory included, so that requests at once meet.
type courteous struct{}

func (courteous) Observe(context.Context, lambdasession.Observation) { runtime.Gosched() }

const cookieName = "__Host-session"

// begin begins a request with a cookie, "" for none.
func begin(ctx context.Context, m *lambdasession.Manager, cookie string) (*lambdasession.Exchange, error) {
	r := lambdasession.Request{Method: http.MethodGet, Host: "shop.example"}
	if cookie != "" {
		r.Cookies = []string{cookieName + "=" + cookie}
	}
	return m.Begin(ctx, r)
}

// commit commits a request and returns the cookie that its response sets:
// "" for one that takes the cookie away. Set tells whether it does either.
func commit(x *lambdasession.Exchange) (cookie string, set bool, err error) {
	header, err := x.Commit()
	lines := header.Values("Set-Cookie")
	if err != nil || len(lines) == 0 {
		return "", false, err
	}
	c, err := http.ParseSetCookie(lines[0])
	if err != nil || len(lines) > 1 || c.Name != cookieName {
		return "", false, errors.Join(err, errors.New("the response must set one session cookie"))
	}
	if c.MaxAge < 0 {
		return "", true, nil
	}
	return c.Value, true, nil
}

// request makes a whole request and returns what became of the browser's
// cookie.
func request(ctx context.Context, m *lambdasession.Manager, cookie string, do func(context.Context, *lambdasession.Session) error) (after string, err error) {
	x, err := begin(ctx, m, cookie)
	if err != nil {
		return cookie, err
	}
	defer x.Close()
	if err := do(x.Context(), lambdasession.From(x.Context())); err != nil {
		return cookie, err
	}
	after, set, err := commit(x)
	if err != nil || !set {
		return cookie, err
	}
	return after, nil
}

// increment adds one to the counter and returns what it was.
func increment(s *lambdasession.Session, was *int) error {
	_, err := counter.Update(s, func(n int) (int, error) {
		*was = n // the last time that this runs is the one that is saved
		return n + 1, nil
	})
	return err
}
