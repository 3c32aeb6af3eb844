package lambdasession_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/store"
)

func TestTheFirstReadLoads(t *testing.T) {
	t.Parallel()
	for name, read := range map[string]func(*lambdasession.Session) error{
		"Get":    func(s *lambdasession.Session) error { _, err := apples.Get(s); return err },
		"Lookup": func(s *lambdasession.Session) error { _, _, err := apples.Lookup(s); return err },
		"Update": func(s *lambdasession.Session) error {
			_, err := apples.Update(s, func(n int) (int, error) { return n, nil })
			return err
		},
		"Pop":     func(s *lambdasession.Session) error { _, err := news.Pop(s); return err },
		"Subject": func(s *lambdasession.Session) error { _, err := s.Subject(); return err },
		"Info":    func(s *lambdasession.Session) error { _, err := s.Info(); return err },
	} {
		t.Run(name+" asks the store once", func(t *testing.T) {
			t.Parallel()
			site := newSite(t, lambdasession.Config{})
			r := site.known(t).request()
			site.store.want(t)
			succeed(t, read(r.Session))
			site.store.want(t, "load")
			succeed(t, read(r.Session))
			get(t, apples, r.Session)
			succeed(t, r.respond().err)
			site.store.want(t)
		})
		t.Run(name+" without a cookie asks nothing", func(t *testing.T) {
			t.Parallel()
			site := newSite(t, lambdasession.Config{})
			succeed(t, read(site.browser(t).request().Session))
			site.store.want(t)
		})
		t.Run(name+" reports a store that could not answer", func(t *testing.T) {
			t.Parallel()
			site := newSite(t, lambdasession.Config{})
			r := site.known(t).request()
			site.store.fail(errDown, "load")
			err := read(r.Session)
			wantError(t, lambdasession.ErrUnavailable, err)
			wantError(t, errDown, err)
		})
	}
}

func TestWritesWaitForTheCommit(t *testing.T) {
	t.Parallel()
	for name, write := range map[string]func(*lambdasession.Session) error{
		"Set":        func(s *lambdasession.Session) error { return apples.Set(s, 2) },
		"Delete":     func(s *lambdasession.Session) error { return apples.Delete(s) },
		"Clear":      func(s *lambdasession.Session) error { return s.Clear() },
		"Renew":      func(s *lambdasession.Session) error { return s.Renew() },
		"SetSubject": func(s *lambdasession.Session) error { return s.SetSubject("ann", "") },
		"Destroy":    func(s *lambdasession.Session) error { return s.Destroy() },
		"Status":     func(s *lambdasession.Session) error { s.Status(); return nil },
	} {
		t.Run(name+" asks the store nothing before the commit", func(t *testing.T) {
			t.Parallel()
			site := newSite(t, lambdasession.Config{})
			r := site.known(t).request()
			succeed(t, write(r.Session))
			site.store.want(t)
		})
	}
}

func TestReadsOfTheRequestsOwnWritesNeedNoLoad(t *testing.T) {
	t.Parallel()
	site := newSite(t, lambdasession.Config{})
	r := site.known(t).request()
	set(t, apples, r.Session, 5)
	wantEqual(t, "set value", 5, get(t, apples, r.Session))
	succeed(t, pears.Delete(r.Session))
	_, found, err := pears.Lookup(r.Session)
	succeed(t, err)
	wantEqual(t, "deleted field found", false, found)
	succeed(t, r.Clear())
	wantEqual(t, "cleared value", 0, get(t, apples, r.Session))
	site.store.want(t)
}

func TestGoroutinesThatReadAtOnceShareOneLoad(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		site := newSite(t, lambdasession.Config{})
		r := site.known(t).request()
		reached, release := site.store.hold("load")
		var readers sync.WaitGroup
		for range 20 {
			readers.Go(func() {
				n, err := apples.Get(r.Session)
				if n != 1 || err != nil {
					t.Errorf("a reader got %d, %v", n, err)
				}
			})
		}
		<-reached
		synctest.Wait() // all the others wait as well
		release()
		readers.Wait()
		site.store.want(t, "load")
	})
}

