package dynamostore_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/localtest"
	"github.com/lambdasession/lambdasession-go/store"
)

var sameAttributes = cmpopts.IgnoreUnexported(
	types.AttributeValueMemberS{}, types.AttributeValueMemberN{}, types.AttributeValueMemberB{}, types.AttributeValueMemberM{})

// The format of items is a contract as well: other programs read the table.
func TestItems(t *testing.T) {
	t.Parallel()
	db := localtest.DynamoDB(t)
	table := db.Table()
	st := newStore(t, db.Client, dynamostore.Config{Table: table, KeyPrefix: "shop/"})
	get := func(pk, sk string) item {
		out, err := db.Client.GetItem(t.Context(), &dynamodb.GetItemInput{
			TableName: &table, Key: item{"pk": s(pk), "sk": s(sk)}, ConsistentRead: aws.Bool(true),
		})
		if err != nil {
			t.Fatal(err)
		}
		return out.Item
	}
	want := func(what string, want, got item) {
		t.Helper()
		if want["rev"] != nil && got["rev"] != nil {
			want["rev"] = got["rev"] // random
		}
		if diff := cmp.Diff(want, got, sameAttributes); diff != "" {
			t.Errorf("%s (-want +got):\n%s", what, diff)
		}
	}

	r := signedIn("ada", "d1")
	r.Values = map[string][]byte{"text": []byte("héllo"), "empty": {}, "binary": {0xff, 0}}
	key := save(t, st, r)
	session := item{
		"pk": s("shop/s#" + key.Digest()), "sk": s("s"), "v": n("1"), "rev": s("r"),
		"created": n("3797550121.987654"), "ends": n("3797593321"), "expires": n("3797551921"),
		"subject": s("ada"), "device": s("d1"),
		"data": m(item{"text": s("héllo"), "empty": s(""), "binary": &types.AttributeValueMemberB{Value: []byte{0xff, 0}}}),
	}
	device := item{
		"pk": s("shop/u#ada"), "sk": s("d#d1"), "session": s(key.Digest()), "label": s("a browser"),
		"created": n("3797550121.987654"), "expires": n("3797593321"),
	}
	want("a session", session, get("shop/s#"+key.Digest(), "s"))
	want("a device", device, get("shop/u#ada", "d#d1"))

	from := load(t, st, key)
	renewed, err := st.Rotate(t.Context(), key, from, from)
	if err != nil {
		t.Fatal(err)
	}
	mark := item{
		"pk": s("shop/s#" + key.Digest()), "sk": s("s"), "rev": s("r"), "subject": s("ada"), "device": s("d1"),
		"ended": n("3797550121.987654"), "next": s(renewed.Digest()), "expires": n("3797551082"), // 16 minutes and the rest of a second
	}
	want("the mark of a renewal", mark, get("shop/s#"+key.Digest(), "s"))
	device["session"] = s(renewed.Digest())
	want("a renewed device", device, get("shop/u#ada", "d#d1"))

	if _, err := st.RevokeAll(t.Context(), "ada", ""); err != nil {
		t.Fatal(err)
	}
	want("a revocation", item{
		"pk": s("shop/u#ada"), "sk": s("r"), "rev": s("r"), "revoked": n("3797550121987654"), "expires": n("3797553721"),
	}, get("shop/u#ada", "r"))
	delete(mark, "next")
	mark["pk"] = s("shop/s#" + renewed.Digest())
	want("the mark of a revocation", mark, get("shop/s#"+renewed.Digest(), "s"))
	if it := get("shop/u#ada", "d#d1"); it != nil {
		t.Errorf("a revoked device is still there: %v", it)
	}

	anonymous := save(t, st, record(nil))
	want("an empty session", item{
		"pk": s("shop/s#" + anonymous.Digest()), "sk": s("s"), "v": n("1"), "rev": s("r"), "data": m(item{}),
		"created": n("3797550121.987654"), "ends": n("3797593321"), "expires": n("3797551921"),
	}, get("shop/s#"+anonymous.Digest(), "s"))
}

// memory is a client that keeps one item, and answers every read with it.
func memory(it *item) dynamostore.Client {
	return intercept(nil, func(r request) (any, error) {
		switch in := r.in.(type) {
		case *dynamodb.PutItemInput:
			*it = in.Item
			return &dynamodb.PutItemOutput{}, nil
		case *dynamodb.TransactWriteItemsInput:
			for _, w := range in.TransactItems {
				if w.Put != nil && w.Put.Item["data"] != nil {
					*it = w.Put.Item
				}
			}
			return &dynamodb.TransactWriteItemsOutput{}, nil
		case *dynamodb.GetItemInput:
			return &dynamodb.GetItemOutput{Item: *it}, nil
		case *dynamodb.QueryInput:
			return &dynamodb.QueryOutput{Items: []item{*it}}, nil
		case *dynamodb.BatchGetItemInput:
			return &dynamodb.BatchGetItemOutput{Responses: map[string][]item{"sessions": {*it}}}, nil
		default:
			return nil, &types.ConditionalCheckFailedException{Item: *it}
		}
	})
}

