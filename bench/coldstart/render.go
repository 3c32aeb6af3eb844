package main

import (
	"fmt"
	"io"
	"runtime"
	"slices"
	"time"
)

// render prints the table.
func render(out io.Writer, results []result, starts int) error {
	fmt.Fprintf(out, "%s/%s, median of %d starts\n\n", runtime.GOOS, runtime.GOARCH, starts)
	fmt.Fprintf(out, "%-28s %12s %12s %18s\n", "", "bootstrap", "initialised", "first response")
	for _, r := range results {
		fmt.Fprintf(out, "%-28s %9.2f MB %9.1f ms %15.1f ms\n", r.name, megabytes(r.bytes), millis(r.init), millis(r.all))
	}
	w, err := find(results, with)
	if err != nil {
		return err
	}
	wo, err := find(results, without)
	if err != nil {
		return err
	}
	bytes, took := w.bytes-wo.bytes, millis(w.all-wo.all)
	fmt.Fprintf(out, "%-28s %9.2f MB %9.1f ms %15.1f ms\n", "the library's own part", megabytes(bytes), millis(w.init-wo.init), took)
	fmt.Fprintf(out, "%-28s %9.2f MB %12s %15.1f ms   %s\n", "its budget", megabytes(budgetBytes), "", budgetMillis, verdict(bytes, took))
	return nil
}

func find(results []result, name string) (result, error) {
	i := slices.IndexFunc(results, func(r result) bool { return r.name == name })
	if i < 0 {
		return result{}, fmt.Errorf("%s was not measured", name)
	}
	return results[i], nil
}

func verdict(bytes int64, took float64) string {
	switch {
	case bytes >= budgetBytes && took >= budgetMillis:
		return "the size and the time are beyond it"
	case bytes >= budgetBytes:
		return "the size is beyond it"
	case took >= budgetMillis:
		return "the time is beyond it; on a busy machine, measure again"
	default:
		return "kept"
	}
}

func megabytes(n int64) float64 { return float64(n) / 1e6 }

func millis(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
