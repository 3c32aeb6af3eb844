package lambdasession_test

import (
	"context"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/store"
)

// The ways in which another request ends a session.
var endings = map[string]func(testing.TB, *lambdasession.Session){
	"logged out": func(tb testing.TB, s *lambdasession.Session) { succeed(tb, s.Destroy()) },
	"renewed":    func(tb testing.TB, s *lambdasession.Session) { succeed(tb, s.Renew()) },
	"signed in":  func(tb testing.TB, s *lambdasession.Session) { signIn(tb, s, "bob") },
}

// What is still in flight when a session ends neither brings it back nor takes
// its place.
func TestASessionThatEndsMeanwhileStaysEnded(t *testing.T) { // D5
	t.Parallel()
	for how, end := range endings {
		for what, write := range map[string]func(testing.TB, *lambdasession.Session){
			"a set":                   func(tb testing.TB, s *lambdasession.Session) { set(tb, apples, s, 2) },
			"a delete":                func(tb testing.TB, s *lambdasession.Session) { succeed(tb, apples.Delete(s)) },
			"a clear":                 func(tb testing.TB, s *lambdasession.Session) { succeed(tb, s.Clear()) },
			"a set after a read":      func(tb testing.TB, s *lambdasession.Session) { set(tb, apples, s, get(tb, apples, s)+1) },
			"an update":               func(tb testing.TB, s *lambdasession.Session) { add(tb, apples, s, 1) },
			"a pop":                   func(tb testing.TB, s *lambdasession.Session) { pop(tb, apples, s, 1) },
			"a renewal":               func(tb testing.TB, s *lambdasession.Session) { succeed(tb, s.Renew()) },
			"a renewal after a read":  func(tb testing.TB, s *lambdasession.Session) { get(tb, apples, s); succeed(tb, s.Renew()) },
			"a renewal with a change": func(tb testing.TB, s *lambdasession.Session) { succeed(tb, s.Renew()); add(tb, apples, s, 1) },
		} {
			t.Run(what+" on a session that was "+how+" is refused", func(t *testing.T) {
				t.Parallel()
				site := newSite(t, lambdasession.Config{})
				b := site.signedIn(t, "ann")
				other, late := b.twin(), b.request()
				write(t, late.Session)
				other.visit(func(s *lambdasession.Session) { end(t, s) })
				before, _ := other.values()
				site.store.take()

				late.respond().wantRefused(t, lambdasession.ErrEnded)
				b.wantValues(nil)
				after, _ := other.values()
				wantEqual(t, "what the other request left", before, after)
				for _, c := range site.store.take() {
					if c.operation == "save" {
						t.Error("a session was saved")
					}
				}
			})
		}
	}
	t.Run("a change on a session that expired meanwhile is refused", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		b := site.known(t)
		late := b.request()
		add(t, apples, late.Session, 1)
		site.pass(time.Hour)
		site.store.take()
		late.respond().wantRefused(t, lambdasession.ErrEnded)
		site.store.want(t, "update")
		b.wantValues(nil)
	})
	t.Run("a read of it before it ended lets the response stand", func(t *testing.T) {
		t.Parallel()
		b := newSite(t, lambdasession.Config{}).known(t)
		late := b.request()
		get(t, apples, late.Session)
		b.visit(func(s *lambdasession.Session) { succeed(t, s.Destroy()) })
		answer := late.respond()
		succeed(t, answer.err)
		answer.wantCookie(t, noCookie)
	})
}

