package console

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/lambdasession/lambdasession-go/store"
)

func TestRevoke(t *testing.T) {
	t.Parallel()

	t.Run("it ends the session and shows that", func(t *testing.T) {
		t.Parallel()
		s := newTableSite(t)
		key, other := s.save(t, s.record("ada", "A")), s.save(t, s.record("ada", "B"))
		action := regexp.MustCompile(`action="(/sessions/[^"]*/revoke)"`).FindStringSubmatch(s.session(s.get("/sessions"), key))
		if action == nil {
			t.Fatal("there is no form")
		}
		response := s.post(action[1], "subject=ada")
		if response.StatusCode != http.StatusSeeOther {
			t.Fatalf("status %d", response.StatusCode)
		}
		if _, err := s.store.Load(t.Context(), key); !errors.Is(err, store.ErrEnded) {
			t.Errorf("the session: %v", err)
		}
		if _, err := s.store.Load(t.Context(), other); err != nil {
			t.Errorf("the other session: %v", err)
		}
		devices, err := s.store.Devices(t.Context(), "ada")
		if err != nil || len(devices) != 1 || devices[0].Label != "B" {
			t.Errorf("devices %+v, error %v", devices, err)
		}
		page := s.get(response.Header.Get("Location"))
		wantIn(t, words(page), "Session "+shortID(key.Digest())+" is revoked")
		wantIn(t, words(s.session(page, key)), "ended ada", "signed out or revoked")
		wantIn(t, page, `name="subject" value="ada"`)
	})

	t.Run("a session that is over already is said to be", func(t *testing.T) {
		t.Parallel()
		s := newTableSite(t)
		key := s.save(t, s.record("", ""))
		if err := s.store.Delete(t.Context(), key); err != nil {
			t.Fatal(err)
		}
		for _, digest := range []string{key.Digest(), store.NewKey().Digest()} {
			response := s.post("/sessions/"+digest+"/revoke", "")
			wantIn(t, words(s.get(response.Header.Get("Location"))), "Session "+shortID(digest)+" was over already")
		}
	})

	t.Run("a form of another site ends nothing", func(t *testing.T) {
		t.Parallel()
		s := newTableSite(t)
		key := s.save(t, s.record("ada", "A"))
		for name, change := range map[string]func(*http.Request){
			"another site":    func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "cross-site") },
			"the application": func(r *http.Request) { r.Header.Set("Origin", appURL) },
			"another name":    func(r *http.Request) { r.Host = "evil.example:3001" },
		} {
			r := localRequest("POST", "/sessions/"+key.Digest()+"/revoke", nil)
			change(r)
			if got := s.serve(r).Code; got != http.StatusForbidden {
				t.Errorf("from %s: status %d", name, got)
			}
		}
		if got := s.status("/sessions/" + key.Digest() + "/revoke"); got != http.StatusNotFound {
			t.Errorf("by GET: status %d", got)
		}
		if _, err := s.store.Load(t.Context(), key); err != nil {
			t.Errorf("the session: %v", err)
		}
	})

	t.Run("what is no id is no page, and leads nowhere else", func(t *testing.T) {
		t.Parallel()
		s := newTableSite(t)
		for _, id := range []string{"x", "%2e%2e", strings.Repeat("A", 44), url.PathEscape("//evil.example/")} {
			if got := s.post("/sessions/"+id+"/revoke", ""); got.StatusCode != http.StatusNotFound {
				t.Errorf("%q: status %d, location %q", id, got.StatusCode, got.Header.Get("Location"))
			}
		}
	})

	t.Run("a table that does not answer is no success", func(t *testing.T) {
		t.Parallel()
		s := newSite(t, Config{Sessions: brokenTable{}})
		if got := s.post("/sessions/"+store.NewKey().Digest()+"/revoke", "").StatusCode; got != http.StatusBadGateway {
			t.Errorf("status %d", got)
		}
	})
}
