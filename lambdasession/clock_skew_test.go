package lambdasession_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

// Two hosts of a site, whose clocks are minutes apart, and whose managers and
// stores are.
func TestClocksThatAreMinutesApart(t *testing.T) { // D13
	t.Parallel()
	const skew = 5 * time.Minute
	for name, other := range map[string]siteHost{
		"a host that is ahead":             {managerAhead: skew, storeAhead: skew},
		"a host that is behind":            {managerAhead: -skew, storeAhead: -skew},
		"a manager ahead of its store":     {managerAhead: skew},
		"a manager that is behind":         {managerAhead: -skew},
		"a store ahead of its manager":     {storeAhead: skew},
		"a store that is behind":           {storeAhead: -skew},
		"a manager ahead, a store behind":  {managerAhead: skew, storeAhead: -skew},
		"a manager behind, a store ahead":  {managerAhead: -skew, storeAhead: skew},
		"no other host than the first one": {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newFaultySite(t)
			there := s.host(t, other)
			here := s.server

			t.Run("goes on with a session that began elsewhere", func(t *testing.T) {
				v := aMember(t, s, "ann")
				v.must(there, "/add")
				v.must(here, "/add")
				v.must(there, "/set")
				wantEqual(t, "a renewal's cookie", newCookie, v.must(there, "/renew").Cookie)
				v.wantContents(there, `"ann" with 3 and 7`)
				v.wantContents(here, `"ann" with 3 and 7`)
				wantEqual(t, "devices", "1", v.must(there, "/devices/ann").Body)
			})
			t.Run("begins sessions that go on elsewhere, created in its future or not", func(t *testing.T) {
				v := &siteVisitor{t: t}
				v.must(there, "/sign-in/bob")
				v.must(there, "/add")
				v.must(here, "/add")
				v.must(here, "/renew")
				v.wantContents(here, `"bob" with 2 and 0`)
				v.wantContents(there, `"bob" with 2 and 0`)
				wantEqual(t, "devices", "1", v.must(here, "/devices/bob").Body)
			})
			t.Run("ends sessions for all, and theirs are ended for it", func(t *testing.T) {
				for by, c := range map[string]struct {
					host, other *httptest.Server
					apart       time.Duration // by how much the other's requests begin later than the end
				}{
					"there": {there, here, -other.storeAhead},
					"here":  {here, there, other.managerAhead},
				} {
					for _, end := range []string{"/sign-out", "/renew", "/revoke-all/cid"} {
						v := aMember(t, s, "cid")
						late := &siteVisitor{t: t, cookie: v.cookie}
						v.must(c.host, end)
						wantEqual(t, "session after "+end+" "+by, emptySession, late.must(c.other, "/read").Body)
						if c.apart < time.Minute { // it may have been under way when the session ended
							wantEqual(t, "status of a write after "+end+" "+by, http.StatusConflict, late.get(c.other, "/add").Status)
						} else {
							late.must(c.other, "/add")
							late.wantContents(c.other, `"" with 1 and 0`)
						}
						want := map[bool]int{true: 1, false: 0}[end == "/renew"]
						wantEqual(t, "live ids after "+end+" "+by, want, s.liveIDs(t, "cid"))
						v.must(c.host, "/revoke-all/cid")
						s.pass(2*skew + time.Second) // or the next sign-in were refused
					}
				}
			})
			t.Run("expires sessions five minutes early or late, and ten at most where both are off", func(t *testing.T) {
				early, late := aMember(t, s, "dee"), aMember(t, s, "dee")
				s.pass(lambdasession.DefaultIdleTimeout - 2*skew - time.Second)
				early.wantContents(there, `"dee" with 1 and 0`)
				s.pass(4*skew + 2*time.Second)
				late.wantContents(there, emptySession)
				late.wantContents(here, emptySession)
			})
		})
	}
}

// A sign-in on a host whose clock is behind that of a revocation looks as if it
// had been under way then. It is refused, and not for longer than the clocks
// are apart.
func TestASignInAfterARevocationByAClockThatIsAhead(t *testing.T) { // D13
	t.Parallel()
	const skew = 5 * time.Minute
	s := newFaultySite(t)
	ahead := s.host(t, siteHost{managerAhead: skew, storeAhead: skew})
	guest := aGuest(t, s, "")
	aMember(t, s, "ann").must(ahead, "/revoke-all/ann")
	wantEqual(t, "live ids", 0, s.liveIDs(t, "ann"))

	s.pass(time.Minute)
	cookie := guest.cookie
	refused := guest.get(s.server, "/sign-in/ann")
	wantEqual(t, "status", http.StatusConflict, refused.Status)
	wantEqual(t, "cookie", cookie, guest.cookie)
	guest.wantContents(s.server, `"" with 1 and 0`)
	wantEqual(t, "live ids", 0, s.liveIDs(t, "ann"))

	s.pass(skew)
	guest.must(s.server, "/sign-in/ann")
	guest.wantContents(s.server, `"ann" with 1 and 0`)
}
