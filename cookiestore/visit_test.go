package cookiestore_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/cookiestore"
	"github.com/lambdasession/lambdasession-go/lambdasession"
)

func TestASessionsLifeInACookie(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]lambdasession.Config{
		"as it is":                              {},
		"signed all the same":                   {Keys: keys("h")},
		"in a cookie that outlives the browser": {Cookie: lambdasession.Cookie{Persistent: true}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t, cookiestore.Config{}, cfg)
			v := s.visitor(t)

			v.want("/about", "", leaves)
			v.want("/read", "0", leaves)
			v.want("/visit", "1", sets, "save")
			v.want("/visit", "2", sets, "load", "update")
			v.want("/read", "2", leaves, "load")
			v.want("/theme", "", sets, "update")

			s.pass(2 * time.Minute) // less than a tenth of the idle timeout
			v.want("/read", "2", leaves, "load")
			s.pass(2 * time.Minute)
			v.want("/read", "2", sets, "load", "update-ttl")
			v.want("/read", "2", leaves, "load")

			v.want("/sign-in", "", sets, "load", "rotate")
			v.want("/read", "2 ada", leaves, "load")
			v.want("/renew", "", sets, "load", "rotate")
			v.want("/visit", "3", sets, "load", "update")
			v.want("/devices", "true", leaves)

			v.want("/sign-out-and-visit", "", sets, "delete", "save")
			v.want("/read", "1", leaves, "load")

			v.want("/sign-out", "", sets, "delete")
			if v.cookie != "" {
				t.Error("the browser still has the cookie")
			}
			v.want("/read", "0", leaves)
			v.want("/sign-out", "", leaves)
		})
	}
}

func TestASessionInACookieExpires(t *testing.T) { // S5
	t.Parallel()
	t.Run("after the idle timeout", func(t *testing.T) {
		t.Parallel()
		s := newSite(t, cookiestore.Config{}, lambdasession.Config{})
		v := s.visitor(t)
		v.want("/visit", "1", sets, "save")
		s.pass(lambdasession.DefaultIdleTimeout - time.Second)
		old := v.cookie
		v.want("/read", "1", sets, "load", "update-ttl")
		s.pass(time.Second)
		v.want("/read", "1", leaves, "load")
		v.cookie = old
		v.want("/read", "0", leaves, "load") // a replay
		v.want("/sign-out", "", leaves, "delete")
		v.want("/theme", "", sets, "update", "save") // as a new session
		v.want("/read", "0", leaves, "load")
	})
	t.Run("after the absolute one, however busy it is", func(t *testing.T) {
		t.Parallel()
		s := newSite(t, cookiestore.Config{}, lambdasession.Config{AbsoluteTimeout: time.Hour})
		v := s.visitor(t)
		v.want("/visit", "1", sets, "save")
		for range 5 {
			s.pass(10 * time.Minute)
			if a := v.get("/theme"); a.status != http.StatusOK || a.cookie == nil {
				t.Fatalf("answered %+v", a)
			}
		}
		s.pass(10*time.Minute - time.Second)
		v.want("/read", "1", leaves, "load")
		s.pass(time.Second)
		v.want("/read", "0", leaves, "load")
	})
}

// What the package's documentation says that such a store cannot do.
func TestWhatACookieCannotDo(t *testing.T) {
	t.Parallel()
	t.Run("a copy of the cookie outlives the logout", func(t *testing.T) {
		t.Parallel()
		v := newSite(t, cookiestore.Config{}, lambdasession.Config{}).visitor(t)
		v.get("/visit")
		thief := *v
		v.want("/sign-out", "", sets, "delete")
		thief.want("/read", "1", leaves, "load")
	})
	t.Run("a copy of the cookie outlives the sign-in, and stays anonymous", func(t *testing.T) {
		t.Parallel()
		v := newSite(t, cookiestore.Config{}, lambdasession.Config{}).visitor(t)
		v.get("/visit")
		thief := *v
		v.get("/sign-in")
		thief.want("/read", "1", leaves, "load")
	})
	t.Run("of two responses at once the later one wins", func(t *testing.T) {
		t.Parallel()
		v := newSite(t, cookiestore.Config{}, lambdasession.Config{}).visitor(t)
		v.get("/visit")
		slow := *v
		slow.want("/visit", "2", sets, "load", "update")
		v.want("/sign-in", "", sets, "load", "rotate")
		v.cookie = slow.cookie
		v.want("/read", "2", leaves, "load")
	})
}

func TestACookieThatIsTooLarge(t *testing.T) {
	t.Parallel()
	t.Run("is never sent, and the session stays as it was", func(t *testing.T) {
		t.Parallel()
		v := newSite(t, cookiestore.Config{}, lambdasession.Config{}).visitor(t)
		for _, visits := range []string{"1", "2"} {
			v.get("/visit")
			if a := v.get("/bloat"); a.status != http.StatusInternalServerError || a.cookie != nil {
				t.Errorf("answered %+v, want 500 and no cookie", a)
			}
			v.want("/read", visits, leaves, "load")
		}
		v.want("/nearly", "", sets, "update")
		v.want("/read", "2", leaves, "load")
	})
	t.Run("by its attributes is never sent either", func(t *testing.T) {
		t.Parallel()
		v := newSite(t, cookiestore.Config{CookieName: "__Secure-session"}, lambdasession.Config{
			Cookie: lambdasession.Cookie{Path: "/" + strings.Repeat("p", 1000)},
		}).visitor(t)
		v.name = "__Secure-session"
		v.want("/visit", "1", sets, "save")
		if a := v.get("/nearly"); a.status != http.StatusInternalServerError || a.cookie != nil {
			t.Errorf("answered %+v, want 500 and no cookie", a)
		}
		v.want("/read", "1", leaves, "load")
	})
}

func TestACookieThatIsNone(t *testing.T) {
	t.Parallel()
	s := newSite(t, cookiestore.Config{}, lambdasession.Config{})
	v := s.visitor(t)
	v.get("/visit")
	genuine := v.cookie
	forged := []byte(genuine)
	forged[40] = 'A' + (forged[40]-'A'+1)%26 // another letter
	for name, test := range map[string]struct {
		value      string
		operations []string
	}{
		"forged, opens nothing":                         {string(forged), []string{"load"}},
		"malformed, is not even looked at":              {"x", []string{"cookie"}},
		"cut short, is not even looked at":              {genuine[:len(genuine)-1], []string{"cookie"}},
		"of another kind of store, is not looked at":    {strings.Repeat("k", 43), []string{"cookie"}},
		"of the same form and all zeros, opens nothing": {"1" + strings.Repeat("A", len(genuine)-1), []string{"load"}},
	} {
		t.Run(name, func(t *testing.T) {
			v := *v
			v.T, v.cookie = t, test.value
			v.want("/read", "0", leaves, test.operations...)
			v.cookie = test.value
			a := v.get("/visit")
			if a.body != "1" || a.cookie == nil || a.cookie.Value == test.value {
				t.Errorf("a write is answered %+v, want a new session", a)
			}
		})
	}
}

func TestTheCookiesNameIsTheManagers(t *testing.T) {
	t.Parallel()
	_, err := lambdasession.New(lambdasession.Config{
		Store:  newStore(t, cookiestore.Config{Keys: keys("a"), CookieName: "sid"}),
		Cookie: lambdasession.Cookie{Name: "__Host-sid"},
	})
	if want := `Cookie.Name is "__Host-sid", and the store's keys are for a cookie called "sid": give both the same`; err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %q", err, want)
	}
}
