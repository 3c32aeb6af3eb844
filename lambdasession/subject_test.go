package lambdasession_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/store"
)

func TestASignIn(t *testing.T) { // S4
	t.Parallel()
	t.Run("keeps what an anonymous visitor had, under a new key", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		b := site.known(t)
		old := b.twin()
		site.pass(time.Minute)
		b.visit(func(s *lambdasession.Session) {
			set(t, pears, s, 2)
			signIn(t, s, "ann")
			set(t, news, s, "hi")
		}).wantCookie(t, newCookie)
		old.wantValues(nil)
		b.wantValues(map[string]string{"apples": "1", "pears": "2", "news": `"hi"`})
		record, _ := b.values()
		wantEqual(t, "subject", "ann", record.Subject)
		wantEqual(t, "created", noon.Add(time.Minute), record.Created)
		wantEqual(t, "ends", noon.Add(time.Minute+lambdasession.DefaultAbsoluteTimeout), record.Ends)
	})
	t.Run("of somebody else starts empty, but for what is written after it", func(t *testing.T) {
		t.Parallel()
		b := newSite(t, lambdasession.Config{}).signedIn(t, "ann")
		b.visit(func(s *lambdasession.Session) {
			set(t, pears, s, 2)
			signIn(t, s, "bob")
			wantEqual(t, "of ann's", 0, get(t, apples, s))
			wantEqual(t, "set before the sign-in", 0, get(t, pears, s))
			set(t, news, s, "hi, bob")
			wantEqual(t, "set after the sign-in", "hi, bob", get(t, news, s))
			add(t, pears, s, 7)
		})
		b.wantValues(map[string]string{"news": `"hi, bob"`, "pears": "7"})
		record, _ := b.values()
		wantEqual(t, "subject", "bob", record.Subject)
	})
	t.Run("of the same subject keeps the values and the device, and begins a new lifetime", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		b := site.signedIn(t, "ann")
		before, _ := b.values()
		site.pass(time.Minute)
		b.visit(func(s *lambdasession.Session) { signIn(t, s, "ann") }).wantCookie(t, newCookie)
		after, _ := b.values()
		b.wantValues(map[string]string{"apples": "1"})
		wantEqual(t, "device", before.Device, after.Device)
		wantEqual(t, "ends", before.Ends.Add(time.Minute), after.Ends)
		wantEqual(t, "created", before.Created.Add(time.Minute), after.Created)
	})
	t.Run("of one after another ends with the last, in call order", func(t *testing.T) {
		t.Parallel()
		b := newSite(t, lambdasession.Config{}).known(t)
		b.visit(func(s *lambdasession.Session) {
			signIn(t, s, "ann")
			set(t, pears, s, 2)
			signIn(t, s, "bob")
			set(t, news, s, "hi")
		})
		b.wantValues(map[string]string{"news": `"hi"`})
		record, _ := b.values()
		wantEqual(t, "subject", "bob", record.Subject)
	})
	t.Run("is seen at once", func(t *testing.T) {
		t.Parallel()
		r := newSite(t, lambdasession.Config{}).known(t).request()
		signIn(t, r.Session, "ann")
		subject, err := r.Subject()
		succeed(t, err)
		wantEqual(t, "subject", "ann", subject)
		wantStatus(t, lambdasession.Renewed, r.Status())
		info, err := r.Info()
		succeed(t, err)
		wantEqual(t, "fields", map[string]int{"apples": 1}, info.Fields)
		if info.Device == "" {
			t.Error("the session has no device")
		}
	})
	t.Run("of a subject that no store would take is refused", func(t *testing.T) {
		t.Parallel()
		r := newSite(t, lambdasession.Config{}).known(t).request()
		for _, bad := range []string{"", "\xff", strings.Repeat("x", store.MaxSubject+1)} {
			if err := r.SetSubject(bad, ""); !isInvalid(err) {
				t.Errorf("SetSubject of %d bytes: %v; want an InvalidError", len(bad), err)
			}
		}
		succeed(t, r.SetSubject(strings.Repeat("x", store.MaxSubject), ""))
	})
	t.Run("cuts a label that is too long, and not inside a character", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		b := site.browser(t)
		b.visit(func(s *lambdasession.Session) {
			succeed(t, s.SetSubject("ann", "x"+strings.Repeat("é", store.MaxLabel)))
		})
		wantEqual(t, "label", "x"+strings.Repeat("é", store.MaxLabel/2-1), site.store.only(t, "save").record.Label)
	})
	t.Run("takes along what another request saved meanwhile", func(t *testing.T) {
		t.Parallel()
		b := newSite(t, lambdasession.Config{}).known(t)
		r := b.request()
		wantEqual(t, "value", 1, get(t, apples, r.Session))
		signIn(t, r.Session, "ann")
		b.twin().visit(func(s *lambdasession.Session) { set(t, pears, s, 2) })
		answer := r.respond()
		succeed(t, answer.err)
		b.receive(answer)
		b.wantValues(map[string]string{"apples": "1", "pears": "2"})
	})
}