// D2.
func TestExpiryIsANumberInWholeEpochSeconds(t *testing.T) {
	t.Parallel()
	var it item
	st := newStore(t, memory(&it), dynamostore.Config{Table: "sessions", Now: func() time.Time { return time.Unix(0, 0) }})
	rapid.Check(t, func(t *rapid.T) {
		micros := rapid.Int64Range(1, 1<<52)
		a, b := micros.Draw(t, "created"), micros.Draw(t, "expires")
		r := store.Record{Created: time.UnixMicro(a), Expires: time.UnixMicro(b), Ends: time.UnixMicro(b + a)}
		if _, err := st.Save(context.Background(), r); err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]time.Time{"expires": r.Expires, "ends": r.Ends} {
			got, ok := it[name].(*types.AttributeValueMemberN)
			if !ok || got.Value != strconv.FormatInt(want.Unix(), 10) {
				t.Errorf("%s of %v is %v", name, want, it[name])
			}
		}
		if b < 1e6 {
			return // expired at the epoch
		}
		got, err := st.Load(context.Background(), store.NewKey())
		if err != nil {
			t.Fatal(err)
		}
		if !got.Created.Equal(r.Created) || !got.Expires.Equal(r.Expires.Truncate(time.Second)) || !got.Ends.Equal(r.Ends.Truncate(time.Second)) {
			t.Errorf("loaded %v, %v, %v; saved %v, %v, %v", got.Created, got.Expires, got.Ends, r.Created, r.Expires, r.Ends)
		}
	})
}

// D16. Any JSON that the SDK takes for an item, under a session's key, as a
// device, and as what a failed condition met.
func FuzzItem(f *testing.F) {
	for _, seed := range []string{
		`{}`,
		`{"v": {"N": "1"}, "rev": {"S": "r"}, "created": {"N": "3797550121.98"}, "ends": {"N": "3797593321"}, "expires": {"N": "3797551921"}, "data": {"M": {"a": {"S": "x"}, "b": {"B": "/w=="}}}}`,
		`{"v": {"N": "1"}, "rev": {"S": "r"}, "created": {"N": "1"}, "ends": {"N": "3797593321"}, "expires": {"N": "3797551921"}, "data": {"M": {}}, "subject": {"S": "ada"}, "device": {"S": "d1"}}`,
		`{"v": {"N": "2"}, "expires": {"N": "1E+125"}, "ends": {"N": "-0.5"}, "data": {"L": [{"NULL": true}]}}`,
		`{"ended": {"N": "3797550000.5"}, "next": {"S": "x"}, "rev": {"S": "r"}, "subject": {"S": "ada"}, "device": {"S": "d1"}}`,
		`{"ended": {"BOOL": true}}`,
		`{"sk": {"S": "d#d1"}, "session": {"S": "0123456789012345678901234567890123456789012"}, "label": {"B": "AAEC"}}`,
		`{"revoked": {"N": "3797550121987654"}, "rev": {"SS": ["a"]}}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		w := &wire{answer: func(int, *http.Request) (*http.Response, error) { return ok(`{"Item": ` + body + `}`) }}
		out, err := w.client().GetItem(t.Context(), &dynamodb.GetItemInput{TableName: aws.String("sessions"), Key: item{}},
			func(o *dynamodb.Options) { o.Retryer = aws.NopRetryer{} })
		if err != nil {
			return // the SDK's business
		}
		it := out.Item
		st := newStore(t, memory(&it), dynamostore.Config{
			Table: "sessions", Logger: slog.New(slog.NewTextHandler(io.Discard, nil)), Timeout: time.Hour,
		})
		ctx, key := t.Context(), store.NewKey()

		r, err := st.Load(ctx, key)
		_, decode := errors.AsType[*store.DecodeError](err)
		if err != nil && !decode && !errors.Is(err, store.ErrNotFound) && !errors.Is(err, store.ErrEnded) {
			t.Errorf("Load: %v", err)
		}
		if _, err := st.Devices(ctx, "ada"); err != nil {
			t.Errorf("Devices: %v", err)
		}
		if _, err := st.Update(ctx, key, set("n", "1")); err == nil {
			t.Error("an update whose condition failed is a success")
		}
		if err := st.Delete(ctx, key); err == nil {
			t.Error("a logout whose condition failed is a success")
		}
		if r.Validate() != nil {
			return
		}
		if _, err := st.Save(ctx, r); err != nil {
			t.Fatalf("what was loaded cannot be saved: %v", err)
		}
		again, err := st.Load(ctx, key)
		if diff := cmp.Diff(r, again, cmpopts.IgnoreFields(store.Record{}, "Revision"), cmpopts.EquateEmpty()); diff != "" || err != nil {
			t.Errorf("what was saved is loaded as another (-saved +loaded): %v\n%s", err, diff)
		}
	})
}
