package lambdasession_test

import (
	"testing"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

// Two requests of one browser, the second whole inside the first: the first
// looks or not, does what it does, and commits last.
func TestParallelRequests(t *testing.T) { // D4
	t.Parallel()
	type session = *lambdasession.Session
	for _, c := range []struct {
		name          string
		first, second func(testing.TB, session)
		want          map[string]string
		calls         []string // of the first request's commit
	}{
		{
			"merge different fields",
			func(tb testing.TB, s session) { set(tb, pears, s, get(tb, apples, s)) },
			func(tb testing.TB, s session) { set(tb, news, s, "hi") },
			map[string]string{"apples": "1", "pears": "1", "news": `"hi"`},
			[]string{"update"},
		},
		{
			"merge different fields without a read",
			func(tb testing.TB, s session) { set(tb, pears, s, 1) },
			func(tb testing.TB, s session) { set(tb, news, s, "hi") },
			map[string]string{"apples": "1", "pears": "1", "news": `"hi"`},
			[]string{"update"},
		},
		{
			"merge updates of different fields",
			func(tb testing.TB, s session) { add(tb, pears, s, 1) },
			func(tb testing.TB, s session) { add(tb, apples, s, 1) },
			map[string]string{"apples": "2", "pears": "1"},
			[]string{"update"},
		},
		{
			"leave the last Set of a field standing",
			func(tb testing.TB, s session) { set(tb, apples, s, get(tb, apples, s)+10) },
			func(tb testing.TB, s session) { set(tb, apples, s, 50) },
			map[string]string{"apples": "11"},
			[]string{"update"},
		},
		{
			"lose no update of a field",
			func(tb testing.TB, s session) { add(tb, apples, s, 10) },
			func(tb testing.TB, s session) { add(tb, apples, s, 50) },
			map[string]string{"apples": "61"},
			[]string{"update", "update"},
		},
		{
			"lose no update of a field that was absent",
			func(tb testing.TB, s session) { add(tb, pears, s, 10) },
			func(tb testing.TB, s session) { add(tb, pears, s, 50) },
			map[string]string{"apples": "1", "pears": "60"},
			[]string{"update", "update"},
		},
		{
			"apply an update to nothing if the field was deleted",
			func(tb testing.TB, s session) { add(tb, apples, s, 10) },
			func(tb testing.TB, s session) { succeed(tb, apples.Delete(s)) },
			map[string]string{"apples": "10"},
			[]string{"update", "update"},
		},
		{
			"fold an update over the request's own earlier changes",
			func(tb testing.TB, s session) {
				add(tb, apples, s, 10)
				set(tb, pears, s, 1)
				add(tb, apples, s, 100)
				add(tb, pears, s, 1)
			},
			func(tb testing.TB, s session) { add(tb, apples, s, 50); add(tb, pears, s, 7) },
			map[string]string{"apples": "161", "pears": "2"},
			[]string{"update", "update"},
		},
		{
			"leave an update after a Set of one's own to the Set",
			func(tb testing.TB, s session) { get(tb, apples, s); set(tb, apples, s, 5); add(tb, apples, s, 1) },
			func(tb testing.TB, s session) { add(tb, apples, s, 50) },
			map[string]string{"apples": "6"},
			[]string{"update"},
		},
		{
			"delete by Pop only what it returned",
			func(tb testing.TB, s session) { pop(tb, apples, s, 1) },
			func(tb testing.TB, s session) { set(tb, apples, s, 2) },
			map[string]string{"apples": "2"},
			[]string{"update"},
		},
		{
			"delete by Pop what nobody touched",
			func(tb testing.TB, s session) { pop(tb, apples, s, 1) },
			func(tb testing.TB, s session) { set(tb, pears, s, 2) },
			map[string]string{"pears": "2"},
			[]string{"update"},
		},
		{
			"may both pop one value",
			func(tb testing.TB, s session) { pop(tb, apples, s, 1) },
			func(tb testing.TB, s session) { pop(tb, apples, s, 1) },
			map[string]string{},
			[]string{"update"},
		},
		{
			"apply what follows a Pop to the newer value that it left",
			func(tb testing.TB, s session) { pop(tb, apples, s, 1); add(tb, apples, s, 10) },
			func(tb testing.TB, s session) { set(tb, apples, s, 2) },
			map[string]string{"apples": "12"},
			[]string{"update", "update"},
		},
		{
			"delete by Delete whatever is there",
			func(tb testing.TB, s session) { get(tb, apples, s); succeed(tb, apples.Delete(s)) },
			func(tb testing.TB, s session) { set(tb, apples, s, 2) },
			map[string]string{},
			[]string{"update"},
		},
		{
			"clear what another has written before",
			func(tb testing.TB, s session) { get(tb, apples, s); succeed(tb, s.Clear()); set(tb, news, s, "new") },
			func(tb testing.TB, s session) { set(tb, pears, s, 2) },
			map[string]string{"news": `"new"`},
			[]string{"update"},
		},
		{
			"write after another has cleared",
			func(tb testing.TB, s session) { get(tb, apples, s); set(tb, pears, s, 2) },
			func(tb testing.TB, s session) { succeed(tb, s.Clear()) },
			map[string]string{"pears": "2"},
			[]string{"update"},
		},
		{
			"update to nothing after another has cleared",
			func(tb testing.TB, s session) { add(tb, apples, s, 10) },
			func(tb testing.TB, s session) { succeed(tb, s.Clear()) },
			map[string]string{"apples": "10"},
			[]string{"update", "update"},
		},
		{
			"hold an update after a Clear of one's own against nobody",
			func(tb testing.TB, s session) { get(tb, apples, s); succeed(tb, s.Clear()); add(tb, apples, s, 10) },
			func(tb testing.TB, s session) { add(tb, apples, s, 50) },
			map[string]string{"apples": "10"},
			[]string{"update"},
		},
		{
			"carry another's changes through a renewal",
			func(tb testing.TB, s session) { add(tb, apples, s, 10); succeed(tb, s.Renew()) },
			func(tb testing.TB, s session) { add(tb, apples, s, 50); set(tb, pears, s, 2) },
			map[string]string{"apples": "61", "pears": "2"},
			[]string{"rotate", "rotate"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			site := newSite(t, lambdasession.Config{})
			b := site.known(t)
			first, other := b.request(), b.twin()
			c.first(t, first.Session)
			other.visit(func(s *lambdasession.Session) { c.second(t, s) })
			site.store.take()

			answer := first.respond()
			succeed(t, answer.err)
			b.receive(answer)
			site.store.want(t, c.calls...)
			b.wantValues(c.want)
		})
	}
}
