package lambdasession_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/localtest"
)

// Whatever goes wrong on the way to a new id, no two of a visitor's ids are
// signed in, and who was signed in has one that is.
func TestAFaultInARenewal(t *testing.T) { // D14
	t.Parallel()
	// The steps: the session is read, and moved in one transaction.
	both, transaction := []string{"GetItem", "TransactWriteItems"}, []string{"TransactWriteItems"}
	faults := []localtest.Fault{
		{Kind: localtest.BlackHole, Operations: both, Times: 1},
		{Kind: localtest.BlackHole, Operations: both, Times: 1, Applied: true},
		{Kind: localtest.Trickle, Pause: time.Minute, Operations: both},
		{Kind: localtest.TruncatedAnswer, Operations: both},
		{Kind: localtest.Throttling, Operations: both},
		{Kind: localtest.AccessDenied, Operations: both},
		{Kind: localtest.TransactionConflict, Operations: transaction},
		{Kind: localtest.TransactionInProgress, Operations: transaction},
	}
	for _, applied := range []bool{false, true} {
		for _, kind := range []localtest.FaultKind{
			localtest.ConnectionReset, localtest.BlackHole, localtest.ServerError, localtest.InvalidJSON,
		} {
			faults = append(faults, localtest.Fault{Kind: kind, Applied: applied, Operations: both})
		}
	}
	visitors := []struct {
		siteAction
		least int // of the subject's ids that live afterwards
	}{
		{siteAction{name: "a member's renewal", visitor: aMember, path: "/renew"}, 1},
		{siteAction{name: "a member's sign-in", visitor: aMember, path: "/sign-in/%s"}, 1},
		{siteAction{name: "a guest's sign-in", visitor: aGuest, path: "/sign-in/%s"}, 0},
	}
	for _, f := range faults {
		name := f.Kind.String()
		if f.Applied {
			name += " of what was applied"
		}
		if f.Times == 1 {
			name += ", once"
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newFaultySite(t)
			for _, step := range f.Operations {
				for _, v := range visitors {
					f.Operations = []string{step}
					t.Run("on the "+step+" of "+v.name, func(t *testing.T) {
						s.failRenewal(t, v.siteAction, step+"-"+v.subject(), v.least, f)
					})
				}
			}
		})
	}
}

// failRenewal has a renewal or a sign-in meet a fault, and says what holds
// whatever comes of it.
func (s *faultySite) failRenewal(t *testing.T, a siteAction, subject string, least int, f localtest.Fault) {
	t.Helper()
	past := s.host(t, siteHost{pastTheFaults: true})
	host := s.host(t, siteHost{impatient: f.Kind == localtest.BlackHole || f.Kind == localtest.Trickle})
	v := a.visitor(t, s, subject)
	former := &siteVisitor{t: t, cookie: v.cookie}
	before := former.must(past, "/read").Body

	s.faults.Inject(f)
	answer := v.get(host, a.pathFor(subject))
	s.faults.Clear()

	live := s.liveIDs(t, subject)
	if live > 1 || live < least {
		t.Errorf("%d ids live, want %d, and no second one", live, least)
	}
	wantEqual(t, "devices", fmt.Sprint(live), v.must(past, "/devices/"+subject).Body)
	signedIn := fmt.Sprintf("%q with 1 and 0", subject)
	if answer.Status == http.StatusOK {
		wantEqual(t, "cookie", newCookie, answer.Cookie)
		v.wantContents(past, signedIn)
		former.wantContents(past, emptySession)
		return
	}
	answer.wantUnavailable(t)
	wantEqual(t, "cookie", former.cookie, v.cookie)
	// The old id is as it was; or it ended, for a new one that nobody got.
	if after := v.must(past, "/read").Body; after != before && (after != emptySession || live != 1) {
		t.Errorf("the old cookie has %s, before it had %s; %d ids live", after, before, live)
	}
	v.must(past, "/sign-in/"+subject)
	if after := v.must(past, "/read").Body; after != signedIn && after != fmt.Sprintf("%q with 0 and 0", subject) {
		t.Errorf("whoever signs in again has %s", after)
	}
}
