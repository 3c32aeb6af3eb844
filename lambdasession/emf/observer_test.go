package emf_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/lambdasession/emf"
	"github.com/lambdasession/lambdasession-go/store"
)

// newObserver makes an observer that writes into a buffer.
func newObserver(t *testing.T, cfg emf.Config) (*emf.Observer, *bytes.Buffer) {
	t.Helper()
	var lines bytes.Buffer
	cfg.Writer = &lines
	o, err := emf.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return o, &lines
}

// observations are of each kind there is.
var observations = []lambdasession.Observation{
	{Operation: "load", Duration: 2345678 * time.Nanosecond, ReadUnits: 0.5},
	{Operation: "load", Duration: time.Millisecond, Err: store.ErrNotFound},
	{Operation: "update", Duration: 4 * time.Millisecond, WriteUnits: 2},
	{Operation: "rotate", Duration: 8 * time.Millisecond, ReadUnits: 4, WriteUnits: 6},
	{Operation: "save", Duration: 2 * time.Second, Err: fmt.Errorf("%w: connection refused", lambdasession.ErrUnavailable)},
	{Operation: "cookie", Err: errors.New("malformed cookie")},
}

func TestTheLinesAreOfTheEmbeddedMetricFormat(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]emf.Config{
		"defaults.jsonl": {},
		"named.jsonl": {
			Namespace:  "Shop/Sessions",
			Dimensions: map[string]string{"Service": "shop", "Environment": `the "test" one`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want, err := os.ReadFile("testdata/" + name)
			if err != nil {
				t.Fatal(err)
			}
			synctest.Test(t, func(t *testing.T) { // the clock stands at the beginning of 2000
				o, lines := newObserver(t, cfg)
				for _, seen := range observations {
					o.Observe(t.Context(), seen)
				}
				if diff := cmp.Diff(string(want), lines.String()); diff != "" {
					t.Errorf("lines (-want +got):\n%s", diff)
				}
			})
		})
	}
}

// What the specification demands of a line.
func TestEveryMetricAndDimensionOfALineIsThere(t *testing.T) {
	t.Parallel()
	o, lines := newObserver(t, emf.Config{Dimensions: map[string]string{"Service": "shop"}})
	for _, seen := range observations {
		lines.Reset()
		o.Observe(t.Context(), seen)

		var line map[string]any
		var head struct {
			AWS struct {
				Timestamp         int64
				CloudWatchMetrics []struct {
					Namespace  string
					Dimensions [][]string
					Metrics    []struct{ Name, Unit string }
				}
			} `json:"_aws"`
		}
		if err := errors.Join(json.Unmarshal(lines.Bytes(), &line), json.Unmarshal(lines.Bytes(), &head)); err != nil {
			t.Fatal(err)
		}
		if age := time.Since(time.UnixMilli(head.AWS.Timestamp)); age < 0 || age > time.Hour {
			t.Errorf("%s: it is %v old", seen.Operation, age)
		}
		for _, d := range head.AWS.CloudWatchMetrics {
			if len(d.Metrics) == 0 {
				t.Errorf("%s: no metrics", seen.Operation)
			}
			for _, m := range d.Metrics {
				if _, ok := line[m.Name].(float64); !ok || m.Unit != "Count" && m.Unit != "Milliseconds" {
					t.Errorf("%s: %s in %s is %v", seen.Operation, m.Name, m.Unit, line[m.Name])
				}
			}
			for _, name := range slices.Concat(d.Dimensions...) {
				if _, ok := line[name].(string); !ok {
					t.Errorf("%s: the dimension %s is %v", seen.Operation, name, line[name])
				}
			}
		}
	}
}

func TestWhatCountsAsAnError(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what                string
		err                 error
		errors, unavailable float64
	}{
		{"nothing", nil, 0, 0},
		{"a session that is not there", store.ErrNotFound, 0, 0},
		{"a session that has ended", &store.EndedError{At: time.Now()}, 0, 0},
		{"a parallel request", &store.ConflictError{}, 0, 0},
		{"a store that could not answer", lambdasession.ErrUnavailable, 1, 1},
		{"a session that is too large", lambdasession.ErrTooLarge, 1, 0},
		{"a session that cannot be read", &store.DecodeError{Err: errors.New("no map")}, 1, 0},
		{"a request that is invalid", &store.InvalidError{Err: errors.New("no name")}, 1, 0},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			o, line := newObserver(t, emf.Config{})
			o.Observe(t.Context(), lambdasession.Observation{Operation: "update", Err: c.err})
			var got struct{ Errors, Unavailable float64 }
			if err := json.Unmarshal(line.Bytes(), &got); err != nil {
				t.Fatal(err)
			}
			if got.Errors != c.errors || got.Unavailable != c.unavailable {
				t.Errorf("%g errors and %g unavailable, want %g and %g", got.Errors, got.Unavailable, c.errors, c.unavailable)
			}
		})
	}
}

// A careful writer takes one line at a time: the observer's lock is its only
// protection.
type careful struct {
	t     *testing.T
	lines int
}

func (w *careful) Write(p []byte) (int, error) {
	w.lines++
	if !json.Valid(p) || !bytes.HasSuffix(p, []byte("\n")) {
		w.t.Errorf("not a line: %q", p)
	}
	return 0, errors.New("disk full")
}

func TestLinesOfParallelOperationsDoNotMix(t *testing.T) {
	t.Parallel()
	w := &careful{t: t}
	o, err := emf.New(emf.Config{Writer: w})
	if err != nil {
		t.Fatal(err)
	}
	var operations sync.WaitGroup
	for i := range 100 {
		operations.Go(func() { o.Observe(t.Context(), observations[i%len(observations)]) })
	}
	operations.Wait()
	if w.lines != 100 {
		t.Errorf("%d lines, want 100", w.lines)
	}
}

func TestDimensionsAreThoseOfTheBeginning(t *testing.T) {
	t.Parallel()
	dimensions := map[string]string{"Service": "shop"}
	o, line := newObserver(t, emf.Config{Dimensions: dimensions})
	dimensions["Service"] = "another"
	o.Observe(t.Context(), observations[0])
	if !strings.Contains(line.String(), `"Service":"shop"`) {
		t.Errorf("a change of the map is in the line: %s", line)
	}
}
