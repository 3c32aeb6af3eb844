package bench

import (
	"fmt"
	"testing"
	"time"

	"github.com/gorilla/securecookie"

	"github.com/lambdasession/lambdasession-go/cookiestore"
	"github.com/lambdasession/lambdasession-go/store"
)

// A load is a session as gorilla's users keep one: with what a store's record
// says besides the values.
type load struct {
	Values                 map[string][]byte
	Subject, Device        string
	Created, Ends, Expires int64
}

// A sized record is one of that size.
type sized struct {
	size   string // of names and values
	record store.Record
}

// loads are a small session and one that half fills a cookie.
func loads() []sized {
	now := time.Now()
	small := store.Record{
		Values: map[string][]byte{
			"cart":  []byte(`{"lines":[{"article":"apple","count":2,"cents":199},{"article":"pear","count":1,"cents":249}]}`),
			"theme": []byte(`"dark"`), "visits": []byte("17"),
		},
		Subject: "ada", Device: store.NewDeviceID(),
		Created: now, Expires: now.Add(30 * time.Minute), Ends: now.Add(12 * time.Hour),
	}
	large := small.Clone()
	for i := range 16 {
		large.Values[fmt.Sprintf("field-%02d", i)] = fmt.Appendf(nil, `{"article":"article-%02d","count":1,"note":"wrapped as a gift"}`, i)
	}
	return []sized{{"of 120 bytes", small}, {"of 1,200 bytes", large}}
}

// loadOf is what gorilla's users would keep of the record.
func loadOf(r store.Record) load {
	return load{
		Values: r.Values, Subject: r.Subject, Device: r.Device,
		Created: r.Created.UnixMicro(), Ends: r.Ends.Unix(), Expires: r.Expires.Unix(),
	}
}

// A codec makes a cookie's value of a session and back.
type codec struct {
	name   string
	encode func(store.Record) (string, error)
	decode func(string) error
}

// codecs are ours and gorilla/securecookie's with each of its serializers, both
// with encryption by AES-256.
func codecs(tb testing.TB) []codec {
	tb.Helper()
	ours, err := cookiestore.New(cookiestore.Config{Keys: [][]byte{hmacKey}})
	if err != nil {
		tb.Fatal(err)
	}
	list := []codec{{
		"cookiestore",
		func(r store.Record) (string, error) {
			key, err := ours.Save(tb.Context(), r)
			return key.Reveal(), err
		},
		func(cookie string) error {
			_, err := ours.Load(tb.Context(), store.KeyOf(cookie))
			return err
		},
	}}
	for _, s := range []struct {
		name       string
		serializer securecookie.Serializer
	}{{"securecookie, gob", securecookie.GobEncoder{}}, {"securecookie, JSON", securecookie.JSONEncoder{}}} {
		theirs := securecookie.New(hmacKey, hmacKey).SetSerializer(s.serializer)
		list = append(list, codec{
			s.name,
			func(r store.Record) (string, error) { return theirs.Encode("__Host-session", loadOf(r)) },
			func(cookie string) error {
				var l load
				return theirs.Decode("__Host-session", cookie, &l)
			},
		})
	}
	return list
}

// BenchmarkCookie is a session sealed into a cookie and opened again, beside
// gorilla/securecookie on the same session. The goal: faster.
func BenchmarkCookie(b *testing.B) {
	for _, l := range loads() {
		cookies := map[string]string{}
		b.Run("sealed, "+l.size, func(b *testing.B) {
			for _, c := range codecs(b) {
				b.Run(c.name, func(b *testing.B) {
					measure(b, func() {
						cookie, err := c.encode(l.record)
						if err != nil {
							b.Fatal(err)
						}
						cookies[c.name] = cookie
					})
				})
			}
		})
		b.Run("opened, "+l.size, func(b *testing.B) {
			for _, c := range codecs(b) {
				b.Run(c.name, func(b *testing.B) {
					measure(b, func() {
						if err := c.decode(cookies[c.name]); err != nil {
							b.Fatal(err)
						}
					})
				})
			}
		})
	}
}

func TestOurCookieIsSmaller(t *testing.T) {
	t.Parallel()
	for _, l := range loads() {
		lengths := map[string]int{}
		for _, c := range codecs(t) {
			cookie, err := c.encode(l.record)
			if err != nil {
				t.Fatal(err)
			}
			lengths[c.name] = len(cookie)
		}
		t.Logf("a session %s: %v", l.size, lengths)
		for name, n := range lengths {
			if name != "cookiestore" && n <= lengths["cookiestore"] {
				t.Errorf("a session %s has %d characters, and %d by %s", l.size, lengths["cookiestore"], n, name)
			}
		}
	}
}
