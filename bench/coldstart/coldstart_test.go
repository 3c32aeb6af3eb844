package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestColdStart(t *testing.T) {
	t.Parallel()
	programs, err := buildAll(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	sizes := map[string]int64{}
	for _, p := range programs {
		sizes[p.name] = p.bytes
	}

	t.Run("the library's own part of a bootstrap is below 1 MB", func(t *testing.T) {
		t.Parallel()
		own := sizes[with] - sizes[without]
		if own <= 0 || own >= budgetBytes {
			t.Errorf("with the library %d bytes, without it %d: its own part is %d, and the budget %d",
				sizes[with], sizes[without], own, budgetBytes)
		}
	})
	t.Run("every function answers the first request after a start", func(t *testing.T) {
		t.Parallel()
		results, err := measure(t.Context(), programs, 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(results) != 6 {
			t.Errorf("%d functions were measured, want the sample's four and the two small ones", len(results))
		}
		for _, r := range results {
			if r.init <= 0 || r.all <= r.init || r.bytes <= 0 {
				t.Errorf("%s: %d bytes, initialised after %v, answered after %v", r.name, r.bytes, r.init, r.all)
			}
		}
	})
}

func TestAFunctionThatDoesNotAnswerIsAnError(t *testing.T) {
	t.Parallel()
	bootstrap := t.TempDir() + "/bootstrap"
	p, err := build(t.Context(), "with", bootstrap)
	if err != nil {
		t.Fatal(err)
	}
	p.payload = []byte(`{}`)
	if _, err := start(t.Context(), p, nil); err == nil || !strings.Contains(err.Error(), "Table") {
		t.Errorf("a function without a table started: %v", err)
	}
}

func TestTheTable(t *testing.T) {
	t.Parallel()
	ms := func(n float64) time.Duration { return time.Duration(n * float64(time.Millisecond)) }
	results := func(bytes int64, took time.Duration) []result {
		return []result{
			{program{name: without, bytes: 10_000_000}, sample{ms(5), ms(10)}},
			{program{name: with, bytes: 10_000_000 + bytes}, sample{ms(6), ms(10) + took}},
		}
	}
	for name, c := range map[string]struct {
		bytes int64
		took  time.Duration
		want  string // of the last line
	}{
		"what is within the budget is kept":            {999_999, ms(1.9), "kept"},
		"a library that is too large is said to be so": {1_000_000, ms(1.9), "the size is beyond it"},
		"one that takes too long":                      {999_999, ms(2), "the time is beyond it; on a busy machine, measure again"},
		"and one that is both":                         {1_000_000, ms(2), "the size and the time are beyond it"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			if err := render(&out, results(c.bytes, c.took), 3); err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(out.String(), "ms   "+c.want+"\n") {
				t.Errorf("the table ends with\n%s\nwant %q", out.String(), c.want)
			}
		})
	}
	t.Run("the library's own part is the difference", func(t *testing.T) {
		t.Parallel()
		var out strings.Builder
		if err := render(&out, results(740_000, ms(0.8)), 3); err != nil {
			t.Fatal(err)
		}
		want := []string{"the", "library's", "own", "part", "0.74", "MB", "1.0", "ms", "0.8", "ms"}
		lines := strings.Split(out.String(), "\n")
		if diff := cmp.Diff(want, strings.Fields(lines[5])); diff != "" {
			t.Errorf("(-want +got)\n%s", diff)
		}
	})
}
