package sealedstore_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/internal/seal"
	"github.com/lambdasession/lambdasession-go/localtest"
	"github.com/lambdasession/lambdasession-go/memstore"
	"github.com/lambdasession/lambdasession-go/sealedstore"
	"github.com/lambdasession/lambdasession-go/store"
)

const bondLength = 64 // characters that a key has besides the inner store's

// innerKey is the key that the inner store made.
func innerKey(key store.Key) store.Key {
	secret := key.Reveal()
	return store.KeyOf(secret[:len(secret)-bondLength])
}

// record makes one that begins now and holds the values, names and values in
// turn.
func record(namesAndValues ...string) store.Record {
	now := time.Now().Truncate(time.Second)
	r := store.Record{Values: map[string][]byte{}, Created: now, Expires: now.Add(30 * time.Minute), Ends: now.Add(12 * time.Hour)}
	for i := 0; i < len(namesAndValues); i += 2 {
		r.Values[namesAndValues[i]] = []byte(namesAndValues[i+1])
	}
	return r
}

func signIn(subject string, namesAndValues ...string) store.Record {
	r := record(namesAndValues...)
	r.Subject, r.Device, r.Label = subject, store.NewDeviceID(), "Firefox"
	return r
}

// session saves a record and returns its key.
func session(tb testing.TB, s store.Store, r store.Record) store.Key {
	tb.Helper()
	return must(s.Save(tb.Context(), r))(tb)
}

// set writes one field.
func set(tb testing.TB, s store.Store, key store.Key, name string, value []byte) {
	tb.Helper()
	_, err := s.Update(tb.Context(), key, store.Changes{Set: map[string][]byte{name: value}, Expires: record().Expires})
	if err != nil {
		tb.Fatal(err)
	}
}

func TestWhatAReaderOfTheTableSees(t *testing.T) {
	t.Parallel()
	db := localtest.DynamoDB(t)
	table := db.Table()
	s := around(t, must(dynamostore.New(db.Client, dynamostore.Config{Table: table}))(t), "k")
	key := session(t, s, signIn("ada", "saved", "a private value"))
	set(t, s, key, "updated", []byte("a private value"))
	from := must(s.Load(t.Context(), key))(t)
	to := from.Clone()
	to.Values["rotated"] = []byte("a private value")
	next := must(s.Rotate(t.Context(), key, from, to))(t)

	out := must(db.Client.Scan(t.Context(), &dynamodb.ScanInput{TableName: &table}))(t)
	seen := ""
	for _, item := range out.Items {
		seen += flatten(&types.AttributeValueMemberM{Value: item})
	}
	for _, name := range []string{"saved", "updated", "rotated", "ada", "Firefox"} {
		if !strings.Contains(seen, name) {
			t.Errorf("%q is hidden; the documentation says that it is not", name)
		}
	}
	for what, hidden := range map[string]string{
		"a value": "private", "the old key": key.Reveal()[43:], "the key": next.Reveal()[43:], "the inner key": next.Reveal()[:43],
	} {
		if strings.Contains(seen, hidden) {
			t.Errorf("%s is in the table:\n%s", what, seen)
		}
	}
	if got := must(s.Load(t.Context(), next))(t).Values; string(got["saved"]) != "a private value" || len(got) != 3 {
		t.Errorf("the visitor sees %q", got)
	}
}

// flatten returns everything that can be read in an attribute.
func flatten(v types.AttributeValue) string {
	switch v := v.(type) {
	case *types.AttributeValueMemberM:
		text := ""
		for name, v := range v.Value {
			text += name + " " + flatten(v) + "\n"
		}
		return text
	case *types.AttributeValueMemberS:
		return v.Value
	case *types.AttributeValueMemberN:
		return v.Value
	case *types.AttributeValueMemberB:
		return string(v.Value)
	default:
		return fmt.Sprintf("an attribute of type %T", v)
	}
}

func TestKeysAndTableTogetherOpenNothing(t *testing.T) {
	t.Parallel()
	inner := memstore.New()
	key := session(t, around(t, inner, "k"), record("cart", "2 apples"))
	sealed := must(inner.Load(t.Context(), innerKey(key)))(t).Values["cart"]
	sealer := must(seal.New(keys("k"), "lambdasession sealedstore"))(t)
	for what, s := range map[string]*seal.Sealer{
		"by the keys": sealer, "by the keys and no secret": sealer.For(nil), "by the keys and the inner key": sealer.For([]byte(innerKey(key).Reveal())),
	} {
		if _, err := s.Open(sealed, []byte("cart")); !errors.Is(err, seal.ErrSealed) {
			t.Errorf("a value opens %s", what)
		}
	}
}

