package ferrule_test

import (
	"testing"

	"github.com/lambdasession/lambdasession-go/functions/internal/ferrule"
)

func TestAuthenticate(t *testing.T) {
	t.Parallel()

	for _, c := range []struct{ what, name, password, want string }{
		{"a name with its password", "ada", "analytical-engine", "ada"},
		{"the other name with its password", "grace", "nanosecond", "grace"},
		{"a name with somebody else's password", "ada", "nanosecond", ""},
		{"a name without a password", "ada", "", ""},
		{"an unknown name with a known password", "eve", "nanosecond", ""},
		{"nothing at all", "", "", ""},
		{"a password with one more letter", "grace", "nanoseconds", ""},
		{"a name in capitals", "ADA", "analytical-engine", ""},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			user, ok := ferrule.Authenticate(c.name, c.password)
			if user.Name != c.want || ok != (c.want != "") {
				t.Errorf("Authenticate(%q, %q) = %q, %t; want %q", c.name, c.password, user.Name, ok, c.want)
			}
		})
	}
}

func TestFind(t *testing.T) {
	t.Parallel()

	for _, want := range ferrule.Users() {
		if got, ok := ferrule.FindUser(want.Name); !ok || got != want {
			t.Errorf("FindUser(%q) = %v, %t", want.Name, got, ok)
		}
	}
	if u, ok := ferrule.FindUser("eve"); ok {
		t.Errorf("FindUser of an unknown name gave %v", u)
	}
}
