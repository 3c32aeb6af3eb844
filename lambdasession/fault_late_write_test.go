package lambdasession_test

import (
	"strings"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/localtest"
)

// A write may linger in the network, be given up and sent again, and arrive
// after its visitor has logged out.
func TestAWriteThatLingersInTheNetwork(t *testing.T) { // D5, D8
	t.Parallel()
	for _, path := range []string{"/set", "/add", "/renew", "/sign-in/ann", "/sign-in/bob"} {
		t.Run(strings.TrimPrefix(path, "/")+" brings nothing back when it arrives after a logout", func(t *testing.T) {
			t.Parallel()
			s := newFaultySite(t)
			v := aMember(t, s, "ann")
			arrived := make(chan struct{})
			s.faults.Inject(localtest.Fault{
				Kind: localtest.Delay, Pause: time.Second, Operations: hit["on every write"], Times: 1,
				Meanwhile: func() { close(arrived) },
			})
			window := &siteVisitor{t: t, cookie: v.cookie}
			window.get(s.host(t, siteHost{impatient: true}), path) // sent again, or given up
			v.must(s.server, "/sign-out")
			<-arrived

			window.wantContents(s.server, emptySession)
			for _, subject := range []string{"ann", "bob"} {
				wantEqual(t, "live ids of "+subject, 0, s.liveIDs(t, subject))
				wantEqual(t, "devices of "+subject, "0", v.must(s.server, "/devices/"+subject).Body)
			}
		})
	}
}
