package main

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/localtest"
	"github.com/lambdasession/lambdasession-go/store"
)

// revoke runs "sessions revoke" with a user who says yes. It returns what was
// asked and what was printed.
func (f *fixture) revoke(c sessionsRevoke) (asked, printed string, err error) {
	f.t.Helper()
	var b strings.Builder
	err = c.revoke(f.t.Context(), f.sessionsTable, &terminal{w: &b}, func(_ context.Context, question string) error {
		asked = question
		return nil
	})
	return asked, b.String(), err
}

func TestSessionsRevoke(t *testing.T) {
	t.Parallel()

	t.Run("sessions by their ids", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		one, two, other := f.save("ada", "phone", nil), f.save("", "", nil), f.save("ada", "laptop", nil)
		asked, printed, err := f.revoke(sessionsRevoke{IDs: []string{one.Digest(), two.Digest()}})
		if err != nil {
			t.Fatal(err)
		}
		if asked != "Revoke 2 sessions?" {
			t.Errorf("it asked %s", asked)
		}
		want := "Revoked: session " + one.Digest()[:8] + "...\nRevoked: session " + two.Digest()[:8] + "...\n"
		if diff := cmp.Diff(want, printed); diff != "" {
			t.Error(diff)
		}
		if f.lives(one) || f.lives(two) || !f.lives(other) {
			t.Errorf("live: %t and %t, want neither; the other: %t, want it to", f.lives(one), f.lives(two), f.lives(other))
		}
		devices, err := f.Devices(t.Context(), "ada")
		if err != nil || len(devices) != 1 || devices[0].ID != "laptop" {
			t.Errorf("ada is signed in on %v, error %v", devices, err)
		}
	})

	t.Run("those that are not there keep it from no other, and are told", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		ended, lives, never := f.save("", "", nil), f.save("", "", nil), store.NewKey()
		f.end(ended)
		_, printed, err := f.revoke(sessionsRevoke{IDs: []string{ended.Digest(), never.Reveal(), lives.Digest()}})
		want := "session " + ended.Digest()[:8] + "...: ended already, at " + f.now.UTC().Format(time.RFC3339) +
			"\nsession " + never.Reveal()[:8] + "...: there is none that lives; sessions list tells those that do"
		if diff := cmp.Diff(want, errorText(err)); diff != "" {
			t.Error(diff)
		}
		if f.lives(lives) || printed != "Revoked: session "+lives.Digest()[:8]+"...\n" {
			t.Errorf("the one that is there lives: %t, printed:\n%s", f.lives(lives), printed)
		}
	})

	t.Run("a subject's devices", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		phone, laptop, grace := f.save("ada", "phone", nil), f.save("ada", "laptop", nil), f.save("grace", "phone", nil)
		asked, printed, err := f.revoke(sessionsRevoke{Subject: "ada", Device: []string{"phone", "toaster"}})
		if asked != "Revoke 2 sessions of ada?" || printed != "Revoked: session on device phone\n" {
			t.Errorf("asked %s, printed %s", asked, printed)
		}
		if errorText(err) != "session on device toaster: there is none that lives; sessions list tells those that do" {
			t.Errorf("got %v", err)
		}
		if f.lives(phone) || !f.lives(laptop) || !f.lives(grace) {
			t.Error("it was another one that ended")
		}
	})

	t.Run("all of a subject", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		phone, laptop, grace := f.save("ada", "phone", nil), f.save("ada", "laptop", nil), f.save("grace", "phone", nil)
		asked, printed, err := f.revoke(sessionsRevoke{Subject: "ada", All: true})
		if err != nil {
			t.Fatal(err)
		}
		if asked != "Revoke all sessions of ada (2 now)?" {
			t.Errorf("it asked %s", asked)
		}
		want := "Revoked: 2 sessions of ada\n  on device laptop Firefox on laptop\n  on device phone Firefox on phone\n"
		if diff := cmp.Diff(want, printed); diff != "" {
			t.Error(diff)
		}
		if f.lives(phone) || f.lives(laptop) || !f.lives(grace) {
			t.Error("it was another one that ended")
		}
	})

	t.Run("all of a subject but one", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		phone, laptop := f.save("ada", "phone", nil), f.save("ada", "laptop", nil)
		asked, _, err := f.revoke(sessionsRevoke{Subject: "ada", All: true, Keep: "phone"})
		if err != nil {
			t.Fatal(err)
		}
		if asked != "Revoke all sessions but that on phone of ada (1 now)?" {
			t.Errorf("it asked %s", asked)
		}
		if !f.lives(phone) || f.lives(laptop) {
			t.Error("it was the wrong one that ended")
		}
	})

	t.Run("a device to keep that there is not ends nothing: it may be mistyped", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		phone := f.save("ada", "phone", nil)
		asked, _, err := f.revoke(sessionsRevoke{Subject: "ada", All: true, Keep: "fone"})
		if errorText(err) != "ada has no live session on the device to keep, fone: nothing was revoked" || asked != "" || !f.lives(phone) {
			t.Errorf("got %v, asked %q, lives: %t", err, asked, f.lives(phone))
		}
	})

	t.Run("a sign-in that is under way is refused where there is nothing to end yet", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		if _, _, err := f.revoke(sessionsRevoke{Subject: "ada", All: true}); err != nil {
			t.Fatal(err)
		}
		_, err := f.Save(t.Context(), store.Record{
			Subject: "ada", Device: "phone",
			Created: f.now.Add(-time.Second), Expires: f.now.Add(time.Hour), Ends: f.now.Add(time.Hour),
		})
		if !errors.Is(err, store.ErrEnded) {
			t.Errorf("got %v", err)
		}
	})

	t.Run("without a yes nothing ends", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		key := f.save("ada", "phone", nil)
		for _, c := range []sessionsRevoke{{IDs: []string{key.Digest()}}, {Subject: "ada", Device: []string{"phone"}}, {Subject: "ada", All: true}} {
			err := c.revoke(t.Context(), f.sessionsTable, &terminal{w: &strings.Builder{}}, func(context.Context, string) error { return errNotConfirmed })
			if err != errNotConfirmed || !f.lives(key) {
				t.Errorf("%+v: got %v, lives: %t", c, err, f.lives(key))
			}
		}
	})

	t.Run("a permission that is missing is named", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		key := f.save("ada", "phone", nil)
		faults := f.db.Faults(t)
		faults.Inject(localtest.Fault{Kind: localtest.AccessDenied, Operations: []string{"UpdateItem", "TransactWriteItems"}})
		f.sessionsTable = tableOf(t, faults.Client, dynamostore.Config{Table: f.name})
		for _, c := range []sessionsRevoke{{IDs: []string{key.Digest()}}, {Subject: "ada", Device: []string{"phone"}}, {Subject: "ada", All: true}} {
			if _, _, err := f.revoke(c); !strings.Contains(errorText(err), "these credentials need the permission dynamodb:") {
				t.Errorf("%+v: got %v", c, err)
			}
		}
	})
}

