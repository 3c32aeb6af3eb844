package lambdasession_test

import (
	"testing"

	"github.com/lambdasession/lambdasession-go/localtest"
)

// A replica that lags behind is never asked for what a visitor has just done.
func TestALaggingReplica(t *testing.T) { // D3
	t.Parallel()
	for name, eventual := range map[string]bool{"by default": false, "with EventualReads": true} {
		t.Run("does not hide a sign-in from the page that follows it, "+name, func(t *testing.T) {
			t.Parallel()
			s := newFaultySite(t)
			host := s.host(t, siteHost{eventualReads: eventual})
			s.faults.Inject(localtest.Fault{Kind: localtest.StaleRead})
			v := &siteVisitor{t: t}
			v.must(host, "/add")
			v.wantContents(host, `"" with 1 and 0`)
			v.must(host, "/sign-in/ann")
			v.wantContents(host, `"ann" with 1 and 0`)
			v.must(host, "/sign-in/bob")
			v.wantContents(host, `"bob" with 0 and 0`)
		})
	}
	t.Run("does not hide a change, nor a logout, by default", func(t *testing.T) {
		t.Parallel()
		s := newFaultySite(t)
		s.faults.Inject(localtest.Fault{Kind: localtest.StaleRead})
		v := aMember(t, s, "ann")
		v.wantContents(s.server, `"ann" with 1 and 0`)
		v.must(s.server, "/add")
		v.wantContents(s.server, `"ann" with 2 and 0`)
		old := &siteVisitor{t: t, cookie: v.cookie}
		v.must(s.server, "/sign-out")
		old.wantContents(s.server, emptySession)
	})
	t.Run("loses no increment with EventualReads, though it shows old numbers", func(t *testing.T) {
		t.Parallel()
		s := newFaultySite(t)
		host := s.host(t, siteHost{eventualReads: true})
		v := aGuest(t, s, "")
		v.wantContents(host, `"" with 1 and 0`)
		s.faults.Inject(localtest.Fault{Kind: localtest.StaleRead})
		for _, want := range []string{"2", "3", "4"} {
			wantEqual(t, "stale", `"" with 1 and 0`, v.must(host, "/read").Body)
			v.must(host, "/add")
			wantEqual(t, "stored", `"" with `+want+` and 0`, v.must(s.host(t, siteHost{pastTheFaults: true}), "/read").Body)
		}
	})
}
