package sessiontest_test

import (
	"context"
	"errors"
	"testing"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/lambdasession/sessiontest"
)

var count = lambdasession.NewField[int]("count")

func TestContext(t *testing.T) {
	t.Parallel()
	t.Run("has an empty session", func(t *testing.T) {
		t.Parallel()
		info, err := lambdasession.From(sessiontest.Context(t)).Info()
		if err != nil || info.Subject != "" || len(info.Fields) != 0 {
			t.Errorf("Info = %+v, %v; want an empty session", info, err)
		}
	})
	t.Run("keeps what is done to it", func(t *testing.T) {
		t.Parallel()
		ctx := sessiontest.Context(t)
		add := func(n int) (int, error) { return n + 2, nil }
		for _, want := range []int{2, 4} {
			if n, err := count.Update(lambdasession.From(ctx), add); n != want || err != nil {
				t.Errorf("Update = %d, %v; want %d", n, err, want)
			}
		}
		if err := lambdasession.From(ctx).SetSubject("ada", "a test"); err != nil {
			t.Fatal(err)
		}
		subject, err := lambdasession.From(ctx).Subject()
		if subject != "ada" || err != nil {
			t.Errorf("Subject = %q, %v; want ada", subject, err)
		}
		if status := lambdasession.From(ctx).Status(); status != lambdasession.Renewed {
			t.Errorf("Status = %v, want Renewed", status)
		}
	})
	t.Run("shares nothing with another", func(t *testing.T) {
		t.Parallel()
		one, other := sessiontest.Context(t), sessiontest.Context(t)
		if err := count.Set(lambdasession.From(one), 1); err != nil {
			t.Fatal(err)
		}
		if n, err := count.Get(lambdasession.From(other)); n != 0 || err != nil {
			t.Errorf("Get = %d, %v; want 0", n, err)
		}
	})
}

func TestUnavailable(t *testing.T) {
	t.Parallel()
	t.Run("whatever reads fails", func(t *testing.T) {
		t.Parallel()
		for name, read := range map[string]func(*lambdasession.Session) error{
			"Get":     func(s *lambdasession.Session) error { _, err := count.Get(s); return err },
			"Lookup":  func(s *lambdasession.Session) error { _, _, err := count.Lookup(s); return err },
			"Pop":     func(s *lambdasession.Session) error { _, err := count.Pop(s); return err },
			"Subject": func(s *lambdasession.Session) error { _, err := s.Subject(); return err },
			"Info":    func(s *lambdasession.Session) error { _, err := s.Info(); return err },
			"Update": func(s *lambdasession.Session) error {
				_, err := count.Update(s, func(n int) (int, error) { return n, nil })
				return err
			},
		} {
			if err := read(lambdasession.From(sessiontest.Unavailable(t))); !errors.Is(err, lambdasession.ErrUnavailable) {
				t.Errorf("%s: %v, want ErrUnavailable", name, err)
			}
		}
	})
	t.Run("a value that is set without reading is there", func(t *testing.T) {
		t.Parallel()
		s := lambdasession.From(sessiontest.Unavailable(t))
		if err := count.Set(s, 1); err != nil {
			t.Errorf("Set: %v", err)
		}
		if n, err := count.Get(s); n != 1 || err != nil {
			t.Errorf("Get = %d, %v; want 1", n, err)
		}
	})
}

func TestContextsEndWithTheirTest(t *testing.T) {
	t.Parallel()
	for name, begin := range map[string]func(testing.TB) context.Context{
		"Context": sessiontest.Context, "Unavailable": sessiontest.Unavailable,
	} {
		var ctx context.Context
		t.Run(name, func(t *testing.T) {
			ctx = begin(t)
			if err := ctx.Err(); err != nil {
				t.Errorf("it has ended during the test: %v", err)
			}
		})
		if ctx.Err() == nil {
			t.Errorf("%s has not ended", name)
		}
		if err := count.Set(lambdasession.From(ctx), 1); !errors.Is(err, lambdasession.ErrCommitted) {
			t.Errorf("a Set after %s: %v, want ErrCommitted", name, err)
		}
	}
}
