package lambdasession_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/memstore"
	"github.com/lambdasession/lambdasession-go/store"
)

// devices returns the ids of a subject's sessions, oldest first.
func devices(tb testing.TB, site *site, subject string) []string {
	tb.Helper()
	list, err := site.store.memory.Devices(tb.Context(), subject)
	succeed(tb, err)
	var ids []string
	for _, d := range list {
		ids = append(ids, d.ID)
	}
	return ids
}

// three returns three browsers in which ann is signed in, a minute apart.
func three(tb testing.TB, site *site) (first, second, third *browser) {
	tb.Helper()
	first = site.signedIn(tb, "ann")
	site.pass(time.Minute)
	second = site.signedIn(tb, "ann")
	site.pass(time.Minute)
	third = site.signedIn(tb, "ann")
	return first, second, third
}

func TestSessions(t *testing.T) { // S7
	t.Parallel()
	t.Run("lists a subject's sessions, oldest first, and marks the current one", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		_, second, _ := three(t, site)
		ids := devices(t, site, "ann")
		list, err := site.Sessions(second.request().ctx, "ann")
		succeed(t, err)
		want := make([]lambdasession.Device, 3)
		for i := range want {
			began := noon.Add(time.Duration(i) * time.Minute)
			want[i] = lambdasession.Device{
				ID: ids[i], Label: "a test", Current: i == 1,
				Created: began, Expires: began.Add(30 * time.Minute), Ends: began.Add(12 * time.Hour),
			}
		}
		wantEqual(t, "sessions", want, list)
	})
	t.Run("marks none outside a request", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		three(t, site)
		list, err := site.Sessions(t.Context(), "ann")
		succeed(t, err)
		for _, d := range list {
			wantEqual(t, "current", false, d.Current)
		}
		site.store.want(t, "devices")
	})
	t.Run("marks none in a request of another manager", func(t *testing.T) {
		t.Parallel()
		site, other := newSite(t, lambdasession.Config{}), newSite(t, lambdasession.Config{})
		site.signedIn(t, "ann")
		list, err := site.Sessions(other.signedIn(t, "ann").request().ctx, "ann")
		succeed(t, err)
		wantEqual(t, "sessions", 1, len(list))
		wantEqual(t, "current", false, list[0].Current)
	})
	t.Run("keeps a device's id through a renewal", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		b := site.signedIn(t, "ann")
		before := devices(t, site, "ann")
		b.visit(func(s *lambdasession.Session) { succeed(t, s.Renew()) })
		wantEqual(t, "devices", before, devices(t, site, "ann"))
	})
	t.Run("leaves out a session that passed to somebody else", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		b := site.signedIn(t, "ann")
		b.visit(func(s *lambdasession.Session) { signIn(t, s, "bob") })
		wantEqual(t, "ann's devices", 0, len(devices(t, site, "ann")))
		wantEqual(t, "bob's devices", 1, len(devices(t, site, "bob")))
	})
}

func TestRevoke(t *testing.T) { // S7
	t.Parallel()
	t.Run("ends the sessions that it names, at once", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		first, second, third := three(t, site)
		ids := devices(t, site, "ann")
		succeed(t, site.Revoke(first.request().ctx, "ann", ids[1], "unknown", ids[2]))
		wantEqual(t, "devices", ids[:1], devices(t, site, "ann"))
		second.wantValues(nil)
		third.wantValues(nil)
	})
	t.Run("of the request's own session counts as Destroy", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		b := site.signedIn(t, "ann")
		r := b.request()
		set(t, pears, r.Session, 2)
		succeed(t, site.Revoke(r.ctx, "ann", devices(t, site, "ann")...))
		wantStatus(t, lambdasession.Destroyed, r.Status())
		wantEqual(t, "value", 0, get(t, apples, r.Session))
		answer := r.respond()
		succeed(t, answer.err)
		answer.wantCookie(t, expiredCookie)
		b.wantValues(nil)
	})
	t.Run("of the request's own session, which another has ended meanwhile, takes no cookie away", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		b := site.signedIn(t, "ann")
		ids := devices(t, site, "ann")
		late := b.request()
		get(t, apples, late.Session)
		b.visit(func(s *lambdasession.Session) { succeed(t, s.Destroy()) })
		b.visit(func(s *lambdasession.Session) { signIn(t, s, "ann") })
		succeed(t, site.Revoke(late.ctx, "ann", ids...))
		answer := late.respond()
		succeed(t, answer.err)
		answer.wantCookie(t, noCookie)
	})
	t.Run("of somebody else's device does nothing", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		b := site.signedIn(t, "ann")
		succeed(t, site.Revoke(t.Context(), "bob", devices(t, site, "ann")...))
		b.wantValues(map[string]string{"apples": "1"})
	})
	t.Run("of the one who was signed in before leaves the new sign-in standing", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		b := site.signedIn(t, "ann")
		ids := devices(t, site, "ann")
		r := b.request()
		signIn(t, r.Session, "bob")
		set(t, pears, r.Session, 2)
		succeed(t, site.Revoke(r.ctx, "ann", ids...))
		answer := r.respond()
		succeed(t, answer.err)
		b.receive(answer)
		b.wantValues(map[string]string{"pears": "2"})
		wantEqual(t, "bob's devices", 1, len(devices(t, site, "bob")))
	})
	t.Run("goes on after one that failed, and reports it", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		_, second, third := three(t, site)
		ids := devices(t, site, "ann")
		site.store.once("revoke", func(context.Context) error { return errDown })
		wantError(t, lambdasession.ErrUnavailable, site.Revoke(t.Context(), "ann", ids[1:]...))
		second.wantValues(map[string]string{"apples": "1"})
		third.wantValues(nil)
	})
}

