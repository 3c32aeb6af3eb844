package lambdasession_test

import (
	"context"
	"testing"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

// operations are all that a session can be asked.
var operations = map[string]func(*lambdasession.Session) error{
	"Get":    func(s *lambdasession.Session) error { _, err := apples.Get(s); return err },
	"Lookup": func(s *lambdasession.Session) error { _, _, err := apples.Lookup(s); return err },
	"Set":    func(s *lambdasession.Session) error { return apples.Set(s, 2) },
	"Update": func(s *lambdasession.Session) error {
		_, err := apples.Update(s, func(n int) (int, error) { return n + 1, nil })
		return err
	},
	"Pop":        func(s *lambdasession.Session) error { _, err := apples.Pop(s); return err },
	"Delete":     func(s *lambdasession.Session) error { return apples.Delete(s) },
	"Subject":    func(s *lambdasession.Session) error { _, err := s.Subject(); return err },
	"SetSubject": func(s *lambdasession.Session) error { return s.SetSubject("ann", "") },
	"Info":       func(s *lambdasession.Session) error { _, err := s.Info(); return err },
	"Renew":      func(s *lambdasession.Session) error { return s.Renew() },
	"Clear":      func(s *lambdasession.Session) error { return s.Clear() },
	"Destroy":    func(s *lambdasession.Session) error { return s.Destroy() },
}

// writes are the operations that change a session.
var writes = []string{"Set", "Update", "Pop", "Delete", "SetSubject", "Renew", "Clear", "Destroy"}

func TestOutsideAWrappedHandler(t *testing.T) {
	t.Parallel()
	for name, operate := range operations {
		t.Run(name+" says what to wrap", func(t *testing.T) {
			t.Parallel()
			wantError(t, lambdasession.ErrNoManager, operate(lambdasession.From(t.Context())))
			wantError(t, lambdasession.ErrNoManager, operate(&lambdasession.Session{}))
		})
	}
	t.Run("Status is Unchanged", func(t *testing.T) {
		t.Parallel()
		wantStatus(t, lambdasession.Unchanged, lambdasession.From(t.Context()).Status())
	})
}

func TestAfterTheResponseHasBegun(t *testing.T) {
	t.Parallel()
	for _, name := range writes {
		operate := operations[name]
		t.Run(name+" is refused and asks the store nothing", func(t *testing.T) {
			t.Parallel()
			site := newSite(t, lambdasession.Config{})
			b := site.known(t)
			r := b.request()
			get(t, apples, r.Session)
			_, err := r.x.Commit()
			succeed(t, err)
			wantError(t, lambdasession.ErrCommitted, operate(r.Session))
			site.store.want(t, "load")
			b.wantValues(map[string]string{"apples": "1"})
		})
	}
	for name, operate := range operations {
		t.Run(name+" is refused as the first use", func(t *testing.T) {
			t.Parallel()
			site := newSite(t, lambdasession.Config{})
			r := site.known(t).request()
			_, err := r.x.Commit()
			succeed(t, err)
			wantError(t, lambdasession.ErrCommitted, operate(r.Session))
			site.store.want(t)
		})
		t.Run(name+" is refused once the exchange is closed", func(t *testing.T) {
			t.Parallel()
			site := newSite(t, lambdasession.Config{})
			r := site.known(t).request()
			r.x.Close()
			wantError(t, lambdasession.ErrCommitted, operate(r.Session))
			site.store.want(t)
		})
	}
	t.Run("what was read before can still be read", func(t *testing.T) {
		t.Parallel()
		r := newSite(t, lambdasession.Config{}).known(t).request()
		get(t, apples, r.Session)
		set(t, pears, r.Session, 2)
		_, err := r.x.Commit()
		succeed(t, err)
		wantEqual(t, "value", 1, get(t, apples, r.Session))
		wantEqual(t, "value", 2, get(t, pears, r.Session))
	})
	t.Run("a second Commit is refused, and one after Close", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		r := site.browser(t).request()
		set(t, apples, r.Session, 1)
		succeed(t, r.respond().err)
		_, err := r.x.Commit()
		wantError(t, lambdasession.ErrCommitted, err)
		site.store.want(t, "save")

		discarded := site.browser(t).request()
		set(t, apples, discarded.Session, 1)
		discarded.x.Close()
		discarded.x.Close()
		_, err = discarded.x.Commit()
		wantError(t, lambdasession.ErrCommitted, err)
		site.store.want(t)
	})
}