func TestEqualValuesLookTheSameInOneFieldOfOneSessionAlone(t *testing.T) {
	t.Parallel()
	inner := memstore.New()
	s := around(t, inner, "k")
	key, other := session(t, s, record("a", "x", "b", "x")), session(t, s, record("a", "x"))
	look := func(key store.Key, name string) []byte {
		return must(inner.Load(t.Context(), innerKey(key)))(t).Values[name]
	}
	first := look(key, "a")
	set(t, s, key, "a", []byte("y"))
	second := look(key, "a")
	set(t, s, key, "a", []byte("x"))
	if !bytes.Equal(first, look(key, "a")) || bytes.Equal(first, second) {
		t.Error("in one field of one session, equal values look different, or different ones the same")
	}
	if bytes.Equal(first, look(key, "b")) {
		t.Error("equal values of two fields look the same")
	}
	if bytes.Equal(first, look(other, "a")) {
		t.Error("equal values of two sessions look the same")
	}
	from := must(s.Load(t.Context(), key))(t)
	if next := must(s.Rotate(t.Context(), key, from, from))(t); bytes.Equal(first, look(next, "a")) {
		t.Error("equal values look the same before a renewal and after it")
	}
}

func TestWhatDoesNotFitTogetherIsADecodeError(t *testing.T) {
	t.Parallel()
	for name, tamper := range map[string]func(t *testing.T, inner *memstore.Store, s *sealedstore.Store, admin, victim store.Key){
		"a value of another session": func(t *testing.T, inner *memstore.Store, _ *sealedstore.Store, admin, victim store.Key) {
			set(t, inner, victim, "role", must(inner.Load(t.Context(), admin))(t).Values["role"])
		},
		"a value of another field": func(t *testing.T, inner *memstore.Store, _ *sealedstore.Store, _, victim store.Key) {
			set(t, inner, victim, "role", must(inner.Load(t.Context(), victim))(t).Values["name"])
		},
		"a value in plain": func(t *testing.T, inner *memstore.Store, _ *sealedstore.Store, _, victim store.Key) {
			set(t, inner, victim, "role", []byte(`"admin"`))
		},
		"an empty value": func(t *testing.T, inner *memstore.Store, _ *sealedstore.Store, _, victim store.Key) {
			set(t, inner, victim, "role", nil)
		},
		"a value with a bit flipped": func(t *testing.T, inner *memstore.Store, _ *sealedstore.Store, _, victim store.Key) {
			v := must(inner.Load(t.Context(), victim))(t).Values["role"]
			v[len(v)-1] ^= 1
			set(t, inner, victim, "role", v)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inner := memstore.New()
			s := around(t, inner, "k", "l")
			admin, victim := session(t, s, record("role", `"admin"`)), session(t, s, record("role", `"guest"`, "name", `"admin"`))
			tamper(t, inner, s, innerKey(admin), innerKey(victim))
			wantDecodeError(t, s, victim)
			if _, err := s.Load(t.Context(), admin); err != nil {
				t.Errorf("the other session: %v", err)
			}
		})
	}
	for name, change := range map[string]func(*store.Record){
		"another subject":           func(r *store.Record) { r.Subject = "root" },
		"no subject":                func(r *store.Record) { r.Subject, r.Device = "", "" },
		"another device":            func(r *store.Record) { r.Device = "d" },
		"subject and device joined": func(r *store.Record) { r.Subject, r.Device = r.Subject+r.Device[:1], r.Device[1:] },
		"a later end":               func(r *store.Record) { r.Ends = r.Ends.Add(time.Second) },
		"another beginning":         func(r *store.Record) { r.Created = r.Created.Add(time.Microsecond) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inner := memstore.New()
			key := session(t, around(t, inner, "k"), signIn("ada", "role", `"guest"`))
			wantDecodeError(t, around(t, forging{inner, change}, "k"), key)
		})
	}
}

// wantDecodeError fails the test unless whatever would show the record is a
// *DecodeError that says nothing of values.
func wantDecodeError(t *testing.T, s store.Store, key store.Key) {
	t.Helper()
	_, loading := s.Load(t.Context(), key)
	_, updating := s.Update(t.Context(), key, store.Changes{Expires: record().Expires, Expect: map[string][]byte{"role": []byte("nothing")}})
	_, rotating := s.Rotate(t.Context(), key, store.Record{Revision: "another"}, record())
	for operation, err := range map[string]error{"Load": loading, "an Update in conflict": updating, "a Rotate in conflict": rotating} {
		if _, ok := errors.AsType[*store.DecodeError](err); !ok || strings.Contains(err.Error(), "admin") || strings.Contains(err.Error(), "guest") {
			t.Errorf("%s: got %v, want a *DecodeError without values", operation, err)
		}
	}
}
