package lambdasession_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/memstore"
)

var aKey = bytes.Repeat([]byte("k"), 32)

func TestConfigThatIsAccepted(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]lambdasession.Config{
		"nothing but a store":                       {},
		"keys of 32 bytes and more":                 {Keys: [][]byte{aKey, bytes.Repeat([]byte("l"), 100)}},
		"an idle timeout beyond the default 12 h":   {IdleTimeout: 24 * time.Hour},
		"equal timeouts":                            {IdleTimeout: time.Hour, AbsoluteTimeout: time.Hour},
		"a persistent cookie of exactly 400 days":   {AbsoluteTimeout: 400 * 24 * time.Hour, Cookie: lambdasession.Cookie{Persistent: true}},
		"a longer session in a non-persistent one":  {AbsoluteTimeout: 401 * 24 * time.Hour},
		"an idle timeout of one second":             {IdleTimeout: time.Second},
		"trusted origins with and without a port":   {TrustedOrigins: []string{"https://login.example.com", "http://localhost:3000"}},
		"a domain, under the prefix that allows it": {Cookie: lambdasession.Cookie{Domain: "example.com"}},
		"SameSite=None, which needs Secure":         {Cookie: lambdasession.Cookie{SameSite: http.SameSiteNoneMode}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg.Store = memstore.New()
			if _, err := lambdasession.New(cfg); err != nil {
				t.Errorf("New: %v", err)
			}
		})
	}
}

func TestConfigThatIsRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		cfg  func(*lambdasession.Config)
		want []string // what is wrong, and what to write instead
	}{
		"no store": {
			func(c *lambdasession.Config) { c.Store = nil },
			[]string{"Store is nil", "dynamostore.New"},
		},
		"a key of 31 bytes": {
			func(c *lambdasession.Config) { c.Keys = [][]byte{aKey, aKey[:31]} },
			[]string{"Keys[1] has 31 bytes", "at least 32"},
		},
		"an empty key": {
			func(c *lambdasession.Config) { c.Keys = [][]byte{nil} },
			[]string{"Keys[0] has 0 bytes"},
		},
		"an idle timeout below one second": {
			func(c *lambdasession.Config) { c.IdleTimeout = time.Second - 1 },
			[]string{"IdleTimeout is 999.999999ms", "at least 1s", "30m0s"},
		},
		"a negative idle timeout": {
			func(c *lambdasession.Config) { c.IdleTimeout = -time.Hour },
			[]string{"IdleTimeout is -1h0m0s", "at least 1s"},
		},
		"an absolute timeout shorter than the idle one": {
			func(c *lambdasession.Config) { c.AbsoluteTimeout = 30*time.Minute - 1 },
			[]string{"AbsoluteTimeout", "shorter than IdleTimeout (30m0s)", "at least as long"},
		},
		"a negative reserve": {
			func(c *lambdasession.Config) { c.PersistReserve = -1 },
			[]string{"PersistReserve is -1ns", "positive", "500ms"},
		},
		"a negative size": {
			func(c *lambdasession.Config) { c.MaxBytes = -1 },
			[]string{"MaxBytes is -1", "positive", "65536"},
		},
		"a persistent cookie a second beyond 400 days": {
			func(c *lambdasession.Config) {
				c.AbsoluteTimeout, c.Cookie.Persistent = 400*24*time.Hour+time.Second, true
			},
			[]string{"AbsoluteTimeout is 9600h0m1s", "400 days"},
		},
		"a trusted origin without a scheme": {
			func(c *lambdasession.Config) { c.TrustedOrigins = []string{"login.example.com"} },
			[]string{"TrustedOrigins", `"login.example.com"`, "https://login.example.com"},
		},
		"a trusted origin with a path": {
			func(c *lambdasession.Config) { c.TrustedOrigins = []string{"https://a.example/b"} },
			[]string{"TrustedOrigins", `"https://a.example/b"`, "scheme and host"},
		},
		"any origin at all": {
			func(c *lambdasession.Config) { c.TrustedOrigins = []string{"*"} },
			[]string{"TrustedOrigins", `"*"`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := lambdasession.Config{Store: memstore.New()}
			test.cfg(&cfg)
			wantRefusal(t, cfg, test.want...)
		})
	}
}

func TestConfigReportsEveryProblemAtOnce(t *testing.T) {
	t.Parallel()
	wantRefusal(t, lambdasession.Config{
		Keys:           [][]byte{{1}, {2, 3}},
		IdleTimeout:    -1,
		PersistReserve: -1,
		MaxBytes:       -1,
		TrustedOrigins: []string{"nowhere", "*"},
		Cookie:         lambdasession.Cookie{Name: "a b", Path: "c", Domain: "d", SameSite: 9},
	}, "lambdasession.New", "Store", "Keys[0]", "Keys[1]", "IdleTimeout", "PersistReserve", "MaxBytes",
		`"nowhere"`, `"*"`, "Cookie.Name", "Cookie.Path", "Cookie.Domain", "Cookie.SameSite")
}

func TestManagerKeepsItsOwnKeys(t *testing.T) {
	t.Parallel()
	keys := [][]byte{bytes.Clone(aKey)}
	sessions := newSessions(t, lambdasession.Config{Keys: keys})
	cookie := newVisitor(t, sessions)

	clear(keys[0]) // a program that wipes its copy of a secret
	if got := visitsOf(t, sessions, httpGet(cookie)); got != 1 {
		t.Errorf("after the caller overwrote its key the session has %d visits, want 1", got)
	}
	keys[0] = nil
	if got := visitsOf(t, sessions, httpGet(cookie)); got != 1 {
		t.Errorf("after the caller dropped its key the session has %d visits, want 1", got)
	}
}

// wantRefusal checks that New refuses cfg and says all of want.
func wantRefusal(t *testing.T, cfg lambdasession.Config, want ...string) {
	t.Helper()
	m, err := lambdasession.New(cfg)
	if err == nil || m != nil {
		t.Fatalf("New = %v, %v; want an error alone", m, err)
	}
	for _, w := range want {
		if !strings.Contains(err.Error(), w) {
			t.Errorf("the error does not say %q:\n%v", w, err)
		}
	}
}
