package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestAgo(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, c := range []struct {
		at   time.Duration
		want string
	}{
		{0, "in 0 s"},
		{-time.Second, "1 s ago"},
		{119 * time.Second, "in 119 s"},
		{2 * time.Minute, "in 2 min"},
		{-119 * time.Minute, "119 min ago"},
		{2 * time.Hour, "in 2 h"},
		{47 * time.Hour, "in 47 h"},
		{-48 * time.Hour, "2 d ago"},
	} {
		if got := ago(now.Add(c.at), now); got != c.want {
			t.Errorf("%v from now: got %s, want %s", c.at, got, c.want)
		}
	}
	if got := ago(time.Time{}, now); got != "-" {
		t.Errorf("no time: got %s", got)
	}
}

func TestColumns(t *testing.T) {
	t.Parallel()
	got := columns([][]string{{"NAME", "AGE"}, {"Zoë", "9"}, {"Grace Hopper", "10"}})
	want := []string{
		"NAME          AGE",
		"Zoë           9",
		"Grace Hopper  10",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestPrintable(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"ada@example.com": "ada@example.com",
		"Zoë 😀":           "Zoë 😀",
		"a\nb":            `"a\nb"`,
		"a\x1b[2J":        `"a\x1b[2J"`,
		"\u202eabc":       `"\u202eabc"`,
		"\xff":            `"\xff"`,
	} {
		if got := printable(s); got != want {
			t.Errorf("%q: got %s, want %s", s, got, want)
		}
	}
}

func TestClip(t *testing.T) {
	t.Parallel()
	if got := clip(strings.Repeat("ë", 40)); got != strings.Repeat("ë", 40) {
		t.Errorf("what fits became %s", got)
	}
	if got := clip(strings.Repeat("ë", 41)); got != strings.Repeat("ë", 37)+"..." {
		t.Errorf("what does not fit became %s", got)
	}
}

func TestIDsLast(t *testing.T) {
	t.Parallel()
	hyphen := "-" + strings.Repeat("A", 42)
	for _, c := range []struct{ name, args, want string }{
		{"an id that begins with a hyphen is no flag", "sessions show " + hyphen + " --output json", "sessions show --output json -- " + hyphen},
		{"what stands behind -- stays there", "sessions revoke " + hyphen + " --yes -- -x", "sessions revoke --yes -- " + hyphen + " -x"},
		{"flags stay where they are", "local --port 80 -e A=B", "local --port 80 -e A=B"},
		{"so does --", "a -- b", "a -- b"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, strings.Join(idsLast(strings.Split(c.args, " ")), " ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}
