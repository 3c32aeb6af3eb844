package cookiestore_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/cookiestore"
	"github.com/lambdasession/lambdasession-go/store"
)

func TestNewSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		cfg  cookiestore.Config
		want []string
	}{
		"no keys":               {cookiestore.Config{}, []string{"cookiestore.New: Keys is empty: set it to at least one key of 32 random bytes"}},
		"a short key":           {cookiestore.Config{Keys: [][]byte{keys("s")[0], []byte("sssss")}}, []string{"Keys[1] has 5 bytes: use 32 random ones"}},
		"a key twice":           {cookiestore.Config{Keys: keys("s", "s")}, []string{"Keys[1] is Keys[0] again"}},
		"more than a cookie":    {cookiestore.Config{Keys: keys("s"), MaxBytes: 4097}, []string{"MaxBytes is 4097: use 173 to 4096, or 0 for 4096"}},
		"no room":               {cookiestore.Config{Keys: keys("s"), MaxBytes: 172}, []string{"MaxBytes is 172: use 173 to 4096"}},
		"a negative number":     {cookiestore.Config{Keys: keys("s"), MaxBytes: -1}, []string{"MaxBytes is -1"}},
		"a name without room":   {cookiestore.Config{Keys: keys("s"), CookieName: strings.Repeat("n", 4000)}, []string{"CookieName has 4000 bytes"}},
		"everything at once":    {cookiestore.Config{Keys: [][]byte{nil, []byte("s")}, MaxBytes: 1}, []string{"MaxBytes is 1", "Keys[0] has 0", "Keys[1] has 1"}},
		"keys written down hex": {cookiestore.Config{Keys: [][]byte{[]byte(strings.Repeat("5a", 32))}}, []string{"Keys[0] has 64 bytes"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := cookiestore.New(test.cfg)
			if err == nil {
				t.Fatal("accepted")
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got %q, want %q in it", err, want)
				}
			}
			if strings.Contains(err.Error(), "sss") {
				t.Errorf("a key is in %q", err)
			}
		})
	}
}

func TestTheSmallestMaxBytesHoldsTheSmallestSession(t *testing.T) {
	t.Parallel()
	s := newStore(t, cookiestore.Config{Keys: keys("a"), MaxBytes: 173, Now: atNoon})
	if _, err := s.Load(t.Context(), save(t, s, record("n", "1"))); err != nil {
		t.Error(err)
	}
}

func TestWithoutAClockOfItsOwnItGoesByTheWallClock(t *testing.T) {
	t.Parallel()
	s := newStore(t, cookiestore.Config{Keys: keys("a")})
	r := record()
	r.Created = time.Now()
	r.Expires = r.Created.Add(time.Hour)
	r.Ends = r.Expires
	if _, err := s.Load(t.Context(), save(t, s, r)); err != nil {
		t.Errorf("a session of an hour: %v", err)
	}
	r.Expires = r.Created.Add(-time.Hour)
	if _, err := s.Load(t.Context(), save(t, s, r)); err == nil {
		t.Error("a session that expired an hour ago is live")
	}
}

func TestKeysAreNeverPrinted(t *testing.T) {
	t.Parallel()
	cfg := cookiestore.Config{Keys: keys("q", "t"), Now: atNoon}
	s := newStore(t, cfg)
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
		for _, v := range []any{cfg, &cfg, s, *s, struct{ s *cookiestore.Store }{s}, struct{ s store.Store }{s}, struct{ s cookiestore.Store }{*s}} {
			text := fmt.Sprintf(format, v)
			for _, secret := range []string{"qqqq", "7171", "113 113", "0x71, 0x71"} {
				if strings.Contains(text, secret) {
					t.Errorf("%s of %T prints %s", format, v, text)
				}
			}
		}
	}
}
