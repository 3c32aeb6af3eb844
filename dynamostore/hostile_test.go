package dynamostore_test

import (
	"bytes"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/localtest"
	"github.com/lambdasession/lambdasession-go/store"
)

// after is an epoch time so many seconds after the beginning, the fraction
// apart.
func after(seconds int64) types.AttributeValue {
	return n(strconv.FormatInt(beginning.Unix()+seconds, 10))
}

// goodSession is a session's item, its keys apart.
func goodSession() item {
	return item{
		"v": n("1"), "rev": s("r1"), "created": after(-60), "ends": after(43_200), "expires": after(1800),
		"data": m(item{"cart": s("1 apple")}), "subject": s("ada"), "device": s("d1"),
	}
}

// but returns the item with attributes changed, or left out where nil.
func but(it item, changes item) item {
	it = maps.Clone(it)
	for name, v := range changes {
		if v == nil {
			delete(it, name)
		} else {
			it[name] = v
		}
	}
	return it
}

// hostileSessions are items that are no sessions, by what is wrong with them.
func hostileSessions() map[string]item {
	list := &types.AttributeValueMemberL{Value: []types.AttributeValue{s("x")}}
	hostile := map[string]item{
		"nothing but a key":            {},
		"an unknown version":           but(goodSession(), item{"v": n("2")}),
		"a value of another type":      but(goodSession(), item{"data": m(item{"cart": n("1")})}),
		"a value that is a map":        but(goodSession(), item{"data": m(item{"cart": m(item{})})}),
		"a subject without a device":   but(goodSession(), item{"device": nil}),
		"a device without a subject":   but(goodSession(), item{"subject": nil}),
		"an end before its expiry":     but(goodSession(), item{"ends": after(1799)}),
		"a time with half a second":    but(goodSession(), item{"expires": n(strconv.FormatInt(beginning.Unix()+1800, 10) + ".5")}),
		"a time before the epoch":      but(goodSession(), item{"created": n("-1")}),
		"a time beyond all":            but(goodSession(), item{"created": n("1E+125")}),
		"a mark that ended at no time": but(goodSession(), item{"ended": s("yesterday")}),
		"a mark with a list as next":   but(goodSession(), item{"ended": after(-60), "next": list}),
		"ten thousand wrong values":    but(goodSession(), item{"data": m(manyNumbers(10_000))}),
	}
	for _, a := range []string{"v", "rev", "created", "ends", "expires", "data"} {
		hostile["no "+a] = but(goodSession(), item{a: nil})
		hostile[a+" as a list"] = but(goodSession(), item{a: list})
		hostile[a+" as a boolean"] = but(goodSession(), item{a: &types.AttributeValueMemberBOOL{Value: true}})
		hostile[a+" as null"] = but(goodSession(), item{a: &types.AttributeValueMemberNULL{Value: true}})
	}
	for _, a := range []string{"v", "created", "ends", "expires"} {
		hostile[a+" as text"] = but(goodSession(), item{a: s("1")})
	}
	return hostile
}

func manyNumbers(count int) item {
	it := item{}
	for i := range count {
		it[strings.Repeat("x", i%20)+string(rune('a'+i%26))+string(rune(0x4e00+i))] = n("1")
	}
	return it
}

// putSession writes an item under a new key.
func putSession(t *testing.T, db *localtest.DB, table string, it item) store.Key {
	t.Helper()
	key := store.NewKey()
	put(t, db, table, but(it, item{"pk": s("s#" + key.Digest()), "sk": s("s")}))
	return key
}

func put(t *testing.T, db *localtest.DB, table string, it item) {
	t.Helper()
	if _, err := db.Client.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &table, Item: it}); err != nil {
		t.Fatal(err)
	}
}

func wantDecodeError(t *testing.T, what string, err error) {
	t.Helper()
	if _, ok := errors.AsType[*store.DecodeError](err); !ok {
		t.Errorf("%s: got %v, want a *DecodeError", what, err)
	} else if len(err.Error()) > 1000 {
		t.Errorf("%s: an error of %d bytes", what, len(err.Error()))
	}
}

