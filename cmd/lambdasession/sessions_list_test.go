package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/localtest"
)

// list runs "sessions list" and returns what it prints.
func (f *fixture) list(c sessionsList) string {
	f.t.Helper()
	c.Flags = tableFlags{Table: f.name, PartitionKey: "pk", SortKey: "sk", TTLAttribute: "expires"}
	if c.Limit == 0 {
		c.Limit = 50
	}
	var b strings.Builder
	if err := c.list(f.t.Context(), f.sessionsTable, &b, &terminal{w: &b}, f.now); err != nil {
		f.t.Fatal(err)
	}
	return b.String()
}

// listJSON runs "sessions list --output json".
func (f *fixture) listJSON(c sessionsList) sessionList {
	f.t.Helper()
	c.Output = "json"
	var list sessionList
	if err := json.Unmarshal([]byte(f.list(c)), &list); err != nil {
		f.t.Fatal(err)
	}
	return list
}

func TestSessionsList(t *testing.T) {
	t.Parallel()

	t.Run("a table of sessions, each with its time left", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		ada := f.save("ada", "phone", map[string][]byte{"cart": []byte("1")}).Digest()
		want := "SESSION                                      STATE  SUBJECT  CREATED   EXPIRES    BYTES\n" +
			ada + "  live   ada      60 s ago  in 30 min  " + fmt.Sprint(f.listJSON(sessionsList{}).Sessions[0].Bytes) + "\n"
		if diff := cmp.Diff(want, f.list(sessionsList{})); diff != "" {
			t.Error(diff)
		}
	})

	t.Run("a subject's devices, with the ids of their sessions", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		phone := f.save("ada", "phone", nil).Digest()
		f.save("grace", "laptop", nil)
		want := "SESSION                                      DEVICE  LABEL             CREATED   EXPIRES    ENDS\n" +
			phone + "  phone   Firefox on phone  60 s ago  in 30 min  in 12 h\n"
		if diff := cmp.Diff(want, f.list(sessionsList{Subject: "ada"})); diff != "" {
			t.Error(diff)
		}
	})

	t.Run("JSON has the names that its help promises", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		id := f.save("ada", "phone", map[string][]byte{"cart": []byte("[1]")}).Digest()
		var got any
		if err := json.Unmarshal([]byte(f.list(sessionsList{Output: "json"})), &got); err != nil {
			t.Fatal(err)
		}
		at := func(d time.Duration) string { return f.now.Add(d).UTC().Format(time.RFC3339) }
		want := map[string]any{"sessions": []any{map[string]any{
			"id": id, "state": "live", "subject": "ada", "device": "phone",
			"created": at(-time.Minute), "expires": at(30*time.Minute + time.Second), "ends": at(12*time.Hour + time.Second),
			"bytes": got.(map[string]any)["sessions"].([]any)[0].(map[string]any)["bytes"], "fields": map[string]any{"cart": 3.0},
		}}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})

	t.Run("sessions that have ended are listed if asked for", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		lives, ended := f.save("ada", "phone", nil), f.save("ada", "laptop", nil)
		f.end(ended)
		states := func(list sessionList) map[string]string {
			got := map[string]string{}
			for _, s := range list.Sessions {
				got[s.ID] = s.State
			}
			return got
		}
		if diff := cmp.Diff(map[string]string{lives.Digest(): "live"}, states(f.listJSON(sessionsList{}))); diff != "" {
			t.Error(diff)
		}
		all := map[string]string{lives.Digest(): "live", ended.Digest(): "ended"}
		if diff := cmp.Diff(all, states(f.listJSON(sessionsList{All: true}))); diff != "" {
			t.Error(diff)
		}
	})

	t.Run("an empty list says what it means", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		for _, c := range []struct {
			list sessionsList
			want string
		}{
			{sessionsList{}, "No live session in " + f.place + ": a visitor gets one with the first value that is kept. --all lists those that have ended, too.\n"},
			{sessionsList{All: true}, "No session in " + f.place + ".\n"},
			{sessionsList{Subject: "ada"}, "ada has no live session in " + f.place + ": signed out everywhere, expired, or never signed in by that name.\n"},
			{sessionsList{Output: "json"}, "{\n  \"sessions\": []\n}\n"},
			{sessionsList{Output: "json", Subject: "ada"}, "{\n  \"sessions\": []\n}\n"},
		} {
			if diff := cmp.Diff(c.want, f.list(c.list)); diff != "" {
				t.Error(diff)
			}
		}
	})

	t.Run("pages of any size hold every session once", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		var want []string
		for i := range 10 {
			key := f.save("ada", fmt.Sprint("device-", i), nil)
			if i%3 == 0 {
				f.end(key)
			} else {
				want = append(want, key.Digest())
			}
		}
		slices.Sort(want)
		for _, limit := range []int{1, 2, 5, 6, 7} {
			var got []string
			c := sessionsList{Limit: limit}
			for {
				list := f.listJSON(c)
				if len(list.Sessions) > limit {
					t.Errorf("a page of %d has %d", limit, len(list.Sessions))
				}
				for _, s := range list.Sessions {
					got = append(got, s.ID)
				}
				if c.From = list.Next; c.From == "" {
					break
				}
			}
			slices.Sort(got)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("pages of %d: %s", limit, diff)
			}
		}
	})

	t.Run("a page that is not the last ends with the command for the next", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		f.save("", "", nil)
		f.save("", "", nil)
		got := f.list(sessionsList{Limit: 1, All: true})
		next := f.listJSON(sessionsList{Limit: 1, All: true}).Next
		if want := "\nThere are more: lambdasession sessions list --table=" + f.name + " --all --limit=1 --from=" + next + "\n"; !strings.HasSuffix(got, want) {
			t.Errorf("got\n%s\nwant at its end\n%s", got, want)
		}
	})

	t.Run("what a visitor has named cannot reach the terminal", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		f.save("ada\x1b[2J\u202e\u009b31m", "phone\x1b[2J", nil)
		for _, c := range []sessionsList{{}, {Output: "json"}, {Subject: "ada\x1b[2J\u202e\u009b31m"}, {Subject: "ada\x1b[2J\u202e\u009b31m", Output: "json"}} {
			if got := f.list(c); strings.ContainsAny(got, "\x1b\u202e\u009b") {
				t.Errorf("%+v prints %q", c, got)
			}
		}
	})

	t.Run("nor can an id that no store wrote", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		id := f.save("ada", "phone", nil).Digest()
		f.rewrite(id, "\x1b[2J"+id[4:])
		for _, c := range []sessionsList{{}, {Subject: "ada"}, {Subject: "ada", Output: "json"}} {
			if got := f.list(c); strings.Contains(got, "\x1b") {
				t.Errorf("%+v prints %q", c, got)
			}
		}
	})

	t.Run("no key is printed", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		key := f.save("ada", "phone", nil)
		for _, c := range []sessionsList{{}, {Output: "json"}, {Subject: "ada"}, {Subject: "ada", Output: "json"}} {
			if strings.Contains(f.list(c), key.Reveal()) {
				t.Errorf("%+v prints the key", c)
			}
		}
	})

	t.Run("a token that is none is named by its flag", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		c := sessionsList{Limit: 50, From: "nonsense"}
		var b strings.Builder
		err := c.list(t.Context(), f.sessionsTable, &b, &terminal{w: &b}, f.now)
		if !strings.HasPrefix(errorText(err), "--from is no token") {
			t.Errorf("got %v", err)
		}
	})

	t.Run("reading a whole table may be forbidden", func(t *testing.T) {
		t.Parallel()
		f := newFixture(t)
		faults := f.db.Faults(t)
		faults.Inject(localtest.Fault{Kind: localtest.AccessDenied, Operations: []string{"Scan"}})
		c := sessionsList{Limit: 50}
		var b strings.Builder
		table := tableOf(t, faults.Client, dynamostore.Config{Table: f.name})
		err := c.list(t.Context(), table, &b, &terminal{w: &b}, f.now)
		if !strings.Contains(errorText(err), "these credentials need the permission dynamodb:Scan") {
			t.Errorf("got %v", err)
		}
	})
}

func TestSessionsListRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		list sessionsList
		want string
	}{
		{"a page of nothing", sessionsList{Limit: 0}, "--limit is 0: want 1 to 1000"},
		{"a page of too much", sessionsList{Limit: 1001}, "--limit is 1001: want 1 to 1000"},
		{"a subject's sessions that have ended", sessionsList{Limit: 50, Subject: "ada", All: true}, "--subject goes with neither --all nor --from"},
		{"pages of a subject's sessions", sessionsList{Limit: 50, Subject: "ada", From: "x"}, "--subject goes with neither --all nor --from"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := errorText(c.list.Validate()); !strings.HasPrefix(got, c.want) {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}
