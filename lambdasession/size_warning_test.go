package lambdasession_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/localtest"
	"github.com/lambdasession/lambdasession-go/store"
)

// newLog is a logger, and a function that returns the lines it was given since
// the last call, without their time.
func newLog() (logger *slog.Logger, lines func() []string) {
	var log bytes.Buffer
	handler := slog.NewTextHandler(&log, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}})
	return slog.New(handler), func() []string {
		defer log.Reset()
		return strings.Split(strings.TrimSuffix(log.String(), "\n"), "\n")
	}
}

// silence is what a log without a line has.
var silence = []string{""}

func TestAWarningBeforeASessionIsFull(t *testing.T) {
	t.Parallel()
	const (
		most   = 100
		known  = len("apples1") // of a session with one apple
		warned = `level=WARN msg="session is close to Config.MaxBytes, and a write beyond that fails: keep less in it" `
	)
	type session = *lambdasession.Session
	for _, c := range []struct {
		name   string
		browse func(testing.TB, *site) *browser // nil: with one apple
		do     func(session) error
		want   string
	}{
		{"none at four fifths of it", nil, func(s session) error {
			_, _ = apples.Get(s)
			return news.Set(s, text(80-known))
		}, ""},
		{"beyond, naming the limit and the biggest fields, and no value", nil, func(s session) error {
			_, _ = apples.Get(s)
			return news.Set(s, text(81-known))
		}, warned + `bytes=81 MaxBytes=100 biggest="\"news\" (70), \"apples\" (1)"`},
		{"for a renewal that adds to the session", nil, func(s session) error {
			_ = s.Renew()
			return news.Set(s, text(90-known))
		}, warned + `bytes=90 MaxBytes=100 biggest="\"news\" (79), \"apples\" (1)"`},
		{"for a new session", stranger, func(s session) error {
			return news.Set(s, text(most))
		}, warned + `bytes=100 MaxBytes=100 biggest="\"news\" (96)"`},
		{"none for what was refused", nil, func(s session) error {
			_, _ = apples.Get(s)
			return news.Set(s, text(most))
		}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			logger, lines := newLog()
			site := newSite(t, lambdasession.Config{MaxBytes: most, Logger: logger})
			b := site.known(t)
			if c.browse != nil {
				b = c.browse(t, site)
			}
			r := b.request()
			succeed(t, c.do(r.Session))
			_ = r.respond()
			wantEqual(t, "log", []string{c.want}, lines())
		})
	}

	t.Run("once on the way up, whoever came in between", func(t *testing.T) {
		t.Parallel()
		logger, lines := newLog()
		site := newSite(t, lambdasession.Config{MaxBytes: most, Logger: logger})
		b := site.known(t)
		b.visit(func(s session) { set(t, news, s, text(70)) })
		wantEqual(t, "log", silence, lines())

		grow := func(s session) {
			_, err := news.Update(s, func(v string) (string, error) { return v + "0123456789", nil })
			succeed(t, err)
		}
		r, other := b.request(), b.twin()
		grow(r.Session)
		other.visit(func(s session) { add(t, apples, s, 1) })
		succeed(t, r.respond().err)
		wantEqual(t, "lines", 1, len(lines()))
		b.visit(func(s session) { add(t, apples, s, 1) })
		wantEqual(t, "log of the next write", silence, lines())
		b.visit(func(s session) { set(t, news, s, ""); get(t, apples, s) })
		b.visit(func(s session) { get(t, apples, s); set(t, news, s, text(80)) })
		wantEqual(t, "lines after shrinking and growing again", 1, len(lines()))
	})
}

func TestAWarningOfASessionThatGrewUnread(t *testing.T) {
	t.Parallel()
	const most = 4 << 10
	const warned = `level=WARN msg="session has outgrown Config.MaxBytes by writes that did not read it: ` +
		`keep less in it, or read it before adding to it" `
	write := func(t *testing.T, site *site, b *browser, units float64, err error) {
		site.store.once("update", func(ctx context.Context) error {
			store.AddUsage(ctx, store.Usage{WriteUnits: units})
			return err
		})
		r := b.request()
		set(t, news, r.Session, "some")
		wantError(t, err, r.respond().err)
	}
	for _, c := range []struct {
		name  string
		units float64
		err   error
		want  string
	}{
		{"none while what the store holds may be the limit and what it adds to it", 5, nil, ""},
		{"beyond, naming the limit and the field, and no value", 6, nil, warned + `kilobytes=6 MaxBytes=4096 written="\"news\" (6)"`},
		{"none from a store that does not tell", 0, nil, ""},
		{"none of a write that failed", 6, errDown, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			logger, lines := newLog()
			site := newSite(t, lambdasession.Config{MaxBytes: most, Logger: logger})
			write(t, site, site.known(t), c.units, c.err)
			wantEqual(t, "log", []string{c.want}, lines())
		})
	}
	t.Run("with an observer as well", func(t *testing.T) {
		t.Parallel()
		logger, lines := newLog()
		site := newSite(t, lambdasession.Config{MaxBytes: most, Logger: logger, Observer: &observations{}})
		write(t, site, site.known(t), 6, nil)
		wantEqual(t, "log", []string{warned + `kilobytes=6 MaxBytes=4096 written="\"news\" (6)"`}, lines())
	})
	t.Run("in DynamoDB", func(t *testing.T) {
		t.Parallel()
		logger, lines := newLog()
		db := localtest.DynamoDB(t)
		sessions, err := dynamostore.New(db.Client, dynamostore.Config{Table: db.Table(), Timeout: time.Minute})
		succeed(t, err)
		m := newSessions(t, lambdasession.Config{Store: sessions, MaxBytes: most, Logger: logger})
		cookie := newVisitor(t, m)
		write := func(field string) {
			visit(t, m, httpGet(cookie), func(s *lambdasession.Session) error {
				return lambdasession.NewField[string](field).Set(s, strings.Repeat("x", 3<<10))
			})
		}
		write("first")
		wantEqual(t, "log", silence, lines())
		write("second")
		wantEqual(t, "log", []string{warned + `kilobytes=7 MaxBytes=4096 written="\"second\" (3074)"`}, lines())
	})
}
