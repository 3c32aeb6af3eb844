package lambdasession_test

import (
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/store"
)

// What a request does to its session decides what the store is asked and what
// the response carries. Every case is one row, or one side of a row, of the
// table in the architecture's documentation.
func TestCommit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		browse func(testing.TB, *site) *browser // nil: a session with one apple
		later  time.Duration                    // how long after the last request
		do     func(testing.TB, *lambdasession.Session)
		calls  []string
		cookie string
		values map[string]string // nil: no live session
	}{
		{
			name:   "a session that is never used costs nothing",
			do:     func(testing.TB, *lambdasession.Session) {},
			cookie: noCookie, values: map[string]string{"apples": "1"},
		},
		{
			name: "a new session that stays empty is not stored", browse: stranger,
			do:     func(tb testing.TB, s *lambdasession.Session) { get(tb, apples, s); succeed(tb, pears.Delete(s)) },
			cookie: noCookie,
		},
		{
			name: "a new session with values is saved", browse: stranger,
			do:    func(tb testing.TB, s *lambdasession.Session) { set(tb, pears, s, 2) },
			calls: []string{"save"}, cookie: newCookie, values: map[string]string{"pears": "2"},
		},
		{
			name: "a new session that is updated is saved without a read", browse: stranger,
			do:    func(tb testing.TB, s *lambdasession.Session) { add(tb, pears, s, 2) },
			calls: []string{"save"}, cookie: newCookie, values: map[string]string{"pears": "2"},
		},
		{
			name:  "a set without a read is one small write",
			do:    func(tb testing.TB, s *lambdasession.Session) { set(tb, pears, s, 2) },
			calls: []string{"update"}, cookie: noCookie, values: map[string]string{"apples": "1", "pears": "2"},
		},
		{
			name:  "a delete without a read is one small write",
			do:    func(tb testing.TB, s *lambdasession.Session) { succeed(tb, apples.Delete(s)) },
			calls: []string{"update"}, cookie: noCookie, values: map[string]string{},
		},
		{
			name:  "a clear without a read is one small write",
			do:    func(tb testing.TB, s *lambdasession.Session) { succeed(tb, s.Clear()); set(tb, pears, s, 2) },
			calls: []string{"update"}, cookie: noCookie, values: map[string]string{"pears": "2"},
		},
		{
			name: "a set without a read on a session that is gone begins another", browse: expired,
			do:    func(tb testing.TB, s *lambdasession.Session) { set(tb, pears, s, 2) },
			calls: []string{"update", "save"}, cookie: newCookie, values: map[string]string{"pears": "2"},
		},
		{
			name: "a delete and a clear on a session that is gone do nothing", browse: expired,
			do:    func(tb testing.TB, s *lambdasession.Session) { succeed(tb, s.Clear()); succeed(tb, pears.Delete(s)) },
			calls: []string{"update"}, cookie: noCookie,
		},
		{
			name: "a read just after the last one is one read", later: 3*time.Minute - time.Second,
			do:    func(tb testing.TB, s *lambdasession.Session) { get(tb, apples, s) },
			calls: []string{"load"}, cookie: noCookie, values: map[string]string{"apples": "1"},
		},
		{
			name: "a read a tenth of the idle period later moves the expiry", later: 3 * time.Minute,
			do:    func(tb testing.TB, s *lambdasession.Session) { get(tb, apples, s) },
			calls: []string{"load", "update-ttl"}, cookie: noCookie, values: map[string]string{"apples": "1"},
		},
		{
			name:  "a set of the very bytes that were read is no change",
			do:    func(tb testing.TB, s *lambdasession.Session) { get(tb, apples, s); set(tb, apples, s, 1) },
			calls: []string{"load"}, cookie: noCookie, values: map[string]string{"apples": "1"},
		},
		{
			name:  "an update to what it was is no change",
			do:    func(tb testing.TB, s *lambdasession.Session) { add(tb, apples, s, 0) },
			calls: []string{"load"}, cookie: noCookie, values: map[string]string{"apples": "1"},
		},
		{
			name: "a clear and a set of all that there was is no change",
			do: func(tb testing.TB, s *lambdasession.Session) {
				get(tb, apples, s)
				succeed(tb, s.Clear())
				set(tb, apples, s, 1)
			},
			calls: []string{"load"}, cookie: noCookie, values: map[string]string{"apples": "1"},
		},
		{
			name:  "a change after a read is one read and one write",
			do:    func(tb testing.TB, s *lambdasession.Session) { set(tb, pears, s, get(tb, apples, s)+1) },
			calls: []string{"load", "update"}, cookie: noCookie, values: map[string]string{"apples": "1", "pears": "2"},
		},
		{
			name: "a read of a session that is gone, then a write, begins another", browse: expired,
			do:    func(tb testing.TB, s *lambdasession.Session) { add(tb, apples, s, 5) },
			calls: []string{"load", "save"}, cookie: newCookie, values: map[string]string{"apples": "5"},
		},
		{
			name: "a read of a session that is gone leaves its cookie alone", browse: expired,
			do:    func(tb testing.TB, s *lambdasession.Session) { get(tb, apples, s) },
			calls: []string{"load"}, cookie: noCookie,
		},
		{
			name:  "a renewal reads and rotates",
			do:    func(tb testing.TB, s *lambdasession.Session) { succeed(tb, s.Renew()) },
			calls: []string{"load", "rotate"}, cookie: newCookie, values: map[string]string{"apples": "1"},
		},
		{
			name:  "a renewal carries the request's changes in the same write",
			do:    func(tb testing.TB, s *lambdasession.Session) { succeed(tb, s.Renew()); set(tb, pears, s, 2) },
			calls: []string{"load", "rotate"}, cookie: newCookie, values: map[string]string{"apples": "1", "pears": "2"},
		},
		{
			name: "a new session has nothing to renew", browse: stranger,
			do:     func(tb testing.TB, s *lambdasession.Session) { succeed(tb, s.Renew()) },
			cookie: noCookie,
		},
		{
			name: "a sign-in without a session saves one", browse: stranger,
			do:    func(tb testing.TB, s *lambdasession.Session) { signIn(tb, s, "ann") },
			calls: []string{"save"}, cookie: newCookie, values: map[string]string{},
		},
		{
			name:  "a sign-in reads and rotates",
			do:    func(tb testing.TB, s *lambdasession.Session) { signIn(tb, s, "ann") },
			calls: []string{"load", "rotate"}, cookie: newCookie, values: map[string]string{"apples": "1"},
		},
		{
			name: "a sign-in on a session that is gone makes another", browse: expired,
			do:    func(tb testing.TB, s *lambdasession.Session) { signIn(tb, s, "ann") },
			calls: []string{"load", "save"}, cookie: newCookie, values: map[string]string{},
		},
		{
			name:  "a logout is one delete without a read",
			do:    func(tb testing.TB, s *lambdasession.Session) { succeed(tb, s.Destroy()) },
			calls: []string{"delete"}, cookie: expiredCookie,
		},
		{
			name: "a logout without a session does nothing", browse: stranger,
			do:     func(tb testing.TB, s *lambdasession.Session) { succeed(tb, s.Destroy()) },
			cookie: noCookie,
		},
		{
			name: "a logout that ended nothing leaves the cookie alone", browse: expired,
			do:    func(tb testing.TB, s *lambdasession.Session) { succeed(tb, s.Destroy()) },
			calls: []string{"delete"}, cookie: noCookie,
		},
		{
			name:  "what is set after a logout begins a new session",
			do:    func(tb testing.TB, s *lambdasession.Session) { succeed(tb, s.Destroy()); set(tb, pears, s, 2) },
			calls: []string{"delete", "save"}, cookie: newCookie, values: map[string]string{"pears": "2"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			site := newSite(t, lambdasession.Config{})
			b := site.known(t)
			if c.browse != nil {
				b = c.browse(t, site)
			}
			site.pass(c.later)
			before := b.cookie
			answer := b.visit(func(s *lambdasession.Session) { c.do(t, s) })

			site.store.want(t, c.calls...)
			answer.wantCookie(t, c.cookie)
			if c.cookie == newCookie && b.cookie == before {
				t.Error("the new cookie names the old key")
			}
			b.wantValues(c.values)
		})
	}
}

