package lambdasession_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

func succeed(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

func wantEqual(tb testing.TB, what string, want, got any) {
	tb.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty()); diff != "" {
		tb.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func wantError(tb testing.TB, want, got error) {
	tb.Helper()
	if !errors.Is(got, want) {
		tb.Errorf("error %v; want %v", got, want)
	}
}

// The cookies that a response may set.
const (
	noCookie      = "none"
	newCookie     = "new"
	expiredCookie = "expired"
)

func (r response) wantCookie(tb testing.TB, want string) {
	tb.Helper()
	got := noCookie
	switch cookie := r.setCookie(tb); {
	case cookie == nil:
	case cookie.MaxAge < 0:
		got = expiredCookie
	default:
		got = newCookie
	}
	if got != want {
		tb.Errorf("Set-Cookie: %s; want %s", got, want)
	}
}

// wantRefused says that the response was replaced by an error and that nothing
// of the session went out with it.
func (r response) wantRefused(tb testing.TB, want error) {
	tb.Helper()
	wantError(tb, want, r.err)
	wantEqual(tb, "header under an error", 0, len(r.header))
}

func wantStatus(tb testing.TB, want, got lambdasession.Status) {
	tb.Helper()
	if got != want {
		tb.Errorf("status %v; want %v", got, want)
	}
}

// texts shows encoded values as text.
func texts(values map[string][]byte) map[string]string {
	list := make(map[string]string, len(values))
	for name, value := range values {
		list[name] = string(value)
	}
	return list
}
