package e2e

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// curl is the command with a cookie jar of its own.
type curl struct {
	t      *testing.T
	path   string
	jar    string
	origin string
}

func newCurl(t *testing.T, origin string) *curl {
	t.Helper()
	path, err := exec.LookPath("curl")
	if err != nil {
		t.Fatal("curl is not in PATH: install the package curl (Debian: apt-get install curl)")
	}
	return &curl{t: t, path: path, jar: filepath.Join(t.TempDir(), "jar"), origin: origin}
}

// get returns the page at path.
func (c *curl) get(path string) string {
	c.t.Helper()
	return c.run(path)
}

// post posts a form. It does not follow the redirect that answers: when curl 7
// does so in one call, it forgets that the first answer removed a cookie.
func (c *curl) post(path string, form ...string) {
	c.t.Helper()
	args := []string{"--request", "POST"}
	for _, field := range form {
		args = append(args, "--data-urlencode", field)
	}
	c.run(path, args...)
}

func (c *curl) run(path string, args ...string) string {
	c.t.Helper()
	args = append(args, "--silent", "--show-error", "--fail", "--cookie", c.jar, "--cookie-jar", c.jar, c.origin+path)
	command := exec.CommandContext(c.t.Context(), c.path, args...)
	var problem bytes.Buffer
	command.Stderr = &problem
	page, err := command.Output()
	if err != nil {
		c.t.Fatalf("curl %s: %v\n%s", path, err, &problem)
	}
	return string(page)
}

// cookie returns the value of the session cookie, or "".
func (c *curl) cookie() string {
	c.t.Helper()
	jar, err := os.ReadFile(c.jar)
	if err != nil {
		c.t.Fatal(err)
	}
	match := regexp.MustCompile(sessionCookie + `\t(\S+)`).FindSubmatch(jar)
	if match == nil {
		return ""
	}
	return string(match[1])
}

// TestShopInCurl is the same visit without a browser.
func TestShopInCurl(t *testing.T) {
	t.Parallel()
	shop := startShop(t)
	c := newCurl(t, shop.url)

	c.get("/")
	if cookie := c.cookie(); cookie != "" {
		t.Errorf("a visitor who has only looked has the cookie %s", cookie)
	}

	c.post("/cart/add", "sku=round-pencils", "quantity=1")
	c.post("/cart/add", "sku=brass-ruler", "quantity=2")
	wantInCart(t, c.get("/cart"))
	anonymous := c.cookie()
	if anonymous == "" {
		t.Fatal("there is no session cookie")
	}

	if err := shop.killFunction(); err != nil {
		t.Fatal(err)
	}
	wantInCart(t, c.get("/cart"))

	c.post("/signin", "name=ada", "password=analytical-engine")
	signedIn := c.cookie()
	if signedIn == "" || signedIn == anonymous {
		t.Fatal("signing in has not changed the session cookie")
	}
	wantInCart(t, c.get("/cart"))
	if page := c.get("/account"); !strings.Contains(page, "Ada") {
		t.Errorf("the account is not Ada's:\n%s", page)
	}

	c.post("/signout")
	if cookie := c.cookie(); cookie != "" {
		t.Errorf("after signing out there is the cookie %s", cookie)
	}
	if page := visit(t, shop.url+"/account", signedIn); strings.Contains(page, "Ada") {
		t.Errorf("replayed, the old cookie shows the account:\n%s", page)
	}
}

func wantInCart(t *testing.T, page string) {
	t.Helper()
	for _, product := range []string{"Round pencils", "Brass ruler"} {
		if !strings.Contains(page, product) {
			t.Errorf("%s is not in the cart:\n%s", product, page)
		}
	}
}