func TestAFailedReadStaysFailed(t *testing.T) { // D10
	t.Parallel()
	failed := func(t *testing.T) (*site, *browser, *request) {
		site := newSite(t, lambdasession.Config{})
		b := site.known(t)
		r := b.request()
		site.store.fail(errDown, "load")
		_, err := apples.Get(r.Session)
		wantError(t, lambdasession.ErrUnavailable, err)
		site.store.fail(nil, "load")
		return site, b, r
	}
	t.Run("every later operation but Destroy returns its error, without asking again", func(t *testing.T) {
		t.Parallel()
		site, _, r := failed(t)
		_, err := pears.Get(r.Session)
		wantError(t, lambdasession.ErrUnavailable, err)
		_, err = r.Info()
		wantError(t, lambdasession.ErrUnavailable, err)
		_, err = pears.Update(r.Session, func(n int) (int, error) { return n + 1, nil })
		wantError(t, lambdasession.ErrUnavailable, err)
		wantError(t, lambdasession.ErrUnavailable, pears.Set(r.Session, 1))
		wantError(t, lambdasession.ErrUnavailable, pears.Delete(r.Session))
		wantError(t, lambdasession.ErrUnavailable, r.Clear())
		wantError(t, lambdasession.ErrUnavailable, r.Renew())
		wantError(t, lambdasession.ErrUnavailable, r.SetSubject("ann", ""))
		site.store.want(t, "load")
		r.respond().wantRefused(t, lambdasession.ErrUnavailable)
		site.store.want(t)
	})
	t.Run("with no write attempted the response stands", func(t *testing.T) {
		t.Parallel()
		site, b, r := failed(t)
		answer := r.respond()
		succeed(t, answer.err)
		answer.wantCookie(t, noCookie)
		site.store.want(t, "load")
		b.wantValues(map[string]string{"apples": "1"})
	})
	t.Run("what was set before it is not saved, and the response says so", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		b := site.known(t)
		r := b.request()
		set(t, pears, r.Session, 1)
		site.store.fail(errDown, "load")
		_, err := apples.Get(r.Session)
		wantError(t, lambdasession.ErrUnavailable, err)
		_, err = pears.Get(r.Session)
		wantError(t, lambdasession.ErrUnavailable, err)
		r.respond().wantRefused(t, lambdasession.ErrUnavailable)
		site.store.want(t, "load")
		b.wantValues(map[string]string{"apples": "1"})
	})
	t.Run("Destroy works all the same, and what follows it is a new session", func(t *testing.T) {
		t.Parallel()
		site, b, r := failed(t)
		succeed(t, r.Destroy())
		set(t, pears, r.Session, 3)
		wantEqual(t, "value after Destroy", 0, get(t, apples, r.Session))
		old := b.twin()
		answer := r.respond()
		succeed(t, answer.err)
		b.receive(answer)
		site.store.want(t, "load", "delete", "save")
		old.wantValues(nil)
		b.wantValues(map[string]string{"pears": "3"})
	})
}

