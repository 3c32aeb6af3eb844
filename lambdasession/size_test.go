package lambdasession_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/store"
)

// text is a value of news that takes n bytes with its field's name.
func text(n int) string { return strings.Repeat("x", n-len(`news""`)) }

func TestTheSizeOfASession(t *testing.T) { // D11
	t.Parallel()
	const most = 100
	const known = len("apples1") // of a session with one apple
	type session = *lambdasession.Session

	for _, c := range []struct {
		name   string
		browse func(testing.TB, *site) *browser
		do     func(session) error
		refuse bool
	}{
		{"a new session a byte below the limit", stranger, func(s session) error { return news.Set(s, text(most-1)) }, false},
		{"a new session at the limit", stranger, func(s session) error { return news.Set(s, text(most)) }, false},
		{"a new session of two fields at the limit", stranger, func(s session) error {
			_ = apples.Set(s, 1)
			return news.Set(s, text(most-known))
		}, false},
		{"a new session of two fields a byte over it", stranger, func(s session) error {
			_ = apples.Set(s, 1)
			return news.Set(s, text(most-known+1))
		}, true},
		{"a new session with a subject, a byte over it", stranger, func(s session) error {
			_ = s.SetSubject("ann", "")
			_ = apples.Set(s, 1)
			return news.Set(s, text(most-known+1))
		}, true},
		{"a session in place of one that is gone, a byte over it", expired, func(s session) error {
			_, _ = apples.Get(s)
			_ = apples.Set(s, 1)
			return news.Set(s, text(most-known+1))
		}, true},
		{"a change up to the limit", nil, func(s session) error {
			_, _ = apples.Get(s)
			return news.Set(s, text(most-known))
		}, false},
		{"a change a byte over it", nil, func(s session) error {
			_, _ = apples.Get(s)
			return news.Set(s, text(most-known+1))
		}, true},
		{"a renewal with a change a byte over it", nil, func(s session) error {
			_ = s.Renew()
			return news.Set(s, text(most-known+1))
		}, true},
		{"a write without a read goes by its own bytes", nil, func(s session) error { return news.Set(s, text(most)) }, false},
		{"two fields without a read a byte over it", nil, func(s session) error {
			_ = apples.Set(s, 1)
			return news.Set(s, text(most-known+1))
		}, true},
		{"a clear makes room", nil, func(s session) error {
			_, _ = apples.Get(s)
			_ = s.Clear()
			return news.Set(s, text(most))
		}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			site := newSite(t, lambdasession.Config{MaxBytes: most})
			b := site.known(t)
			if c.browse != nil {
				b = c.browse(t, site)
			}
			before, live := b.values()
			r := b.request()
			succeed(t, c.do(r.Session))
			answer := r.respond()
			if !c.refuse {
				succeed(t, answer.err)
				return
			}
			answer.wantRefused(t, lambdasession.ErrTooLarge)
			for _, c := range site.store.take() {
				if c.operation != "load" {
					t.Errorf("the store was asked to %s", c.operation)
				}
			}
			after, stillLive := b.values()
			wantEqual(t, "live", live, stillLive)
			wantEqual(t, "the old state", before, after)
		})
	}
	for _, over := range []int{1, 1000} {
		t.Run(fmt.Sprintf("a value of %d bytes too many is refused where it is set", over), func(t *testing.T) {
			t.Parallel()
			r := newSite(t, lambdasession.Config{MaxBytes: most}).known(t).request()
			wantError(t, lambdasession.ErrTooLarge, news.Set(r.Session, text(most+over)))
			_, err := news.Update(r.Session, func(string) (string, error) { return text(most + over), nil })
			wantError(t, lambdasession.ErrTooLarge, err)
			wantEqual(t, "value", "", get(t, news, r.Session))
		})
	}
	t.Run("the error names the limit, the option and the biggest fields, and no value", func(t *testing.T) {
		t.Parallel()
		r := newSite(t, lambdasession.Config{MaxBytes: most}).known(t).request()
		get(t, apples, r.Session)
		set(t, news, r.Session, text(most))
		err := r.respond().err
		wantError(t, lambdasession.ErrTooLarge, err)
		for _, want := range []string{"107 bytes", "100", "Config.MaxBytes", `"news" (96), "apples" (1)`} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("error %q; want it to say %q", err, want)
			}
		}
		if strings.Contains(err.Error(), "xxx") {
			t.Errorf("error %q tells a value", err)
		}
	})
	t.Run("more fields than a session holds are refused", func(t *testing.T) {
		t.Parallel()
		r := newSite(t, lambdasession.Config{}).browser(t).request()
		for i := range 101 {
			set(t, lambdasession.NewField[int](fmt.Sprintf("field-%d", i)), r.Session, i)
		}
		r.respond().wantRefused(t, lambdasession.ErrTooLarge)
	})
	t.Run("as many as it holds are not", func(t *testing.T) {
		t.Parallel()
		newSite(t, lambdasession.Config{}).browser(t).visit(func(s session) {
			for i := range 100 {
				set(t, lambdasession.NewField[int](fmt.Sprintf("field-%d", i)), s, i)
			}
		})
	})
}

// The limit was lowered, or fields were added without a read: the session is
// larger than it may be, and must find a way back.
func TestAnOversizedSession(t *testing.T) { // D11
	t.Parallel()
	const most = 100
	type session = *lambdasession.Session
	for _, c := range []struct {
		name   string
		do     func(session) error
		refuse bool
	}{
		{"may be read", func(s session) error { _, err := news.Get(s); return err }, false},
		{"may lose a field", func(s session) error {
			_, _ = news.Get(s)
			return apples.Delete(s)
		}, false},
		{"may shrink, though not below the limit", func(s session) error {
			_, err := news.Update(s, func(v string) (string, error) { return v[:len(v)-1], nil })
			return err
		}, false},
		{"may change without growing", func(s session) error {
			_, err := news.Update(s, func(v string) (string, error) { return "y" + v[1:], nil })
			return err
		}, false},
		{"may be renewed", func(s session) error { return s.Renew() }, false},
		{"may be signed in to", func(s session) error { return s.SetSubject("ann", "") }, false},
		{"may be ended", func(s session) error { return s.Destroy() }, false},
		{"may not grow", func(s session) error {
			_, _ = apples.Get(s)
			return apples.Set(s, 10)
		}, true},
		{"may not get another field", func(s session) error {
			_, _ = apples.Get(s)
			return pears.Set(s, 1)
		}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			site := newSite(t, lambdasession.Config{MaxBytes: most})
			b := site.browser(t)
			key, err := site.store.memory.Save(t.Context(), store.Record{
				Values:  map[string][]byte{"apples": []byte("1"), "news": []byte(`"` + text(3*most) + `"`)},
				Created: noon, Ends: noon.Add(lambdasession.DefaultAbsoluteTimeout), Expires: noon.Add(lambdasession.DefaultIdleTimeout),
			})
			succeed(t, err)
			b.cookie = key.Reveal()
			r := b.request()
			succeed(t, c.do(r.Session))
			answer := r.respond()
			if c.refuse {
				answer.wantRefused(t, lambdasession.ErrTooLarge)
				return
			}
			succeed(t, answer.err)
		})
	}
	t.Run("is refused by a store with a lower limit of its own", func(t *testing.T) {
		t.Parallel()
		site := newSite(t, lambdasession.Config{})
		b := site.known(t)
		r := b.request()
		set(t, news, r.Session, "some")
		site.store.fail(store.ErrTooLarge, "update")
		r.respond().wantRefused(t, lambdasession.ErrTooLarge)
	})
}