// A browser may not have its new cookie yet when it sends the next request.
// For a minute, that request is told that its session has ended, and cannot
// write; a later one has a key that is simply unknown.
func TestARequestWithAKeyThatEndedAMomentAgo(t *testing.T) {
	t.Parallel()
	// ended is a browser with the old cookie so long after its session ended.
	ended := func(t *testing.T, end func(testing.TB, *lambdasession.Session), since time.Duration) *browser {
		site := newSite(t, lambdasession.Config{})
		b := site.signedIn(t, "ann")
		old := b.twin()
		b.visit(func(s *lambdasession.Session) { end(t, s) })
		site.pass(since)
		site.store.take()
		return old
	}
	for how, end := range endings {
		t.Run("reads as anonymous, with status Ended, after it was "+how, func(t *testing.T) {
			t.Parallel()
			old := ended(t, end, time.Second)
			old.visit(func(s *lambdasession.Session) {
				wantStatus(t, lambdasession.Unchanged, s.Status()) // not read yet
				subject, err := s.Subject()
				succeed(t, err)
				wantEqual(t, "subject", "", subject)
				wantEqual(t, "value", 0, get(t, apples, s))
				wantStatus(t, lambdasession.Ended, s.Status())
			}).wantCookie(t, noCookie)
			old.site.store.want(t, "load")
		})
		for what, write := range map[string]func(testing.TB, *lambdasession.Session){
			"writes":              func(tb testing.TB, s *lambdasession.Session) { set(tb, apples, s, 2) },
			"reads and writes":    func(tb testing.TB, s *lambdasession.Session) { add(tb, apples, s, 1) },
			"deletes":             func(tb testing.TB, s *lambdasession.Session) { succeed(tb, apples.Delete(s)) },
			"renews":              func(tb testing.TB, s *lambdasession.Session) { succeed(tb, s.Renew()) },
			"renews and writes":   func(tb testing.TB, s *lambdasession.Session) { succeed(tb, s.Renew()); set(tb, apples, s, 2) },
			"clears after a read": func(tb testing.TB, s *lambdasession.Session) { get(tb, apples, s); succeed(tb, s.Clear()) },
		} {
			t.Run("is refused if it "+what+" within a minute after it was "+how, func(t *testing.T) {
				t.Parallel()
				old := ended(t, end, time.Minute-time.Microsecond)
				r := old.request()
				write(t, r.Session)
				r.respond().wantRefused(t, lambdasession.ErrEnded)
			})
		}
		t.Run("has an unknown key a minute after it was "+how, func(t *testing.T) {
			t.Parallel()
			old := ended(t, end, time.Minute)
			old.visit(func(s *lambdasession.Session) {
				get(t, apples, s)
				wantStatus(t, lambdasession.Unchanged, s.Status())
			}).wantCookie(t, noCookie)
			for _, write := range []func(*lambdasession.Session){
				func(s *lambdasession.Session) { set(t, apples, s, 7) },
				func(s *lambdasession.Session) { add(t, apples, s, 7) },
			} {
				stale := old.twin()
				stale.visit(write).wantCookie(t, newCookie)
				stale.wantValues(map[string]string{"apples": "7"})
			}
		})
		t.Run("makes a new session if it signs in after it was "+how, func(t *testing.T) {
			t.Parallel()
			old := ended(t, end, time.Second)
			old.visit(func(s *lambdasession.Session) {
				signIn(t, s, "cid")
				set(t, pears, s, 3)
			}).wantCookie(t, newCookie)
			old.site.store.want(t, "load", "save")
			old.wantValues(map[string]string{"pears": "3"})
		})
	}
	t.Run("counts from when the request began, however long it takes", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		b := site.known(t)
		slow := b.request()
		b.visit(func(s *lambdasession.Session) { succeed(t, s.Destroy()) })
		site.pass(14 * time.Minute)
		set(t, apples, slow.Session, 2)
		slow.respond().wantRefused(t, lambdasession.ErrEnded)
	})
}

func TestALogoutWithAnOldCookie(t *testing.T) { // S6
	t.Parallel()
	t.Run("ends the renewed session too", func(t *testing.T) {
		t.Parallel()
		b := newSite(t, lambdasession.Config{}).signedIn(t, "ann")
		old := b.twin()
		b.visit(func(s *lambdasession.Session) { succeed(t, s.Renew()) })
		b.visit(func(s *lambdasession.Session) { succeed(t, s.Renew()) })
		old.visit(func(s *lambdasession.Session) { succeed(t, s.Destroy()) }).wantCookie(t, expiredCookie)
		b.wantValues(nil)
	})
	t.Run("of a session that is logged out already takes no cookie away", func(t *testing.T) {
		t.Parallel()
		b := newSite(t, lambdasession.Config{}).signedIn(t, "ann")
		old := b.twin()
		b.visit(func(s *lambdasession.Session) { succeed(t, s.Destroy()) })
		old.visit(func(s *lambdasession.Session) { succeed(t, s.Destroy()) }).wantCookie(t, noCookie)
	})
	t.Run("twice in one request is one logout", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		b := site.signedIn(t, "ann")
		b.visit(func(s *lambdasession.Session) {
			succeed(t, s.Destroy())
			set(t, apples, s, 5)
			succeed(t, s.Destroy())
			wantStatus(t, lambdasession.Destroyed, s.Status())
			wantEqual(t, "value", 0, get(t, apples, s))
		}).wantCookie(t, expiredCookie)
		site.store.want(t, "delete")
	})
	t.Run("beats a Load that is still under way in the same request", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		b := site.signedIn(t, "ann")
		r := b.request()
		site.store.once("load", func(context.Context) error { return r.Destroy() })
		wantEqual(t, "value", 0, get(t, apples, r.Session))
		answer := r.respond()
		succeed(t, answer.err)
		answer.wantCookie(t, expiredCookie)
		site.store.want(t, "load", "delete")
	})
	t.Run("leaves a mark and not the values", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		b := site.signedIn(t, "ann")
		old := b.twin()
		b.visit(func(s *lambdasession.Session) { succeed(t, s.Destroy()) })
		_, err := site.store.memory.Load(t.Context(), store.KeyOf(old.cookie))
		wantError(t, store.ErrEnded, err)
		wantEqual(t, "cookie of the browser", "", b.cookie)
	})
}