func TestALoadThatWasGivenUp(t *testing.T) {
	t.Parallel()
	t.Run("is tried again by the next read", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		r := site.known(t).request()
		ctx, cancel := context.WithCancel(r.ctx)
		site.store.once("load", func(context.Context) error { cancel(); return ctx.Err() })
		_, err := apples.Get(lambdasession.From(ctx))
		wantError(t, lambdasession.ErrUnavailable, err)
		wantError(t, context.Canceled, err)
		wantEqual(t, "value", 1, get(t, apples, r.Session))
		succeed(t, r.respond().err)
		site.store.want(t, "load", "load")
	})
	t.Run("is taken over by one who waits for it", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			site := newSite(t, lambdasession.Config{})
			r := site.known(t).request()
			ctx, cancel := context.WithCancel(r.ctx)
			reached, _ := site.store.hold("load")
			var readers sync.WaitGroup
			readers.Go(func() {
				_, err := apples.Get(lambdasession.From(ctx))
				wantError(t, context.Canceled, err)
			})
			<-reached
			readers.Go(func() {
				if n, err := apples.Get(r.Session); n != 1 || err != nil {
					t.Errorf("the one who waits got %d, %v", n, err)
				}
			})
			synctest.Wait()
			cancel()
			readers.Wait()
			site.store.want(t, "load", "load")
		})
	})
	t.Run("is not waited for by one whose own context ends", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			site := newSite(t, lambdasession.Config{})
			r := site.known(t).request()
			reached, release := site.store.hold("load")
			var reader sync.WaitGroup
			reader.Go(func() {
				if n, err := apples.Get(r.Session); n != 1 || err != nil {
					t.Errorf("the loader got %d, %v", n, err)
				}
			})
			<-reached
			ctx, cancel := context.WithCancel(r.ctx)
			cancel()
			_, err := apples.Get(lambdasession.From(ctx))
			wantError(t, context.Canceled, err)
			release()
			reader.Wait()
		})
	})
}

func TestAStoredSessionThatCannotBeReadIsNone(t *testing.T) {
	t.Parallel()
	var logs bytes.Buffer
	site := newSite(t, lambdasession.Config{Logger: slog.New(slog.NewTextHandler(&logs, nil))})
	b := site.known(t)
	site.store.once("load", func(context.Context) error {
		return &store.DecodeError{Err: errors.New("format version 9")}
	})
	answer := b.visit(func(s *lambdasession.Session) { add(t, pears, s, 1) })
	answer.wantCookie(t, newCookie)
	b.wantValues(map[string]string{"pears": "1"})
	if line := logs.String(); !strings.Contains(line, "level=ERROR") || !strings.Contains(line, "format version 9") {
		t.Errorf("log: %s; want an error that tells why", line)
	}
}

// A request that the store finds invalid will not succeed by asking again.
func TestALoadThatIsInvalid(t *testing.T) {
	t.Parallel()
	site := newSite(t, lambdasession.Config{})
	r := site.known(t).request()
	site.store.once("load", func(context.Context) error {
		return &store.InvalidError{Err: errors.New("the table has another key")}
	})
	for range 2 {
		_, err := apples.Get(r.Session)
		if !isInvalid(err) || errors.Is(err, lambdasession.ErrUnavailable) {
			t.Errorf("error %v; want an InvalidError", err)
		}
	}
	site.store.want(t, "load")
}

// The clocks of two machines differ. One that is ahead must not serve what it
// takes for expired, whatever the store says.
func TestAManagerChecksExpiryByItsOwnClock(t *testing.T) { // D1, D13
	t.Parallel()
	site := newSite(t, lambdasession.Config{})
	site.store.memory.Now, _ = clockFrom(noon) // stands still
	b := site.known(t)
	site.pass(30*time.Minute - time.Second)
	wantEqual(t, "value a second before the idle end", 1, get(t, apples, b.request().Session))
	site.pass(time.Second)
	wantEqual(t, "value at the idle end", 0, get(t, apples, b.request().Session))
}

// asker is an observer that wants to know whose session it observes.
type asker struct{ err error }

func (a *asker) Observe(ctx context.Context, _ lambdasession.Observation) {
	_, a.err = lambdasession.From(ctx).Subject()
}

func TestTheStoreAndItsObserverHaveNoSessionToWaitFor(t *testing.T) {
	t.Parallel()
	observer := &asker{}
	site := newSite(t, lambdasession.Config{Observer: observer})
	b := site.known(t)
	b.visit(func(s *lambdasession.Session) { wantEqual(t, "value", 1, get(t, apples, s)) })
	wantError(t, lambdasession.ErrNoManager, observer.err)
}