// A sign-in that finds its key ended at the last moment makes a session of its
// own; the other subject's values must not find a way into it.
func TestASignInWhoseKeyEndsMeanwhile(t *testing.T) {
	t.Parallel()
	for name, subject := range map[string]string{"of another subject": "bob", "of the same subject": "ann"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			site := newSite(t, lambdasession.Config{})
			b := site.signedIn(t, "ann")
			r := b.request()
			set(t, pears, r.Session, 2)
			signIn(t, r.Session, subject)
			set(t, news, r.Session, "hi")
			site.store.once("rotate", func(ctx context.Context) error {
				return site.store.memory.Delete(ctx, store.KeyOf(b.cookie))
			})
			answer := r.respond()
			succeed(t, answer.err)
			site.store.want(t, "load", "rotate", "save")
			b.receive(answer)
			want := map[string]string{"pears": "2", "news": `"hi"`}
			if subject == "bob" {
				delete(want, "pears") // set while it was ann's
			}
			b.wantValues(want)
			record, _ := b.values()
			wantEqual(t, "subject", subject, record.Subject)
		})
	}
}

func TestARenewal(t *testing.T) { // S4
	t.Parallel()
	t.Run("keeps the values, the subject, the device, and both ends of the lifetime", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		b := site.signedIn(t, "ann")
		before, _ := b.values()
		old := b.twin()
		site.pass(10 * time.Minute)
		b.visit(func(s *lambdasession.Session) {
			succeed(t, s.Renew())
			wantStatus(t, lambdasession.Renewed, s.Status())
		}).wantCookie(t, newCookie)
		old.wantValues(nil)
		after, live := b.values()
		wantEqual(t, "live", true, live)
		want := before
		want.Expires, want.Revision = noon.Add(40*time.Minute), after.Revision
		wantEqual(t, "record", want, after)
	})
	t.Run("replayed with the old cookie is anonymous", func(t *testing.T) {
		t.Parallel()
		b := newSite(t, lambdasession.Config{}).signedIn(t, "ann")
		old := b.twin()
		b.visit(func(s *lambdasession.Session) { succeed(t, s.Renew()) })
		old.visit(func(s *lambdasession.Session) {
			subject, err := s.Subject()
			succeed(t, err)
			wantEqual(t, "subject", "", subject)
			wantEqual(t, "value", 0, get(t, apples, s))
		}).wantCookie(t, noCookie)
	})
	t.Run("of a session that ended meanwhile is refused", func(t *testing.T) {
		t.Parallel()
		b := newSite(t, lambdasession.Config{}).signedIn(t, "ann")
		r := b.request()
		get(t, apples, r.Session)
		succeed(t, r.Renew())
		b.visit(func(s *lambdasession.Session) { succeed(t, s.Destroy()) })
		r.respond().wantRefused(t, lambdasession.ErrEnded)
	})
	t.Run("of a session that expired meanwhile is refused", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		r := site.signedIn(t, "ann").request()
		get(t, apples, r.Session)
		succeed(t, r.Renew())
		site.pass(time.Hour)
		r.respond().wantRefused(t, lambdasession.ErrEnded)
	})
}

func TestInfo(t *testing.T) {
	t.Parallel()
	t.Run("of a stored session tells its lifetime and what its fields take", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		b := site.signedIn(t, "ann")
		record, _ := b.values()
		site.pass(time.Minute)
		r := b.request()
		set(t, news, r.Session, "hello")
		info, err := r.Info()
		succeed(t, err)
		wantEqual(t, "info", lambdasession.Info{
			Subject: "ann", Device: record.Device,
			Created: noon, Expires: noon.Add(30 * time.Minute), Ends: noon.Add(12 * time.Hour),
			Fields: map[string]int{"apples": 1, "news": len(`"hello"`)},
		}, info)
	})
	t.Run("of a new session is empty", func(t *testing.T) {
		t.Parallel()
		info, err := newSite(t, lambdasession.Config{}).browser(t).request().Info()
		succeed(t, err)
		wantEqual(t, "info", lambdasession.Info{}, info)
	})
}
