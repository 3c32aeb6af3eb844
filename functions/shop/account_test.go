package main

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/lambdasession/lambdasession-go/cookiestore"
	"github.com/lambdasession/lambdasession-go/memstore"
	"github.com/lambdasession/lambdasession-go/store"
)

const (
	firefox   = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
	telephone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Mobile/15E148 Safari/604.1"
)

// newDevice is a browser that has signed in as Ada.
func newDevice(t *testing.T, at, agent string) *browser {
	t.Helper()
	b := newBrowser(t, at)
	b.agent = agent
	expect(t, "the page after signing in", b.signIn("ada", "analytical-engine").path, "/account")
	return b
}

// wantSignedIn says whether the browser's session is Ada's and alive.
func wantSignedIn(t *testing.T, what string, b *browser, want bool) {
	t.Helper()
	if got := b.get("/account").path == "/account"; got != want {
		t.Errorf("%s is signed in: %t, want %t", what, got, want)
	}
}

func TestTheAccountListsWhereAUserIsSignedIn(t *testing.T) {
	t.Parallel()
	onEachStore(t, func(t *testing.T, at string) {
		desk := newDevice(t, at, firefox)
		r := desk.get("/account")
		expect(t, "the only device", r.text("h3"), "Firefox on Linux This device")
		if r.form("/account/signout-others", "") != nil {
			t.Error("it offers to sign out elsewhere, where nobody is")
		}

		phone := newDevice(t, at, telephone)
		expect(t, "the devices, as the first sees them", desk.get("/account").text("h3"), "Firefox on Linux This device Safari on iPhone")
		r = phone.get("/account")
		expect(t, "the devices, as the second sees them", r.text("h3"), "Firefox on Linux Safari on iPhone This device")
		if times := strings.Count(r.text(".devices"), "UTC"); times != 4 {
			t.Errorf("the list tells %d times, want since when and until when of each: %s", times, r.text(".devices"))
		}

		other := newBrowser(t, at)
		expect(t, "the devices of somebody else", other.signIn("grace", "nanosecond").text("h3"), "Go-http-client This device")
	})
}

func TestSigningOutADevice(t *testing.T) {
	t.Parallel()
	onEachStore(t, func(t *testing.T, at string) {
		desk, phone, tablet := newDevice(t, at, firefox), newDevice(t, at, telephone), newDevice(t, at, "Tablet/1.0")
		form := desk.get("/account").form("/account/signout", "") // of the first that is not this one

		r := desk.post("/account/signout", form)
		expect(t, "where it ends", r.path, "/account")
		expect(t, "the message", r.text(".flash"), "That device is signed out.")
		expect(t, "the devices", r.text("h3"), "Firefox on Linux This device Tablet")
		wantSignedIn(t, "the device", phone, false)
		wantSignedIn(t, "another one", tablet, true)

		expect(t, "the message when it is gone already", desk.post("/account/signout", form).text(".flash"), "That device is signed out.")
		for _, id := range []string{"", "no such device", strings.Repeat("x", 2000)} {
			expectStatus(t, desk.post("/account/signout", url.Values{"device": {id}}), http.StatusOK)
		}
		wantSignedIn(t, "this device", desk, true)

		own := tablet.get("/account").form("/account/signout", "")
		r = desk.post("/account/signout", own)
		expect(t, "the page after giving this device's own id", r.path, "/signed-out")
		expect(t, "its cookie", desk.key(), "")
		wantSignedIn(t, "another device", tablet, true)
	})
}

func TestADeviceOfSomebodyElseCannotBeSignedOut(t *testing.T) {
	t.Parallel()
	onEachStore(t, func(t *testing.T, at string) {
		desk, phone := newDevice(t, at, firefox), newDevice(t, at, telephone)
		form := desk.get("/account").form("/account/signout", "")

		grace := newBrowser(t, at)
		grace.signIn("grace", "nanosecond")
		grace.post("/account/signout", form)
		grace.post("/account/signout-others", form)
		wantSignedIn(t, "the device", phone, true)
	})
}

func TestSigningOutEverywhereElse(t *testing.T) {
	t.Parallel()
	onEachStore(t, func(t *testing.T, at string) {
		desk, phone, tablet := newDevice(t, at, firefox), newDevice(t, at, telephone), newDevice(t, at, "Tablet/1.0")
		key := desk.key()

		r := desk.post("/account/signout-others", nil)
		expect(t, "where it ends", r.path, "/account")
		expect(t, "the message", r.text(".flash"), "You are signed out everywhere else.")
		expect(t, "the devices", r.text("h3"), "Firefox on Linux This device")
		expect(t, "the cookie", desk.key(), key)
		wantSignedIn(t, "one other device", phone, false)
		wantSignedIn(t, "the other", tablet, false)
	})
}