func stranger(tb testing.TB, s *site) *browser { return s.browser(tb) }

// expired is a browser whose session has expired.
func expired(tb testing.TB, s *site) *browser {
	b := s.known(tb)
	s.pass(31 * time.Minute)
	return b
}

// A key that no store ever made is a stranger's invention: it names nothing,
// and nothing may be stored under it.
func TestAnUnknownKeyIsNeverAdopted(t *testing.T) { // S3
	t.Parallel()
	for name, do := range map[string]func(testing.TB, *lambdasession.Session){
		"by a set":     func(tb testing.TB, s *lambdasession.Session) { set(tb, apples, s, 1) },
		"by an update": func(tb testing.TB, s *lambdasession.Session) { add(tb, apples, s, 1) },
		"by a sign-in": func(tb testing.TB, s *lambdasession.Session) { signIn(tb, s, "ann") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			site := newSite(t, lambdasession.Config{})
			b := site.browser(t)
			planted := store.NewKey().Reveal()
			b.cookie = planted
			b.visit(func(s *lambdasession.Session) { do(t, s) })

			if b.cookie == planted || b.cookie == "" {
				t.Errorf("the browser is given the key %q; want another than the planted one", b.cookie)
			}
			if _, live := b.values(); !live {
				t.Error("the browser's new session is not stored")
			}
			victim := &browser{tb: t, site: site, cookie: planted}
			victim.wantValues(nil)
		})
	}
}

