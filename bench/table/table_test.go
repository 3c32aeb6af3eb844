package main

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestResultsBecomeATable(t *testing.T) {
	t.Parallel()
	const in = `goos: linux
BenchmarkHTTPAPI/never_used/bare-2         	100000000	        11.88 ns/op	       0 B/op	       0 allocs/op
BenchmarkHTTPAPI/never_used/well-wrapped-2 	 1623021	       733.4 ns/op	     672 B/op	       6 allocs/op
BenchmarkHTTPAPI/read/Load_alone           	 2702780	       418.1 ns/op	     704 B/op	       7 allocs/op
--- FAIL: BenchmarkBroken
PASS
`
	const want = `goos: linux

HTTPAPI: never used                         ns/op       B/op  allocs/op   beyond the first row
  bare                                         12          0          0
  well-wrapped                                733        672          6   +722 ns, +6 allocs

HTTPAPI: read                               ns/op       B/op  allocs/op   beyond the first row
  Load alone                                  418        704          7
--- FAIL: BenchmarkBroken
PASS
`
	var out strings.Builder
	if err := render(&out, strings.NewReader(in)); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("table (-want +got):\n%s", diff)
	}
}

func TestALineThatIsNoResultGoesThrough(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"",
		"ok  \tgithub.com/lambdasession/lambdasession-go/bench\t22.224s",
		"BenchmarkHTTPAPI",
		"BenchmarkHTTPAPI/read-2 \t 100 \t many ns/op",
	} {
		var out strings.Builder
		if err := render(&out, strings.NewReader(line+"\n")); err != nil {
			t.Fatal(err)
		}
		if out.String() != line+"\n" {
			t.Errorf("%q became %q", line, out.String())
		}
	}
}
