package lambdasession_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/memstore"
)

// secretIn is where a cookie's value stands, with and without a signature.
var secretIn = regexp.MustCompile(`=[A-Za-z0-9_-]{43}(\.[A-Za-z0-9_-]{43})?;`)

func TestSetCookie(t *testing.T) { // S8
	t.Parallel()
	for name, test := range map[string]struct {
		cookie lambdasession.Cookie
		want   string
	}{
		"the zero value is the strictest": {
			lambdasession.Cookie{},
			"__Host-session=SECRET; Path=/; HttpOnly; Secure; SameSite=Lax",
		},
		"a path changes the prefix": {
			lambdasession.Cookie{Path: "/shop"},
			"__Secure-session=SECRET; Path=/shop; HttpOnly; Secure; SameSite=Lax",
		},
		"a domain changes the prefix": {
			lambdasession.Cookie{Domain: "shop.example"},
			"__Secure-session=SECRET; Path=/; Domain=shop.example; HttpOnly; Secure; SameSite=Lax",
		},
		"an insecure cookie has no prefix": {
			lambdasession.Cookie{Insecure: true},
			"session=SECRET; Path=/; HttpOnly; SameSite=Lax",
		},
		"a name of one's own": {
			lambdasession.Cookie{Name: "sid"},
			"sid=SECRET; Path=/; HttpOnly; Secure; SameSite=Lax",
		},
		"Strict": {
			lambdasession.Cookie{SameSite: http.SameSiteStrictMode},
			"__Host-session=SECRET; Path=/; HttpOnly; Secure; SameSite=Strict",
		},
		"None": {
			lambdasession.Cookie{SameSite: http.SameSiteNoneMode},
			"__Host-session=SECRET; Path=/; HttpOnly; Secure; SameSite=None",
		},
		"persistent": {
			lambdasession.Cookie{Persistent: true},
			"__Host-session=SECRET; Path=/; Max-Age=43200; HttpOnly; Secure; SameSite=Lax",
		},
	} {
		for keys, signed := range map[string][][]byte{"plain": nil, "signed": {aKey}} {
			t.Run(name+", "+keys, func(t *testing.T) {
				t.Parallel()
				clock, _ := clockFrom(noon)
				sessions := newSessions(t, lambdasession.Config{Cookie: test.cookie, Keys: signed, Now: clock})
				out := visit(t, sessions, httpGet(), func(s *lambdasession.Session) error { return visits.Set(s, 1) })
				if len(out.Cookies) != 1 {
					t.Fatalf("cookies = %q, want one", out.Cookies)
				}
				if m := secretIn.FindStringSubmatch(out.Cookies[0]); m == nil || (m[1] != "") != (signed != nil) {
					t.Errorf("the value of %q is not a key, signed or not as configured", out.Cookies[0])
				}
				got := secretIn.ReplaceAllLiteralString(out.Cookies[0], "=SECRET;")
				if diff := cmp.Diff(test.want, got); diff != "" {
					t.Errorf("Set-Cookie (-want +got):\n%s", diff)
				}
			})
		}
	}
}

