package dynamostore_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/store"
)

func TestWhatInspectingCosts(t *testing.T) {
	t.Parallel()
	type run = func(t *testing.T, st *dynamostore.Store, key store.Key) error
	scan := func(t *testing.T, st *dynamostore.Store, _ store.Key) error {
		_, _, err := st.Scan(t.Context(), "", 100)
		return err
	}
	for _, c := range []struct {
		name        string
		prepare     []store.Record
		run         run
		calls       int
		read, write float64
	}{
		{"a page of an empty table", nil, scan, 1, 1, 0},
		// 3 x (5,000 + some 150 of a session, and some 130 of its device), 15.5 KB
		{"a page of 5 KB sessions with subjects", slices.Repeat([]store.Record{fiveKB("ada")}, 3), scan, 1, 4, 0},
		{
			"Inspect of 5 KB",
			[]store.Record{fiveKB("ada")},
			func(t *testing.T, st *dynamostore.Store, key store.Key) error {
				_, err := st.Inspect(t.Context(), key.Digest())
				return err
			},
			1, 2, 0,
		},
		{
			"End of an anonymous session",
			[]store.Record{record(nil)},
			func(t *testing.T, st *dynamostore.Store, key store.Key) error {
				return st.End(t.Context(), key.Digest())
			},
			1, 0, 1,
		},
		{
			"End of a session with a subject",
			[]store.Record{signedIn("ada", "d1")},
			func(t *testing.T, st *dynamostore.Store, key store.Key) error {
				return st.End(t.Context(), key.Digest())
			},
			2, 0, 2,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRace(t)
			var key store.Key
			for i, rec := range c.prepare {
				if rec.Subject != "" {
					rec.Device = fmt.Sprint("d", i)
				}
				key = save(t, r.plain, rec)
			}
			r.db.Meter().Reset()
			if err := c.run(t, r.plain, key); err != nil {
				t.Fatal(err)
			}
			u := r.db.Meter().Usage()
			if u.Calls != c.calls || u.ReadUnits != c.read || u.WriteUnits != c.write {
				t.Errorf("%d calls, %g read units, %g write units; want %d, %g, %g", u.Calls, u.ReadUnits, u.WriteUnits, c.calls, c.read, c.write)
			}
		})
	}
}

func fiveKB(subject string) store.Record {
	r := signedIn(subject, "d")
	r.Values["large"] = []byte(strings.Repeat("x", 5000))
	return r
}

// At the edge of a write unit, DynamoDB and Session.Bytes agree for every type
// of attribute that somebody may have put there.
func TestSessionBytesAreThoseThatDynamoDBBills(t *testing.T) {
	t.Parallel()
	r := newRace(t)
	for _, whole := range []int{1024, 1025} {
		it := but(goodSession(), everyType())
		key := putSession(t, r.db, r.table, it)
		pad := whole - inspect(t, r.plain, key).Bytes - len("pad")
		r.db.Meter().Reset()
		put(t, r.db, r.table, but(it, item{"pk": s("s#" + key.Digest()), "sk": s("s"), "pad": s(strings.Repeat("x", pad))}))
		if got := inspect(t, r.plain, key).Bytes; got != whole {
			t.Errorf("%d bytes, want %d", got, whole)
		}
		if got, want := r.db.Meter().Usage().WriteUnits, float64(whole-1023); got != want {
			t.Errorf("%d bytes cost %g write units, want %g", whole, got, want)
		}
	}
}

func everyType() item {
	return item{
		"binary":   &types.AttributeValueMemberB{Value: []byte{1, 2}},
		"boolean":  &types.AttributeValueMemberBOOL{Value: true},
		"null":     &types.AttributeValueMemberNULL{Value: true},
		"number":   n("1763870400.125"),
		"odd":      n("1.5"),
		"even":     n("12.5"),
		"small":    n("0.0012"),
		"zero":     n("0"),
		"strings":  &types.AttributeValueMemberSS{Value: []string{"a", "bc"}},
		"numbers":  &types.AttributeValueMemberNS{Value: []string{"1", "-234", "12000"}},
		"binaries": &types.AttributeValueMemberBS{Value: [][]byte{{1}, {2, 3}}},
		"list":     &types.AttributeValueMemberL{Value: []types.AttributeValue{s("a"), n("12")}},
		"map":      m(item{"k": s("v"), "n": n("120")}),
	}
}