func TestRevokeOthers(t *testing.T) { // S7
	t.Parallel()
	t.Run("leaves the current session alone", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		first, second, third := three(t, site)
		r := second.request()
		succeed(t, site.RevokeOthers(r.ctx, "ann"))
		set(t, pears, r.Session, 2)
		answer := r.respond()
		succeed(t, answer.err)
		answer.wantCookie(t, noCookie)
		first.wantValues(nil)
		second.wantValues(map[string]string{"apples": "1", "pears": "2"})
		third.wantValues(nil)
	})
	t.Run("goes with a renewal in the same request", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		_, second, _ := three(t, site)
		r := second.request()
		succeed(t, site.RevokeOthers(r.ctx, "ann"))
		succeed(t, r.Renew())
		answer := r.respond()
		succeed(t, answer.err)
		second.receive(answer)
		second.wantValues(map[string]string{"apples": "1"})
		wantEqual(t, "devices", 1, len(devices(t, site, "ann")))
	})
	t.Run("ends them all where the request is somebody else's", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		three(t, site)
		admin := site.signedIn(t, "admin")
		succeed(t, site.RevokeOthers(admin.request().ctx, "ann"))
		wantEqual(t, "devices", 0, len(devices(t, site, "ann")))
		admin.wantValues(map[string]string{"apples": "1"})
	})
}

func TestRevokeAll(t *testing.T) { // S7, D15
	t.Parallel()
	t.Run("ends the current session too", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		_, second, _ := three(t, site)
		r := second.request()
		succeed(t, site.RevokeAll(r.ctx, "ann"))
		wantStatus(t, lambdasession.Destroyed, r.Status())
		answer := r.respond()
		succeed(t, answer.err)
		answer.wantCookie(t, expiredCookie)
		wantEqual(t, "devices", 0, len(devices(t, site, "ann")))
	})
	t.Run("of somebody else leaves the current session alone", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		three(t, site)
		admin := site.signedIn(t, "admin")
		r := admin.request()
		succeed(t, site.RevokeAll(r.ctx, "ann"))
		wantStatus(t, lambdasession.Unchanged, r.Status())
		answer := r.respond()
		succeed(t, answer.err)
		answer.wantCookie(t, noCookie)
		admin.wantValues(map[string]string{"apples": "1"})
	})
	t.Run("then a sign-in, in one request: the new session lives", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		_, second, _ := three(t, site)
		r := second.request()
		succeed(t, site.RevokeAll(r.ctx, "ann")) // the password was changed
		signIn(t, r.Session, "ann")
		set(t, news, r.Session, "changed")
		answer := r.respond()
		succeed(t, answer.err)
		answer.wantCookie(t, newCookie)
		second.receive(answer)
		second.wantValues(map[string]string{"news": `"changed"`})
		wantEqual(t, "devices", 1, len(devices(t, site, "ann")))
	})
	for name, browse := range map[string]func(testing.TB, *site) *browser{
		"a new visitor's":        stranger,
		"an anonymous visitor's": func(tb testing.TB, s *site) *browser { return s.known(tb) },
		"a bob's":                func(tb testing.TB, s *site) *browser { return s.signedIn(tb, "bob") },
	} {
		t.Run("does not let "+name+" sign-in survive that began before it", func(t *testing.T) {
			t.Parallel()
			site := newSite(t, lambdasession.Config{})
			b := browse(t, site)
			before := b.cookie
			r := b.request()
			signIn(t, r.Session, "ann") // with the old password
			site.pass(time.Second)
			succeed(t, site.RevokeAll(t.Context(), "ann"))
			site.pass(time.Second)
			r.respond().wantRefused(t, lambdasession.ErrEnded)
			wantEqual(t, "devices", 0, len(devices(t, site, "ann")))
			wantEqual(t, "cookie", before, b.cookie)
		})
	}
	t.Run("lets a sign-in survive that begins after it", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		succeed(t, site.RevokeAll(t.Context(), "ann"))
		site.pass(time.Microsecond)
		site.signedIn(t, "ann")
		wantEqual(t, "devices", 1, len(devices(t, site, "ann")))
	})
	t.Run("beats a renewal in flight", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		b := site.signedIn(t, "ann")
		r := b.request()
		get(t, apples, r.Session)
		succeed(t, r.Renew())
		succeed(t, site.RevokeAll(t.Context(), "ann"))
		r.respond().wantRefused(t, lambdasession.ErrEnded)
		wantEqual(t, "devices", 0, len(devices(t, site, "ann")))
	})
	t.Run("in a goroutine that outlasts the commit changes nothing about it", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			site := newSite(t, lambdasession.Config{})
			b := site.signedIn(t, "ann")
			r := b.request()
			add(t, apples, r.Session, 1)
			committing, commit := site.store.hold("update")
			revoking, revoke := site.store.hold("revoke-all")
			done := make(chan error)
			go func() { done <- site.RevokeAll(r.ctx, "ann") }()
			<-revoking
			answered := make(chan response)
			go func() { answered <- r.respond() }()
			<-committing
			revoke()
			synctest.Wait()
			commit()
			(<-answered).wantRefused(t, lambdasession.ErrEnded)
			succeed(t, <-done)
			wantStatus(t, lambdasession.Changed, r.Status()) // of the request that was answered
		})
	})
}

