package lambdasession_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

// The kinds of request that a browser makes.
var kinds = map[string]func(testing.TB, *lambdasession.Session){
	"read":   func(tb testing.TB, s *lambdasession.Session) { get(tb, apples, s) },
	"write":  func(tb testing.TB, s *lambdasession.Session) { set(tb, apples, s, 2) },
	"renew":  func(tb testing.TB, s *lambdasession.Session) { succeed(tb, s.Renew()) },
	"login":  func(tb testing.TB, s *lambdasession.Session) { signIn(tb, s, "bob") },
	"logout": func(tb testing.TB, s *lambdasession.Session) { succeed(tb, s.Destroy()) },
}

const nobody = "nobody" // has no live session

// who returns the subject of the session that a cookie stands for.
func (b *browser) who() string {
	b.tb.Helper()
	record, live := b.values()
	if !live {
		return nobody
	}
	return record.Subject
}

// starting returns a browser whose session is subject's.
func starting(tb testing.TB, site *site, subject string) *browser {
	tb.Helper()
	if subject == "" {
		return site.known(tb)
	}
	return site.signedIn(tb, subject)
}

// Two requests leave a browser with the same cookie; their responses arrive in
// either order. Whose the browser's session is then, must not depend on that.
func TestTwoResponsesToOneBrowser(t *testing.T) { // D6
	t.Parallel()
	const same = "whose it was"
	want := map[string]map[string]string{ // by the first request that commits, then by the second
		"read":   {"read": same, "write": same, "renew": same, "login": "bob", "logout": nobody},
		"write":  {"read": same, "write": same, "renew": same, "login": "bob", "logout": nobody},
		"renew":  {"read": same, "write": same, "renew": same, "login": "bob", "logout": nobody},
		"login":  {"read": "bob", "write": "bob", "renew": "bob", "login": "bob", "logout": nobody},
		"logout": {"read": nobody, "write": nobody, "renew": nobody, "login": "bob", "logout": nobody},
	}
	// A sign-in makes a session of its own where the key has ended. So the
	// browser gets two cookies, both of which it asked for, and keeps the one
	// that comes last: that is how cookies work, and no store can change it.
	lastCookieWins := map[[2]string]string{
		{"renew", "login"}:  same,
		{"logout", "login"}: nobody,
	}
	for first, row := range want {
		for second, end := range row {
			for _, start := range []string{"", "ann"} {
				for _, o := range orderings {
					name := fmt.Sprintf("a %s, then a %s, from %q, %s", first, second, start, o.name)
					t.Run(name, func(t *testing.T) {
						t.Parallel()
						b := starting(t, newSite(t, lambdasession.Config{}), start)
						for _, answer := range o.exchange(t, b, kinds[first], kinds[second]) {
							b.receive(answer)
						}
						whose := end
						if wins, ok := lastCookieWins[[2]string{first, second}]; ok && o.swapped {
							whose = wins
						}
						if whose == same {
							whose = start
						}
						wantEqual(t, "the browser's session is of", whose, b.who())
					})
				}
			}
		}
	}
}

// an ordering of two requests and their responses. The first always commits
// before the second.
type ordering struct {
	name    string
	looks   bool // the second reads its session before the first commits
	swapped bool // the second's response arrives first
}

var orderings = []ordering{
	{"one after the other", false, false},
	{"the later response first", false, true},
	{"the second having looked", true, false},
	{"the second having looked, and its response first", true, true},
}

// exchange returns the responses as they arrive.
func (o ordering) exchange(tb testing.TB, b *browser, first, second func(testing.TB, *lambdasession.Session)) []response {
	tb.Helper()
	early, late := b.request(), b.request()
	if o.looks {
		get(tb, pears, late.Session)
	}
	first(tb, early.Session)
	answers := []response{early.respond()}
	second(tb, late.Session)
	answers = append(answers, late.respond())
	if o.swapped {
		slices.Reverse(answers)
	}
	return answers
}

// The browser has moved on, by whole requests and responses, while one more is
// under way. What that one then does must not undo it.
func TestAResponseThatComesLate(t *testing.T) { // D6
	t.Parallel()
	for _, c := range []struct {
		moved []string
		who   string
		after map[string]string // where the late request makes a difference
	}{
		{[]string{"logout"}, nobody, map[string]string{"login": "bob"}},
		{[]string{"logout", "login"}, "bob", nil},
		{[]string{"login"}, "bob", map[string]string{"logout": nobody}},
		{[]string{"renew"}, "ann", map[string]string{"login": "bob", "logout": nobody}},
		{[]string{"renew", "renew"}, "ann", map[string]string{"login": "bob", "logout": nobody}},
		{[]string{"renew", "logout"}, nobody, map[string]string{"login": "bob"}},
		{[]string{"renew", "logout", "login"}, "bob", nil},
		{[]string{"logout", "login", "renew"}, "bob", nil},
	} {
		for kind, do := range kinds {
			for _, looks := range []bool{false, true} {
				for _, later := range []time.Duration{0, 15 * time.Minute} {
					name := fmt.Sprintf("a %s after %v, looks before: %v, %v later", kind, c.moved, looks, later)
					t.Run(name, func(t *testing.T) {
						t.Parallel()
						site := newSite(t, lambdasession.Config{})
						b := site.signedIn(t, "ann")
						late := b.request()
						if looks {
							get(t, pears, late.Session)
						}
						for _, move := range c.moved {
							b.visit(func(s *lambdasession.Session) { kinds[move](t, s) })
						}
						wantEqual(t, "before the late response the session is of", c.who, b.who())
						site.pass(later)
						do(t, late.Session)
						b.receive(late.respond())

						want := c.who
						if end, ok := c.after[kind]; ok {
							want = end
						}
						wantEqual(t, "after it the session is of", want, b.who())
					})
				}
			}
		}
	}
}