// What is written without a read is what a read would have shown.
func TestWritesToOneFieldFoldWithoutARead(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		do   func(testing.TB, *lambdasession.Session)
		want map[string]string
	}{
		{
			"set, then updated",
			func(tb testing.TB, s *lambdasession.Session) { set(tb, apples, s, 5); add(tb, apples, s, 1) },
			map[string]string{"apples": "6"},
		},
		{
			"deleted, then updated",
			func(tb testing.TB, s *lambdasession.Session) { succeed(tb, apples.Delete(s)); add(tb, apples, s, 7) },
			map[string]string{"apples": "7"},
		},
		{
			"set, then popped",
			func(tb testing.TB, s *lambdasession.Session) { set(tb, apples, s, 5); pop(tb, apples, s, 5) },
			nil,
		},
		{
			"cleared, updated, popped",
			func(tb testing.TB, s *lambdasession.Session) {
				succeed(tb, s.Clear())
				add(tb, apples, s, 3)
				pop(tb, apples, s, 3)
			},
			nil,
		},
		{
			"set, popped, and updated again",
			func(tb testing.TB, s *lambdasession.Session) {
				set(tb, apples, s, 5)
				pop(tb, apples, s, 5)
				add(tb, apples, s, 2)
			},
			map[string]string{"apples": "2"},
		},
		{
			"set twice",
			func(tb testing.TB, s *lambdasession.Session) { set(tb, apples, s, 5); set(tb, apples, s, 6) },
			map[string]string{"apples": "6"},
		},
		{
			"set, then deleted",
			func(tb testing.TB, s *lambdasession.Session) { set(tb, apples, s, 5); succeed(tb, apples.Delete(s)) },
			nil,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			site := newSite(t, lambdasession.Config{})
			b := site.known(t)
			b.visit(func(s *lambdasession.Session) { c.do(t, s) })
			site.store.want(t, "update")
			record, live := b.values()
			if !live {
				t.Fatal("the session is gone")
			}
			wantEqual(t, "stored values", c.want, texts(record.Values))
		})
	}
}

func pop(tb testing.TB, f lambdasession.Field[int], s *lambdasession.Session, want int) {
	tb.Helper()
	got, err := f.Pop(s)
	succeed(tb, err)
	wantEqual(tb, "popped value", want, got)
}