// D16.
func TestAHostileItem(t *testing.T) {
	t.Parallel()
	db := localtest.DynamoDB(t)
	table := db.Table()
	st := newStore(t, db.Client, dynamostore.Config{Table: table})

	t.Run("is not what the tests take for a session", func(t *testing.T) {
		t.Parallel()
		load(t, st, putSession(t, db, table, goodSession()))
	})

	for name, it := range hostileSessions() {
		t.Run("with "+name+" is no session", func(t *testing.T) {
			t.Parallel()
			fresh := func() store.Key { return putSession(t, db, table, it) }
			_, err := st.Load(t.Context(), fresh())
			wantDecodeError(t, "Load", err)
			_, err = st.Rotate(t.Context(), fresh(), store.Record{Revision: "r0"}, record(nil))
			wantDecodeError(t, "Rotate", err)

			// What is wrong with it may be none of a write's business.
			if _, err = st.Update(t.Context(), fresh(), set("cart", "2 apples")); err != nil {
				wantDecodeError(t, "Update", err)
			}
			if _, err = st.UpdateTTL(t.Context(), fresh(), beginning.Add(time.Hour)); err != nil {
				wantDecodeError(t, "UpdateTTL", err)
			}
			key := fresh()
			if err := st.Delete(t.Context(), key); err != nil {
				wantDecodeError(t, "Delete", err)
			} else if _, err := st.Load(t.Context(), key); !errors.Is(err, store.ErrEnded) {
				t.Errorf("after Delete, Load gives %v", err)
			}
		})
	}
}

// D16.
func TestAHostileItemNeverBreaksAListing(t *testing.T) {
	t.Parallel()
	db := localtest.DynamoDB(t)
	table := db.Table()
	var logged bytes.Buffer
	st := newStore(t, db.Client, dynamostore.Config{Table: table, Logger: slog.New(slog.NewTextHandler(&logged, nil))})

	for name, it := range hostileSessions() {
		key := putSession(t, db, table, it)
		put(t, db, table, item{"pk": s("u#ada"), "sk": s("d#session with " + name), "session": s(key.Digest())})
	}
	good := save(t, st, signedIn("ada", "good"))
	stranger := save(t, st, signedIn("eve", "hers"))
	for name, it := range map[string]item{
		"no session":                         {},
		"a session that is a number":         {"session": n("1")},
		"a session that is no digest":        {"session": s("x")},
		"a session that does not exist":      {"session": s(store.NewKey().Digest())},
		"a label that is a list":             {"session": s(good.Digest()), "label": &types.AttributeValueMemberL{}},
		"the session of another device":      {"session": s(good.Digest())},
		"the session of another subject":     {"session": s(stranger.Digest())},
		"the same again, for a batch's keys": {"session": s(good.Digest())},
	} {
		put(t, db, table, but(it, item{"pk": s("u#ada"), "sk": s("d#device with " + name)}))
	}

	devices, err := st.Devices(t.Context(), "ada")
	if err != nil {
		t.Fatal(err)
	}
	ids := []string{}
	for _, d := range devices {
		ids = append(ids, d.ID)
	}
	if !slices.Equal(ids, []string{"good"}) {
		t.Errorf("listed: %q, want the good one", ids)
	}
	for _, want := range []string{"a device cannot be listed", "session with an unknown version", "device with no session"} {
		if !strings.Contains(logged.String(), want) {
			t.Errorf("%q is not in the log", want)
		}
	}

	if _, err := st.RevokeAll(t.Context(), "ada", ""); err != nil {
		t.Errorf("RevokeAll: %v", err)
	}
	if _, err := st.Load(t.Context(), good); !errors.Is(err, store.ErrEnded) {
		t.Errorf("after RevokeAll, Load gives %v", err)
	}
	load(t, st, stranger)
}

func TestASessionOfANewerVersionIsEndedButNotChanged(t *testing.T) {
	t.Parallel()
	db := localtest.DynamoDB(t)
	table := db.Table()
	st := newStore(t, db.Client, dynamostore.Config{Table: table})
	newer := func(device string) store.Key {
		key := putSession(t, db, table, but(goodSession(), item{"v": n("2"), "device": s(device)}))
		put(t, db, table, item{"pk": s("u#ada"), "sk": s("d#" + device), "session": s(key.Digest())})
		return key
	}
	deleted, revoked, all := newer("d1"), newer("d2"), newer("d3")
	_, err := st.Update(t.Context(), deleted, store.Changes{Replace: true, Expires: beginning.Add(time.Hour)})
	wantDecodeError(t, "Update", err)
	_, err = st.UpdateTTL(t.Context(), deleted, beginning.Add(time.Hour))
	wantDecodeError(t, "UpdateTTL", err)
	if err := st.Delete(t.Context(), deleted); err != nil {
		t.Error("Delete:", err)
	}
	if err := st.Revoke(t.Context(), "ada", "d2"); err != nil {
		t.Error("Revoke:", err)
	}
	if _, err := st.RevokeAll(t.Context(), "ada", ""); err != nil {
		t.Error("RevokeAll:", err)
	}
	for _, key := range []store.Key{deleted, revoked, all} {
		if _, err := st.Load(t.Context(), key); !errors.Is(err, store.ErrEnded) {
			t.Errorf("Load gives %v, want an *EndedError", err)
		}
	}
}
