package console

import (
	"errors"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/store"
)

func TestSessionsPage(t *testing.T) {
	t.Parallel()

	t.Run("a live session shows whose it is, where, for how long, and what it holds", func(t *testing.T) {
		t.Parallel()
		s := newTableSite(t)
		key := s.save(t, s.record("ada", "Firefox on Linux"))
		page := s.get("/sessions")
		got := s.session(page, key)
		wantIn(t, words(got), shortID(key.Digest())+" live ada Firefox on Linux 1 h left",
			"1 h if idle, 12 h at most", "cart JSON", "&#34;items&#34;: [ &#34;tea&#34; ]", "Revoke")
		wantIn(t, words(page), "in the table "+s.table)
		wantWellFormed(t, page)
	})

	t.Run("no page has a session's key", func(t *testing.T) {
		t.Parallel()
		s := newTableSite(t)
		key := s.save(t, s.record("ada", "Firefox"))
		page := s.get("/sessions") + s.get("/sessions?subject=ada") + s.get("/")
		wantIn(t, page, shortID(key.Digest()))
		wantNotIn(t, page, key.Reveal(), key.Reveal()[:20])
		wantNotIn(t, words(page), key.Digest())
	})

	t.Run("an anonymous one has no subject and no device", func(t *testing.T) {
		t.Parallel()
		s := newTableSite(t)
		key := s.save(t, s.record("", ""))
		wantIn(t, words(s.session(s.get("/sessions"), key)), "live anonymous 1 h left")
	})

	t.Run("a session that expired and was not swept shows as expired", func(t *testing.T) {
		t.Parallel()
		s := newTableSite(t)
		idle, over := s.record("", ""), s.record("", "")
		idle.Expires = s.now.Add(-33 * time.Minute)
		over.Expires, over.Ends = s.now, s.now
		early := s.storeAt(t, s.now.Add(-time.Hour))
		keys := make([]store.Key, 2)
		for i, r := range []store.Record{idle, over} {
			var err error
			if keys[i], err = early.Save(t.Context(), r); err != nil {
				t.Fatal(err)
			}
		}
		page := s.get("/sessions")
		wantIn(t, words(s.session(page, keys[0])), "expired anonymous 33 min ago", "left idle; TTL has not swept it yet")
		wantIn(t, words(s.session(page, keys[1])), "expired anonymous 0 s ago", "at its absolute end")
		wantNotIn(t, page, "Revoke")
	})

	t.Run("a session that ended shows how", func(t *testing.T) {
		t.Parallel()
		s := newTableSite(t)
		out, revoked, renewed := s.save(t, s.record("", "")), s.save(t, s.record("ada", "A")), s.save(t, s.record("grace", "B"))
		from, err := s.store.Load(t.Context(), renewed)
		if err != nil {
			t.Fatal(err)
		}
		successor, err := s.store.Rotate(t.Context(), renewed, from, from)
		if err := errors.Join(err, s.store.Delete(t.Context(), out), s.store.Revoke(t.Context(), "ada", "device-adaA")); err != nil {
			t.Fatal(err)
		}
		page := s.get("/sessions")
		wantIn(t, words(s.session(page, out)), "ended", "signed out or revoked")
		wantIn(t, words(s.session(page, revoked)), "ended ada", "signed out or revoked")
		wantIn(t, words(s.session(page, renewed)), "ended grace", "renewed, and goes on as "+shortID(successor.Digest()))
		wantIn(t, s.session(page, renewed), `href="#session-`+shortID(successor.Digest())+`"`)
		wantIn(t, words(s.session(page, successor)), "live grace B", "Revoke")
		for _, key := range []store.Key{out, revoked, renewed} {
			wantNotIn(t, s.session(page, key), "Revoke")
		}
	})

	t.Run("the live ones are on top, the newest first", func(t *testing.T) {
		t.Parallel()
		s := newTableSite(t)
		var want []string
		for i, ended := range []bool{false, false, true} {
			r := s.record("", "")
			r.Created = s.now.Add(-time.Duration(i) * time.Hour)
			key := s.save(t, r)
			want = append(want, shortID(key.Digest()))
			if ended {
				if err := s.store.Delete(t.Context(), key); err != nil {
					t.Fatal(err)
				}
			}
		}
		var got []string
		for _, id := range regexp.MustCompile(`data-session="([^"]*)"`).FindAllStringSubmatch(s.get("/sessions"), -1) {
			got = append(got, id[1])
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("order (-want +got):\n%s", diff)
		}
	})

	t.Run("a damaged item shows why, and breaks nothing", func(t *testing.T) {
		t.Parallel()
		s := newTableSite(t)
		whole, damaged := s.save(t, s.record("ada", "A")), store.NewKey()
		s.put(t, map[string]types.AttributeValue{
			"pk": &types.AttributeValueMemberS{Value: "s#" + damaged.Digest()},
			"sk": &types.AttributeValueMemberS{Value: "s"},
			"v":  &types.AttributeValueMemberS{Value: "<b>no number"},
		})
		page := s.get("/sessions")
		wantIn(t, words(s.session(page, damaged)), "damaged", "It cannot be read:")
		wantIn(t, words(s.session(page, whole)), "live ada")
		wantNotIn(t, page, "<b>")
	})

	t.Run("a subject that no store writes breaks nothing", func(t *testing.T) {
		t.Parallel()
		s := newTableSite(t)
		whole, odd := s.save(t, s.record("ada", "A")), store.NewKey()
		number := func(at time.Time) types.AttributeValue {
			return &types.AttributeValueMemberN{Value: strconv.FormatInt(at.Unix(), 10)}
		}
		text := func(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }
		s.put(t, map[string]types.AttributeValue{
			"pk": text("s#" + odd.Digest()), "sk": text("s"), "v": &types.AttributeValueMemberN{Value: "1"}, "rev": text("r"),
			"created": number(s.now), "expires": number(s.now.Add(time.Hour)), "ends": number(s.now.Add(time.Hour)),
			"subject": text(strings.Repeat("x", store.MaxSubject+1)), "device": text("d"), "data": &types.AttributeValueMemberM{},
		})
		page := s.get("/sessions")
		wantIn(t, words(s.session(page, odd)), "live xxx")
		wantIn(t, words(s.session(page, whole)), "live ada")
	})

	t.Run("one subject's sessions alone", func(t *testing.T) {
		t.Parallel()
		s := newTableSite(t)
		ada := s.save(t, s.record("ada", "A"))
		grace := s.save(t, s.record("grace", "B"))
		page := s.get("/sessions?subject=ada")
		s.session(page, ada)
		wantNotIn(t, page, shortID(grace.Digest()))
		wantIn(t, s.get("/sessions?subject=linus"), "No session of linus here")
	})

	t.Run("a table with more than a page leads from page to page, through all", func(t *testing.T) {
		t.Parallel()
		s := newTableSite(t)
		want := map[string]bool{}
		for range 2*pageSessions + 5 {
			want[shortID(s.save(t, s.record("", "")).Digest())] = true
		}
		path := "/sessions"
		for pages := 0; path != ""; pages++ {
			if pages > 5 {
				t.Fatal("there is always one more page")
			}
			page := s.get(path)
			for _, id := range regexp.MustCompile(`data-session="([^"]*)"`).FindAllStringSubmatch(page, -1) {
				if !want[id[1]] {
					t.Errorf("session %s is there twice, or never was", id[1])
				}
				delete(want, id[1])
			}
			path = ""
			if next := regexp.MustCompile(`id="next" href="([^"]*)"`).FindStringSubmatch(page); next != nil {
				path = strings.ReplaceAll(next[1], "&amp;", "&")
			}
		}
		if len(want) > 0 {
			t.Errorf("%d sessions are on no page", len(want))
		}
	})

	t.Run("an empty table says what to do", func(t *testing.T) {
		t.Parallel()
		wantIn(t, newTableSite(t).get("/sessions"), "No session yet", appURL)
	})

	t.Run("where sessions are not in a table it says why there are none", func(t *testing.T) {
		t.Parallel()
		s := newSite(t, Config{})
		wantIn(t, s.get("/sessions"), "Nothing to show here", "They are elsewhere.")
		if got := s.post("/sessions/"+store.NewKey().Digest()+"/revoke", "").StatusCode; got != http.StatusNotFound {
			t.Errorf("revoking one: status %d", got)
		}
	})

	t.Run("a place that is none is no page", func(t *testing.T) {
		t.Parallel()
		s := newTableSite(t)
		for _, from := range []string{"nowhere", "%00", strings.Repeat("A", 5000)} {
			if got := s.status("/sessions?from=" + from); got != http.StatusNotFound {
				t.Errorf("from %.20q: status %d", from, got)
			}
		}
	})

	t.Run("a table that does not answer shows what DynamoDB said", func(t *testing.T) {
		t.Parallel()
		s := newTableSite(t)
		if _, err := s.db.Client.DeleteTable(t.Context(), &dynamodb.DeleteTableInput{TableName: &s.table}); err != nil {
			t.Fatal(err)
		}
		if got := s.status("/sessions"); got != http.StatusBadGateway {
			t.Errorf("status %d", got)
		}
	})
}
