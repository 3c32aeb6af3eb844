package lambdasession_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/store"
)

func TestKeyComesFromTheConfiguredCookieOnly(t *testing.T) { // S10
	t.Parallel()
	sessions := newSessions(t, lambdasession.Config{})
	pair := newVisitor(t, sessions)
	_, value, _ := strings.Cut(pair, "=")

	e := httpGet("session="+value, "__host-session="+value, "__Host-session2="+value, "x"+pair, "a="+pair, value)
	e.RawPath = "/" + pair
	e.RawQueryString = pair + "&session=" + value
	e.QueryStringParameters = map[string]string{cookieName: value, "cookie": pair}
	e.PathParameters = map[string]string{cookieName: value}
	e.StageVariables = map[string]string{cookieName: value}
	e.Body = pair
	e.Headers = map[string]string{
		"host": "shop.example", cookieName: value, "__host-session": value, "set-cookie": pair, "x-cookie": pair,
		"cookie2": pair, "authorization": "Bearer " + value, "content-type": "application/x-www-form-urlencoded",
	}
	if got := visitsOf(t, sessions, e); got != 0 {
		t.Error("the session opens without its cookie")
	}
	e.Cookies = append(e.Cookies, pair)
	if got := visitsOf(t, sessions, e); got != 1 {
		t.Error("the session does not open with its cookie among all of these")
	}
}

func TestCookieAmongOthers(t *testing.T) {
	t.Parallel()
	sessions := newSessions(t, lambdasession.Config{})
	pair := newVisitor(t, sessions)
	for name, lines := range map[string][]string{
		"alone":                      {pair},
		"one header":                 {"a=1; " + pair + "; b=2"},
		"no blanks":                  {"a=1;" + pair + ";b=2"},
		"tabs":                       {"a=1;\t" + pair + "\t;\tb=2"},
		"semicolons alone":           {";;" + pair + ";;"},
		"pairs without equals signs": {"a; " + pair + "; b"},
		"empty names":                {"=; " + pair + "; =x"},
		"several headers":            {"a=1", "", pair, "b=2"},
		"values with equals signs":   {"a=" + pair + "; " + pair},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := visitsOf(t, sessions, httpGet(lines...)); got != 1 {
				t.Errorf("%q does not open the session", lines)
			}
		})
	}
}

func TestDuplicateCookiesAreNoSession(t *testing.T) { // S13
	t.Parallel()
	st := newSpy(nil)
	sessions := newSessions(t, lambdasession.Config{Store: st})
	good := newVisitor(t, sessions)
	evil := cookieName + "=" + store.NewKey().Reveal()
	thousand := slices.Repeat([]string{evil}, 1000)
	for name, pairs := range map[string][]string{
		"evil before good":            {evil, good},
		"good before evil":            {good, evil},
		"good twice":                  {good, good},
		"malformed before good":       {cookieName + "=", good},
		"good before malformed":       {good, cookieName + "=*"},
		"good before 1,000 evil ones": append([]string{good}, thousand...),
		"good after 1,000 evil ones":  append(slices.Clone(thousand), good),
	} {
		for separator, lines := range map[string][]string{"one header": {strings.Join(pairs, "; ")}, "single pairs": pairs} {
			t.Run(name+", "+separator, func(t *testing.T) {
				e := httpGet(lines...)
				st.take()
				if got := visitsOf(t, sessions, e); got != 0 {
					t.Errorf("one of several cookies opened a session of %d visits", got)
				}
				out := visit(t, sessions, e, func(s *lambdasession.Session) error { return s.Destroy() })
				if len(out.Cookies) != 0 {
					t.Errorf("a logout that ended nothing sends %q", out.Cookies)
				}
				st.want(t)
			})
		}
	}
	if got := visitsOf(t, sessions, httpGet(good)); got != 1 {
		t.Error("afterwards the good cookie alone does not open its session")
	}
}