func TestChangingThePasswordEndsEverySessionAndBeginsANewOne(t *testing.T) {
	t.Parallel()
	onEachStore(t, func(t *testing.T, at string) {
		desk, phone := newDevice(t, at, firefox), newDevice(t, at, telephone)
		desk.add("brass-ruler")
		old := desk.copyWith(desk.key())

		r := desk.post("/account/password", url.Values{"current": {"analytical-engine"}, "new": {"fifteen letters"}})
		expectStatus(t, r, http.StatusOK)
		expect(t, "where it ends", r.path, "/account")
		if message := r.text(".flash"); !strings.Contains(message, "Every session of yours has ended") || !strings.Contains(message, "still the old one") {
			t.Errorf("the message is %q", message)
		}
		expect(t, "the devices", r.text("h3"), "Firefox on Linux This device")
		expect(t, "the cart that came along", r.text(".count"), "1 in it")
		wantSignedIn(t, "this browser", desk, true)
		wantSignedIn(t, "another device", phone, false)
		wantSignedIn(t, "who holds a copy of the old cookie", old, false)
		old.post("/signout", nil)
		wantSignedIn(t, "this browser, after such a copy signed out", desk, true)
		newDevice(t, at, telephone) // with the old password: the new one is not kept
	})
}

func TestAPasswordThatIsNotChangedEndsNothing(t *testing.T) {
	t.Parallel()
	onEachStore(t, func(t *testing.T, at string) {
		desk, phone := newDevice(t, at, firefox), newDevice(t, at, telephone)
		key := desk.key()
		for _, c := range []struct {
			what          string
			current, next string
			says          string
		}{
			{"the wrong password", "nanosecond", "fifteen letters", "That is not your password. Nothing was changed."},
			{"no password", "", "fifteen letters", "That is not your password. Nothing was changed."},
			{"a new one of fourteen letters", "analytical-engine", "fourteen lette", "The new password needs at least 15 characters. Nothing was changed."},
			{"fourteen letters of two bytes", "analytical-engine", strings.Repeat("ß", 14), "The new password needs at least 15 characters. Nothing was changed."},
		} {
			r := desk.post("/account/password", url.Values{"current": {c.current}, "new": {c.next}})
			expectStatus(t, r, http.StatusUnprocessableEntity)
			expect(t, c.what+": the message", r.text(".failed"), c.says)
			expect(t, c.what+": the devices", r.text("h3"), "Firefox on Linux This device Safari on iPhone")
			for n := range r.root.Descendants() {
				if attribute(n, "type") == "password" && hasAttribute(n, "value") {
					t.Errorf("%s: the page holds what was typed as %s", c.what, attribute(n, "name"))
				}
			}
		}
		expect(t, "the cookie", desk.key(), key)
		wantSignedIn(t, "another device", phone, true)
	})
}

func TestTheAccountIsForWhoIsSignedIn(t *testing.T) {
	t.Parallel()
	onEachStore(t, func(t *testing.T, at string) {
		b := newBrowser(t, at)
		b.add("brass-ruler")
		for _, path := range []string{"/account/signout", "/account/signout-others", "/account/password"} {
			expect(t, path+": where it ends", b.post(path, url.Values{"new": {"fifteen letters"}}).path, "/signin")
		}
		expect(t, "the account: where it ends", b.get("/account").path, "/signin")
		expect(t, "the count in the header", b.get("/").text(".count"), "1 in it")
	})
}

// unlistedStore is one that cannot find the sessions of a user.
type unlistedStore struct{ store.Store }

func TestAStoreThatCannotListDevicesIsSpokenOfPolitely(t *testing.T) {
	t.Parallel()
	inCookies, err := cookiestore.New(cookiestore.Config{Keys: [][]byte{bytes.Repeat([]byte("k"), 32)}})
	if err != nil {
		t.Fatal(err)
	}
	for name, sessions := range map[string]store.Store{"with sessions in memory": unlistedStore{memstore.New()}, "with sessions in their cookies": inCookies} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newDevice(t, openShop(t, sessions), firefox)

			r := b.get("/account")
			expectStatus(t, r, http.StatusOK)
			if text := r.text("main"); !strings.Contains(text, "cannot be listed") || !strings.Contains(text, "sign out on each device itself") {
				t.Errorf("the page says %q", text)
			}
			for _, path := range []string{"/account/signout", "/account/signout-others", "/account/password"} {
				if r.form(path, "") != nil {
					t.Errorf("the page offers %s", path)
				}
				key := b.key()
				r := b.post(path, url.Values{"device": {"d1"}, "current": {"analytical-engine"}, "new": {"fifteen letters"}})
				expectStatus(t, r, http.StatusNotImplemented)
				expect(t, path+": the title", r.text("h1"), "That cannot be done from here")
				expect(t, path+": the cookie, of which nothing was changed", b.key(), key)
			}
			wantSignedIn(t, "this browser", b, true)
			b.post("/signout", nil)
			wantSignedIn(t, "this browser, signed out", b, false)
		})
	}
}

// forgetfulStore has its sessions, but cannot get at whose they are.
type forgetfulStore struct{ *memstore.Store }

func (forgetfulStore) Devices(context.Context, string) ([]store.Device, error) { return nil, errBroken }
func (forgetfulStore) Revoke(context.Context, string, string) error            { return errBroken }

func TestDevicesThatCannotBeAskedForNowAreAProblem(t *testing.T) {
	t.Parallel()
	b := newBrowser(t, openShop(t, forgetfulStore{memstore.New()}))
	for what, r := range map[string]response{
		"the account":           b.signIn("ada", "analytical-engine"),
		"signing out a device":  b.post("/account/signout", url.Values{"device": {"d1"}}),
		"the account, repeated": b.get("/account"),
	} {
		expectStatus(t, r, http.StatusServiceUnavailable)
		expect(t, what+": Retry-After", r.Header.Get("Retry-After"), "1")
	}
}
