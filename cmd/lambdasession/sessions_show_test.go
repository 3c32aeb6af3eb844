package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/store"
)

// show runs "sessions show" and returns what it prints.
func (f *fixture) show(c sessionsShow) string {
	f.t.Helper()
	var b strings.Builder
	if err := c.show(f.t.Context(), f.sessionsTable, &b, &terminal{w: &b}, f.now); err != nil {
		f.t.Fatal(err)
	}
	return b.String()
}

func TestSessionsShow(t *testing.T) {
	t.Parallel()
	values := map[string][]byte{
		"cart":  []byte(`{"lines":[{"sku":"x","n":2}]}`),
		"empty": {},
		"photo": {0xff, 0x00},
	}

	t.Run("a session with its values, those that are JSON laid out", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		key := f.save("ada", "phone", values)
		session, err := f.Inspect(t.Context(), key.Digest())
		if err != nil {
			t.Fatal(err)
		}
		at := func(d time.Duration) string { return f.now.Add(d).UTC().Format(time.RFC3339) }
		want := "Session  " + key.Digest() + `
State    live
Subject  ada
Device   phone
Created  ` + at(-time.Minute) + `, 60 s ago
Expires  ` + at(30*time.Minute+time.Second) + `, in 30 min
Ends     ` + at(12*time.Hour+time.Second) + `, in 12 h
Size     ` + fmt.Sprint(session.Bytes) + ` bytes

cart, 29 bytes
  {
    "lines": [
      {
        "sku": "x",
        "n": 2
      }
    ]
  }

empty, 0 bytes
  not JSON: --output json has it in base64

photo, 2 bytes
  not JSON: --output json has it in base64
`
		if diff := cmp.Diff(want, f.show(sessionsShow{ID: key.Digest()})); diff != "" {
			t.Error(diff)
		}
	})

	t.Run("JSON has the values, those that are none in base64", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		id := f.save("ada", "phone", values).Digest()
		var got struct {
			ID     string            `json:"id"`
			Fields map[string]int    `json:"fields"`
			Values map[string]any    `json:"values"`
			Raw    map[string][]byte `json:"raw_values"`
		}
		if err := json.Unmarshal([]byte(f.show(sessionsShow{ID: id, Output: "json"})), &got); err != nil {
			t.Fatal(err)
		}
		want := got
		want.ID = id
		want.Fields = map[string]int{"cart": 29, "empty": 0, "photo": 2}
		want.Values = map[string]any{"cart": map[string]any{"lines": []any{map[string]any{"sku": "x", "n": 2.0}}}}
		want.Raw = map[string][]byte{"empty": {}, "photo": {0xff, 0x00}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})

	t.Run("--no-values names the fields alone", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		id := f.save("ada", "phone", values).Digest()
		for _, output := range []string{"table", "json"} {
			got := f.show(sessionsShow{ID: id, NoValues: true, Output: output})
			if !strings.Contains(got, "cart") || strings.Contains(got, "sku") || strings.Contains(got, "values") || strings.Contains(got, "/wA=") {
				t.Errorf("%s: got\n%s", output, got)
			}
		}
	})

	t.Run("one that was logged out tells when", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		key := f.save("ada", "phone", values)
		f.end(key)
		got := f.show(sessionsShow{ID: key.Digest()})
		if want := "State    ended\nSubject  ada\nDevice   phone\nEnded    " + f.now.UTC().Format(time.RFC3339) + ", in 0 s\n"; !strings.Contains(got, want) {
			t.Errorf("got\n%s\nwant in it\n%s", got, want)
		}
	})

	t.Run("one that was renewed tells where it went", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		key := f.save("ada", "phone", nil)
		record, err := f.Load(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		next, err := f.Rotate(t.Context(), key, record, record)
		if err != nil {
			t.Fatal(err)
		}
		if got := f.show(sessionsShow{ID: key.Digest()}); !strings.Contains(got, "\nSuccessor  "+next.Digest()+"\n") {
			t.Errorf("got\n%s", got)
		}
	})

	t.Run("what a visitor has stored cannot reach the terminal, and is read back as it was", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		const hostile = "a\u009b31m\u202e\U000e0001<&>"
		value, err := json.Marshal(hostile)
		if err != nil {
			t.Fatal(err)
		}
		id := f.save("ada", "phone", map[string][]byte{"note\x1b[2J": value}).Digest()
		for _, output := range []string{"table", "json"} {
			if got := f.show(sessionsShow{ID: id, Output: output}); strings.ContainsAny(got, "\x1b\u009b\u202e\U000e0001") {
				t.Errorf("%s: got %q", output, got)
			}
		}
		var got sessionView
		if err := json.Unmarshal([]byte(f.show(sessionsShow{ID: id, Output: "json"})), &got); err != nil {
			t.Fatal(err)
		}
		var note string
		if err := json.Unmarshal(got.Values["note\x1b[2J"], &note); err != nil || note != hostile {
			t.Errorf("it reads %q, error %v", note, err)
		}
	})

	t.Run("what is not there is not repeated: it may be a key", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		key := f.save("ada", "phone", nil).Reveal()
		c := sessionsShow{ID: key}
		var b strings.Builder
		err := c.show(t.Context(), f.sessionsTable, &b, &terminal{w: &b}, f.now)
		if want := "no session " + key[:8] + "... in " + f.place; !strings.HasPrefix(errorText(err), want) || strings.Contains(err.Error(), key) {
			t.Errorf("got %v", err)
		}
	})

	t.Run("what is no id is refused without being repeated", func(t *testing.T) {
		t.Parallel()
		for _, id := range []string{"", "secret", store.NewKey().Reveal() + "x", strings.Repeat("é", 43), strings.Repeat("a", 43), store.NewKey().Digest()[:42] + "\n"} {
			if err := (&sessionsShow{ID: id}).Validate(); err != errNoID {
				t.Errorf("%q: got %v", id, err)
			}
		}
	})
}
