package dynamostore_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/localtest"
	"github.com/lambdasession/lambdasession-go/store"
)

// scanAll reads all pages, and returns the sessions by ID and the pages' sizes.
func scanAll(t *testing.T, st *dynamostore.Store, limit int) (map[string]dynamostore.Session, []int) {
	t.Helper()
	all := map[string]dynamostore.Session{}
	var pages []int
	for from := ""; ; {
		sessions, next, err := st.Scan(t.Context(), from, limit)
		if err != nil {
			t.Fatal("Scan:", err)
		}
		pages = append(pages, len(sessions))
		for _, session := range sessions {
			if _, twice := all[session.ID]; twice {
				t.Errorf("%s comes twice", session.ID)
			}
			all[session.ID] = session
		}
		if next == "" {
			return all, pages
		}
		from = next
	}
}

func wantIDs(t *testing.T, got map[string]dynamostore.Session, keys ...store.Key) {
	t.Helper()
	want := []string{}
	for _, key := range keys {
		want = append(want, key.Digest())
	}
	slices.Sort(want)
	if diff := cmp.Diff(want, slices.Sorted(maps.Keys(got))); diff != "" {
		t.Errorf("IDs (-want +got):\n%s", diff)
	}
}

func TestScan(t *testing.T) {
	t.Parallel()

	t.Run("shows every session as Inspect does, whatever its state", func(t *testing.T) {
		t.Parallel()
		r := newRace(t)
		short := record(nil)
		short.Expires = beginning.Add(time.Minute)
		live, expired := save(t, r.plain, signedIn("ada", "d1")), save(t, r.plain, short)
		out, revoked := save(t, r.plain, record(nil)), save(t, r.plain, signedIn("ada", "d2"))
		renewed := save(t, r.plain, record(nil))
		successor := renewed
		r.renew(t, &successor)
		if err := errors.Join(r.plain.Delete(t.Context(), out), r.plain.Revoke(t.Context(), "ada", "d2")); err != nil {
			t.Fatal(err)
		}
		damaged := putSession(t, r.db, r.table, but(goodSession(), item{"rev": nil}))

		st := newStore(t, r.db.Client, dynamostore.Config{Table: r.table, Now: func() time.Time { return beginning.Add(2 * time.Minute) }})
		all, _ := scanAll(t, st, 100)
		wantIDs(t, all, live, expired, out, revoked, renewed, successor, damaged)
		for key, want := range map[store.Key]dynamostore.State{
			live: dynamostore.Live, successor: dynamostore.Live, expired: dynamostore.Expired,
			out: dynamostore.Ended, revoked: dynamostore.Ended, renewed: dynamostore.Ended, damaged: dynamostore.Damaged,
		} {
			got := all[key.Digest()]
			if got.State != want {
				t.Errorf("one that should be %v is %v", want, got.State)
			}
			one := inspect(t, st, key)
			if got.Err != nil && one.Err != nil {
				got.Err, one.Err = nil, nil // the same text, not the same pointer
			}
			if diff := cmp.Diff(one, got); diff != "" {
				t.Errorf("Inspect and Scan differ:\n%s", diff)
			}
		}
	})

	t.Run("pages through all of them, each once, whatever the limit", func(t *testing.T) {
		t.Parallel()
		r := newRace(t)
		var keys []store.Key
		for i := range 7 {
			keys = append(keys, save(t, r.plain, record(nil)), save(t, r.plain, signedIn(fmt.Sprint("subject", i%3), fmt.Sprint("d", i))))
		}
		if _, err := r.plain.RevokeAll(t.Context(), "subject1", ""); err != nil { // another kind of item
			t.Fatal(err)
		}
		for limit := 1; limit <= 30; limit++ {
			all, pages := scanAll(t, r.plain, limit)
			wantIDs(t, all, keys...)
			for i, size := range pages {
				full := limit > 4 && i < len(pages)-1 // a short page is one with ten requests behind it
				if size > limit || (full && size < limit) {
					t.Errorf("pages of %v for a limit of %d", pages, limit)
				}
			}
		}
	})

	t.Run("goes no further than ten requests for a page, and goes on from there", func(t *testing.T) {
		t.Parallel()
		r := newRace(t)
		for i := range 25 {
			put(t, r.db, r.table, item{"pk": s(fmt.Sprint("order#", i)), "sk": s("s")})
		}
		key := save(t, r.plain, record(nil))
		r.db.Meter().Reset()
		all, pages := scanAll(t, r.plain, 1)
		wantIDs(t, all, key)
		// One for each item and one that finds the end; the session, wherever it
		// is, ends a page too.
		if calls := r.db.Meter().Usage().Calls; len(pages) < 3 || len(pages) > 4 || calls != 27 {
			t.Errorf("pages of %v sessions in %d requests", pages, calls)
		}
	})

	t.Run("shows nothing of others in the same table", func(t *testing.T) {
		t.Parallel()
		r := newRace(t)
		shop := newStore(t, r.db.Client, dynamostore.Config{Table: r.table, KeyPrefix: "a"})
		clash := newStore(t, r.db.Client, dynamostore.Config{Table: r.table, KeyPrefix: "as#"}) // begins like shop's sessions
		digest := store.NewKey().Digest()
		for _, it := range []item{
			{"pk": s("s#"), "sk": s("s")},
			{"pk": s("s#42"), "sk": s("s")},
			{"pk": s("s#" + digest), "sk": s("other")},
			{"pk": s("order#s#" + digest), "sk": s("s")},
		} {
			put(t, r.db, r.table, it)
		}
		own, theirs, clashing := save(t, r.plain, signedIn("ada", "d1")), save(t, shop, signedIn("ada", "d1")), save(t, clash, record(nil))
		for st, want := range map[*dynamostore.Store]store.Key{r.plain: own, shop: theirs, clash: clashing} {
			all, _ := scanAll(t, st, 3)
			wantIDs(t, all, want)
		}
	})

	t.Run("takes a table's other names, and the EventualReads that halve its price", func(t *testing.T) {
		t.Parallel()
		db := localtest.DynamoDB(t)
		cfg := dynamostore.Config{Table: db.Table() + "-named", PartitionKey: "PK", SortKey: "SK", TTLAttribute: "TTL", KeyPrefix: "shop#"}
		st := newStore(t, db.Client, cfg)
		if err := st.CreateTable(t.Context()); err != nil {
			t.Fatal(err)
		}
		keys := []store.Key{save(t, st, record(nil)), save(t, st, record(nil)), save(t, st, record(nil))}
		cfg.EventualReads = true
		eventual := newStore(t, db.Client, cfg)
		for i, st := range []*dynamostore.Store{st, eventual} {
			db.Meter().Reset()
			all, _ := scanAll(t, st, 10)
			wantIDs(t, all, keys...)
			if got := db.Meter().Usage().ReadUnits; got != 1/float64(i+1) {
				t.Errorf("%g read units", got)
			}
		}
		if _, err := db.Client.DeleteTable(t.Context(), &dynamodb.DeleteTableInput{TableName: &cfg.Table}); err != nil {
			t.Error(err)
		}
	})

	// D16.
	t.Run("is not broken by hostile items", func(t *testing.T) {
		t.Parallel()
		r := newRace(t)
		var keys []store.Key
		for _, it := range hostileSessions() {
			keys = append(keys, putSession(t, r.db, r.table, it))
		}
		good := save(t, r.plain, record(nil))
		all, _ := scanAll(t, r.plain, 10)
		wantIDs(t, all, append(keys, good)...)
		for _, key := range keys {
			session := all[key.Digest()]
			if session.State != dynamostore.Damaged {
				t.Errorf("one is %v, want damaged", session.State)
			}
			wantDecodeError(t, "Err", session.Err)
		}
		if state := all[good.Digest()].State; state != dynamostore.Live {
			t.Errorf("the good one is %v", state)
		}
	})

	t.Run("has its requests sent again, and its price counted", func(t *testing.T) {
		t.Parallel()
		r := newRace(t)
		key := save(t, r.plain, record(nil))
		faults := r.db.Faults(t)
		st := newStore(t, faults.Client, dynamostore.Config{Table: r.table})
		faults.Inject(localtest.Fault{Kind: localtest.Throttling, Operations: []string{"Scan"}, Times: 2})
		ctx, counted := store.CountUsage(t.Context())
		sessions, next, err := st.Scan(ctx, "", 10)
		if err != nil || next != "" || len(sessions) != 1 || sessions[0].ID != key.Digest() {
			t.Errorf("%v, %q, %v", sessions, next, err)
		}
		if got := counted(); got != (store.Usage{ReadUnits: 1}) {
			t.Errorf("counted %+v", got)
		}
		faults.Inject(localtest.Fault{Kind: localtest.AccessDenied, Operations: []string{"Scan"}})
		_, _, err = st.Scan(t.Context(), "", 10)
		wantNoAnswer(t, err)
	})

	t.Run("refuses what can be no limit and no next", func(t *testing.T) {
		t.Parallel()
		r := newRace(t)
		encode := func(place string) string { return base64.RawURLEncoding.EncodeToString([]byte(place)) }
		for _, c := range []struct {
			from  string
			limit int
		}{
			{"", 0},
			{"", -1},
			{"", 1001},
			{"?", 1},
			{encode(`nonsense`), 1},
			{encode(`{}`), 1},
			{encode(`["a"]`), 1},
			{encode(`["a",""]`), 1},
			{encode(`["a","b","c"]`), 1},
			{encode(`[1,2]`), 1},
			{encode(`null`), 1},
		} {
			_, _, err := r.plain.Scan(t.Context(), c.from, c.limit)
			if _, ok := errors.AsType[*store.InvalidError](err); !ok {
				t.Errorf("from %.20q, limit %d: %v, want an *InvalidError", c.from, c.limit, err)
			}
		}
	})

	t.Run("says which client it needs", func(t *testing.T) {
		t.Parallel()
		r := newRace(t)
		client := intercept(r.db.Client, func(q request) (any, error) { return q.forward() })
		_, _, err := newStore(t, client, dynamostore.Config{Table: r.table}).Scan(t.Context(), "", 1)
		if err == nil || !strings.Contains(err.Error(), "is no ScanClient: give New a *dynamodb.Client") {
			t.Errorf("error is %v", err)
		}
	})
}