func TestSessionsRevokeRefuses(t *testing.T) {
	t.Parallel()
	id := store.NewKey().Digest()
	for _, c := range []struct {
		name   string
		revoke sessionsRevoke
		want   string
	}{
		{"nothing named", sessionsRevoke{}, "which sessions?"},
		{"ids and a subject", sessionsRevoke{IDs: []string{id}, Subject: "ada"}, "name either ids or --subject"},
		{"devices of nobody", sessionsRevoke{IDs: []string{id}, Device: []string{"phone"}}, "--device, --all and --keep go with --subject"},
		{"all of nobody", sessionsRevoke{IDs: []string{id}, All: true}, "--device, --all and --keep go with --subject"},
		{"a subject alone", sessionsRevoke{Subject: "ada"}, "with --subject, name each --device, or --all"},
		{"a device and all", sessionsRevoke{Subject: "ada", Device: []string{"phone"}, All: true}, "with --subject, name each --device, or --all"},
		{"a device to keep beside one to end", sessionsRevoke{Subject: "ada", Device: []string{"phone"}, Keep: "laptop"}, "--keep goes with --all"},
		{"what is no id", sessionsRevoke{IDs: []string{id, "x"}, Yes: true}, errNoID.Error()},
		{"ids, confirmed", sessionsRevoke{IDs: []string{id}, Yes: true}, ""},
		{"all, confirmed", sessionsRevoke{Subject: "ada", All: true, Keep: "phone", Yes: true}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := errorText(c.revoke.Validate()); (c.want == "") != (got == "") || !strings.HasPrefix(got, c.want) {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}