func TestPersistentCookieLastsUntilTheAbsoluteEnd(t *testing.T) {
	t.Parallel()
	now, pass := clockFrom(noon.Add(300 * time.Millisecond))
	sessions := newSessions(t, lambdasession.Config{
		Now: now, IdleTimeout: 9 * time.Hour, AbsoluteTimeout: 10 * time.Hour,
		Cookie: lambdasession.Cookie{Persistent: true},
	})
	maxAge := func(e []string, do func(*lambdasession.Session) error) (pair, age string) {
		t.Helper()
		out := visit(t, sessions, httpGet(e...), do)
		if len(out.Cookies) != 1 {
			t.Fatalf("cookies = %q, want one", out.Cookies)
		}
		pair, rest, _ := strings.Cut(out.Cookies[0], ";")
		_, age, _ = strings.Cut(rest, "Max-Age=")
		age, _, _ = strings.Cut(age, ";")
		return pair, age
	}
	renew := func(s *lambdasession.Session) error { return s.Renew() }

	pair, age := maxAge(nil, func(s *lambdasession.Session) error { return visits.Set(s, 1) })
	if age != "35999" { // the end falls on a whole second, 0.3 s before the tenth hour is full
		t.Errorf("a new session: Max-Age=%s, want 35999", age)
	}
	pass(8 * time.Hour)
	pair, age = maxAge([]string{pair}, renew)
	if age != "7199" {
		t.Errorf("renewed eight hours later: Max-Age=%s, want 7199", age)
	}
	pass(2*time.Hour - 500*time.Millisecond)
	pair, age = maxAge([]string{pair}, renew)
	if age != "1" { // 0 would read "for this browser session", or "at once"
		t.Errorf("renewed in the last second: Max-Age=%s, want 1", age)
	}
	_, age = maxAge([]string{pair}, func(s *lambdasession.Session) error { return s.SetSubject("ada", "") })
	if age != "35999" {
		t.Errorf("signed in, which begins a new lifetime: Max-Age=%s, want 35999", age)
	}
}

func TestLogoutTakesTheCookieAwayWithMatchingAttributes(t *testing.T) { // S6
	t.Parallel()
	for name, cookie := range map[string]lambdasession.Cookie{
		"default":    {},
		"domain":     {Domain: "shop.example"},
		"path":       {Path: "/shop"},
		"strict":     {SameSite: http.SameSiteStrictMode},
		"none":       {SameSite: http.SameSiteNoneMode},
		"insecure":   {Insecure: true},
		"persistent": {Persistent: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sessions := newSessions(t, lambdasession.Config{Cookie: cookie, Keys: [][]byte{aKey}})
			begin := visit(t, sessions, httpGet(), func(s *lambdasession.Session) error { return visits.Set(s, 1) })
			given := parseSetCookie(t, begin.Cookies)

			end := visit(t, sessions, httpGet(given.Name+"="+given.Value), func(s *lambdasession.Session) error { return s.Destroy() })
			taken := parseSetCookie(t, end.Cookies)
			if taken.MaxAge != -1 || taken.Value != "" { // ParseSetCookie reads Max-Age=0 as -1
				t.Errorf("the cookie is not taken away: %s", taken.Raw)
			}
			for _, c := range []*http.Cookie{given, taken} {
				c.Value, c.MaxAge, c.Raw = "", 0, ""
			}
			if diff := cmp.Diff(given, taken); diff != "" {
				t.Errorf("a browser would take these for two cookies (-given +taken):\n%s", diff)
			}
			if got := visitsOf(t, sessions, httpGet(fmt.Sprintf("%s=%s", given.Name, given.Value))); got != 0 {
				t.Error("the old cookie still opens the session")
			}
		})
	}
}

// parseSetCookie reads the one Set-Cookie value there is.
func parseSetCookie(t *testing.T, lines []string) *http.Cookie {
	t.Helper()
	if len(lines) != 1 {
		t.Fatalf("Set-Cookie = %q, want one", lines)
	}
	c, err := http.ParseSetCookie(lines[0])
	if err != nil {
		t.Fatal(err)
	}
	return c
}
