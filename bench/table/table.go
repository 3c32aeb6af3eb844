// Command table reads what go test -bench -benchmem prints and prints it as a
// table: a part for each group of sub-benchmarks, its rows compared with the
// first. Lines that are no results go through as they are.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
)

func main() {
	if err := render(os.Stdout, os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "table:", err)
		os.Exit(1)
	}
}

// A result is the measure of one benchmark.
type result struct {
	group, name       string
	ns, bytes, allocs float64 // an operation
}

const (
	heading = "\n%-36s %12s %10s %10s   %s\n"
	row     = "  %-34s %12.0f %10.0f %10.0f%s\n"
)

func render(out io.Writer, in io.Reader) error {
	var first result // of the group under way
	lines := bufio.NewScanner(in)
	for lines.Scan() {
		r, ok := parse(lines.Text())
		if !ok {
			fmt.Fprintln(out, lines.Text())
			continue
		}
		beyond := ""
		if r.group == first.group {
			beyond = fmt.Sprintf("   %+.0f ns, %+.0f allocs", r.ns-first.ns, r.allocs-first.allocs)
		} else {
			first = r
			fmt.Fprintf(out, heading, r.group, "ns/op", "B/op", "allocs/op", "beyond the first row")
		}
		fmt.Fprintf(out, row, r.name, r.ns, r.bytes, r.allocs, beyond)
	}
	return lines.Err()
}

// parse reads a line such as
//
//	BenchmarkHTTPAPI/a_field_read/wrapped-2   250864   4796 ns/op   3704 B/op   46 allocs/op
//
// in the format of https://go.dev/design/14313-benchmark-format.
func parse(line string) (result, bool) {
	words := strings.Fields(line)
	if len(words) < 4 || len(words)%2 != 0 {
		return result{}, false
	}
	path, isResult := strings.CutPrefix(words[0], "Benchmark")
	if !isResult {
		return result{}, false
	}
	var r result
	for i := 2; i < len(words); i += 2 {
		value, err := strconv.ParseFloat(words[i], 64)
		if err != nil {
			return result{}, false
		}
		switch words[i+1] {
		case "ns/op":
			r.ns = value
		case "B/op":
			r.bytes = value
		case "allocs/op":
			r.allocs = value
		}
	}
	parts := strings.Split(strings.ReplaceAll(withoutProcs(path), "_", " "), "/")
	r.name = parts[len(parts)-1]
	r.group = strings.Join(parts[:len(parts)-1], ": ")
	return r, true
}

// withoutProcs drops the GOMAXPROCS that go test puts behind a name.
func withoutProcs(name string) string {
	i := strings.LastIndexByte(name, '-')
	if i < 0 {
		return name
	}
	if _, err := strconv.Atoi(name[i+1:]); err != nil {
		return name
	}
	return name[:i]
}