// mute is a store that cannot list sessions.
type mute struct{ store.Store }

func TestSubjectOperationsThatFail(t *testing.T) {
	t.Parallel()
	all := map[string]func(*lambdasession.Manager, context.Context, string) error{
		"Sessions": func(m *lambdasession.Manager, ctx context.Context, who string) error {
			_, err := m.Sessions(ctx, who)
			return err
		},
		"Revoke":       func(m *lambdasession.Manager, ctx context.Context, who string) error { return m.Revoke(ctx, who, "x") },
		"RevokeOthers": (*lambdasession.Manager).RevokeOthers,
		"RevokeAll":    (*lambdasession.Manager).RevokeAll,
	}
	calls := map[string]string{"Sessions": "devices", "Revoke": "revoke", "RevokeOthers": "revoke-all", "RevokeAll": "revoke-all"}
	for name, operate := range all {
		t.Run(name+" on a store that cannot list is unsupported", func(t *testing.T) {
			t.Parallel()
			m, err := lambdasession.New(lambdasession.Config{Store: mute{memstore.New()}})
			succeed(t, err)
			wantError(t, lambdasession.ErrUnsupported, operate(m, t.Context(), "ann"))
		})
		t.Run(name+" on a store around one that cannot list is unsupported", func(t *testing.T) {
			t.Parallel()
			site := newSite(t, lambdasession.Config{})
			site.store.fail(store.ErrUnsupported, calls[name])
			wantError(t, lambdasession.ErrUnsupported, operate(site.Manager, t.Context(), "ann"))
		})
		t.Run(name+" on a store that could not answer says so", func(t *testing.T) {
			t.Parallel()
			site := newSite(t, lambdasession.Config{})
			site.store.fail(errDown, calls[name])
			wantError(t, lambdasession.ErrUnavailable, operate(site.Manager, t.Context(), "ann"))
		})
		t.Run(name+" without knowing which session is the current one does nothing", func(t *testing.T) {
			t.Parallel()
			site := newSite(t, lambdasession.Config{})
			r := site.signedIn(t, "ann").request()
			site.store.fail(errDown, "load")
			wantError(t, lambdasession.ErrUnavailable, operate(site.Manager, r.ctx, "ann"))
			site.store.want(t, "load")
		})
		t.Run(name+" of nobody is invalid", func(t *testing.T) {
			t.Parallel()
			site := newSite(t, lambdasession.Config{})
			if err := operate(site.Manager, t.Context(), ""); !isInvalid(err) {
				t.Errorf("error %v; want an InvalidError", err)
			}
			site.store.want(t)
		})
	}
}