// An Update's function would wait for itself.
func TestInsideAnUpdate(t *testing.T) {
	t.Parallel()
	for name, operate := range operations {
		t.Run(name+" is an error and not a deadlock", func(t *testing.T) {
			t.Parallel()
			r := newSite(t, lambdasession.Config{}).known(t).request()
			_, err := pears.Update(r.Session, func(int) (int, error) {
				return 0, operate(lambdasession.From(context.WithoutCancel(r.ctx)))
			})
			if err == nil {
				t.Fatal("no error")
			}
			succeed(t, pears.Set(r.Session, 1)) // the session is free again
		})
	}
	for _, name := range writes {
		operate := operations[name]
		t.Run(name+" fails the commit even if its error is ignored", func(t *testing.T) {
			t.Parallel()
			site := newSite(t, lambdasession.Config{})
			b := site.known(t)
			r := b.request()
			_, err := pears.Update(r.Session, func(int) (int, error) {
				_ = operate(r.Session)
				return 1, nil
			})
			succeed(t, err)
			answer := r.respond()
			if answer.err == nil {
				t.Error("the commit succeeds")
			}
			answer.wantCookie(t, noCookie)
			b.wantValues(map[string]string{"apples": "1"})
		})
	}
	t.Run("Status is Unchanged", func(t *testing.T) {
		t.Parallel()
		r := newSite(t, lambdasession.Config{}).known(t).request()
		_, err := apples.Update(r.Session, func(n int) (int, error) {
			wantStatus(t, lambdasession.Unchanged, r.Status())
			return n, nil
		})
		succeed(t, err)
	})
}

func TestStatus(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		do   func(testing.TB, *lambdasession.Session)
		want lambdasession.Status
	}{
		{"of an untouched session", func(testing.TB, *lambdasession.Session) {}, lambdasession.Unchanged},
		{"after a read", func(tb testing.TB, s *lambdasession.Session) { get(tb, apples, s) }, lambdasession.Unchanged},
		{"after a set", func(tb testing.TB, s *lambdasession.Session) { set(tb, apples, s, 1) }, lambdasession.Changed},
		{"after a set of what was read", func(tb testing.TB, s *lambdasession.Session) {
			set(tb, apples, s, get(tb, apples, s))
		}, lambdasession.Unchanged},
		{"after a change and its undoing", func(tb testing.TB, s *lambdasession.Session) {
			add(tb, apples, s, 1)
			add(tb, apples, s, -1)
		}, lambdasession.Unchanged},
		{"after a pop", func(tb testing.TB, s *lambdasession.Session) { pop(tb, apples, s, 1) }, lambdasession.Changed},
		{"after a clear", func(tb testing.TB, s *lambdasession.Session) { succeed(tb, s.Clear()) }, lambdasession.Changed},
		{"after a renewal", func(tb testing.TB, s *lambdasession.Session) { succeed(tb, s.Renew()) }, lambdasession.Renewed},
		{"after a sign-in", func(tb testing.TB, s *lambdasession.Session) { signIn(tb, s, "ann") }, lambdasession.Renewed},
		{"after a logout", func(tb testing.TB, s *lambdasession.Session) { succeed(tb, s.Destroy()) }, lambdasession.Destroyed},
	} {
		t.Run(c.name+" is "+c.want.String(), func(t *testing.T) {
			t.Parallel()
			r := newSite(t, lambdasession.Config{}).known(t).request()
			c.do(t, r.Session)
			wantStatus(t, c.want, r.Status())
		})
	}
	t.Run("prints a value out of range as its number", func(t *testing.T) {
		t.Parallel()
		wantEqual(t, "text", "Status(9)", lambdasession.Status(9).String())
	})
}