func TestCookieThatIsRefused(t *testing.T) { // S8, S9, S15
	t.Parallel()
	type cookie = lambdasession.Cookie
	for name, test := range map[string]struct {
		cookie cookie
		want   []string
	}{
		"__Host- with a domain":         {cookie{Name: "__Host-a", Domain: "shop.example"}, []string{"Domain", "__Secure-"}},
		"__Host- with a path":           {cookie{Name: "__Host-a", Path: "/shop"}, []string{"Path", "__Secure-"}},
		"__host- in another case":       {cookie{Name: "__hOsT-a", Path: "/shop"}, []string{"Path", "__Secure-"}},
		"__Host- and insecure":          {cookie{Name: "__Host-a", Insecure: true}, []string{"Insecure", "without the prefix"}},
		"__Secure- and insecure":        {cookie{Name: "__Secure-a", Insecure: true}, []string{"Insecure", "without the prefix"}},
		"__SECURE- and insecure":        {cookie{Name: "__SECURE-a", Insecure: true}, []string{"Insecure"}},
		"SameSite=None and insecure":    {cookie{SameSite: http.SameSiteNoneMode, Insecure: true}, []string{"SameSite None", "Insecure"}},
		"SameSite left to the browser":  {cookie{SameSite: http.SameSiteDefaultMode}, []string{"SameSite", "SameSiteLaxMode"}},
		"SameSite out of range":         {cookie{SameSite: 17}, []string{"SameSite is 17"}},
		"a path that is relative":       {cookie{Path: "shop"}, []string{`Cookie.Path "shop"`, "begin with /"}},
		"a path beyond 1,024 bytes":     {cookie{Path: "/" + strings.Repeat("p", 1024)}, []string{"Cookie.Path has 1025 bytes", "1024"}},
		"a domain of one label":         {cookie{Domain: "localhost"}, []string{`Cookie.Domain "localhost"`, "example.com"}},
		"an address for a domain":       {cookie{Domain: "127.0.0.1"}, []string{"Cookie.Domain"}},
		"an IPv6 address for a domain":  {cookie{Domain: "[::1]"}, []string{"Cookie.Domain"}},
		"a domain with a port":          {cookie{Domain: "shop.example:443"}, []string{"Cookie.Domain"}},
		"a domain with an empty label":  {cookie{Domain: "shop..example"}, []string{"Cookie.Domain"}},
		"a domain with a trailing dot":  {cookie{Domain: "shop.example."}, []string{"Cookie.Domain"}},
		"a domain that begins with a -": {cookie{Domain: "-shop.example"}, []string{"Cookie.Domain"}},
		"a domain that ends with a -":   {cookie{Domain: "shop.example-"}, []string{"Cookie.Domain"}},
		"a label of 64 bytes":           {cookie{Domain: strings.Repeat("a", 64) + ".example"}, []string{"Cookie.Domain"}},
		"a domain of 254 bytes":         {cookie{Domain: strings.Repeat("a.", 123) + "examples"}, []string{"Cookie.Domain"}},
		"a domain beyond ASCII":         {cookie{Domain: "käse.example"}, []string{"Cookie.Domain"}},
		"a domain of a dot":             {cookie{Domain: "."}, []string{"Cookie.Domain"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantRefusal(t, lambdasession.Config{Store: memstore.New(), Cookie: test.cookie}, test.want...)
		})
	}
}

func TestCookieLimits(t *testing.T) { // S9: name and value, 4,096 bytes
	t.Parallel()
	const value = 43 + len(".") + 43 // room for a signature, with or without keys
	longest := strings.Repeat("n", 4096-value)
	sessions := newSessions(t, lambdasession.Config{Cookie: lambdasession.Cookie{Name: longest}, Keys: [][]byte{aKey}})
	if pair := newVisitor(t, sessions); len(pair) != 4096+len("=") {
		t.Errorf("the longest cookie has %d bytes besides the equals sign, want 4096", len(pair)-1)
	}
	wantRefusal(t, lambdasession.Config{Store: memstore.New(), Cookie: lambdasession.Cookie{Name: longest + "n"}},
		"Cookie.Name has 4010 bytes", "4096")
}

func TestCookieAttributesCannotBeInjected(t *testing.T) { // S15
	t.Parallel()
	// What Name, Path and Domain of the cookie may hold besides letters,
	// digits, hyphens and dots. All else below 0x100, and a few beyond, is
	// refused.
	allowed := map[string]string{
		"Name": "!#$%&'*+^_`|~",
		// RFC 6265 section 4.1.1: any character but controls and semicolons.
		"Path":   "!#$%&'*+^_`|~ \"(),/:<=>?@[\\]{}",
		"Domain": "",
	}
	const plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-."
	odd := []string{"\xff", "\u2028", "\u00a0", "；", "é", "�"}
	for b := range 0x100 {
		odd = append(odd, string([]byte{byte(b)}))
	}
	for attribute, also := range allowed {
		t.Run(attribute, func(t *testing.T) {
			t.Parallel()
			for _, s := range odd {
				var c lambdasession.Cookie
				switch attribute {
				case "Name":
					c.Name = "a" + s + "b"
				case "Path":
					c.Path = "/a" + s + "b"
				case "Domain":
					c.Domain = "a" + s + "b.example"
				}
				_, err := lambdasession.New(lambdasession.Config{Store: memstore.New(), Cookie: c})
				if want := strings.Contains(plain+also, s); (err == nil) != want {
					t.Errorf("%q in it: error %v, want accepted %v", s, err, want)
				}
				if err != nil && strings.ContainsAny(err.Error(), "\r\x00\x1b") {
					t.Errorf("%q in it: the error carries it raw: %q", s, err)
				}
			}
		})
	}
}
