package emf

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/store"
)

// The members of a line that are its own. A dimension may have no such name.
const (
	metadata    = "_aws"
	operation   = "Operation"
	failure     = "Error"
	duration    = "Duration"
	calls       = "Calls"
	failures    = "Errors"
	unavailable = "Unavailable"
	readUnits   = "ReadUnits"
	writeUnits  = "WriteUnits"
)

var ownMembers = []string{metadata, operation, failure, duration, calls, failures, unavailable, readUnits, writeUnits}

// refusedCookie is the operation of an observation that is none.
const refusedCookie = "cookie"

// An Observer writes a line for every observation. Give it to
// [lambdasession.Config]. It is safe for concurrent use.
type Observer struct {
	cfg        Config
	dimensions []string // the names, Operation among them

	mu sync.Mutex // held while a line is written
}

var _ lambdasession.Observer = (*Observer)(nil)

// New makes an observer, or reports everything that is wrong with cfg in one
// error.
func New(cfg Config) (*Observer, error) {
	cfg, err := cfg.complete()
	if err != nil {
		return nil, fmt.Errorf("emf.New: %w", err)
	}
	cfg.Dimensions = maps.Clone(cfg.Dimensions)
	names := append([]string{operation}, slices.Sorted(maps.Keys(cfg.Dimensions))...)
	return &Observer{cfg: cfg, dimensions: names}, nil
}

// directive tells CloudWatch which members of the line are metrics.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
type directive struct {
	Namespace  string
	Dimensions [][]string
	Metrics    []definition
}

type definition struct {
	Name string
	Unit string
}

// Observe writes the line. One that cannot be written is lost: no metric is
// worth a visitor's request.
func (o *Observer) Observe(_ context.Context, seen lambdasession.Observation) {
	definitions, line := measurements(seen)
	line[metadata] = map[string]any{
		"Timestamp":         time.Now().UnixMilli(),
		"CloudWatchMetrics": []directive{{o.cfg.Namespace, [][]string{o.dimensions}, definitions}},
	}
	line[operation] = seen.Operation
	for name, value := range o.cfg.Dimensions {
		line[name] = value
	}
	if seen.Err != nil {
		line[failure] = seen.Err.Error()
	}
	text, err := json.Marshal(line)
	if err != nil {
		return // never: strings and finite numbers can be encoded
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	_, _ = o.cfg.Writer.Write(append(text, '\n'))
}

// measurements are the metrics of an observation, and their values by name.
func measurements(seen lambdasession.Observation) (definitions []definition, values map[string]any) {
	values = map[string]any{}
	add := func(name, unit string, value float64) {
		definitions = append(definitions, definition{name, unit})
		values[name] = value
	}
	add(calls, "Count", 1)
	if seen.Operation == refusedCookie {
		return definitions, values
	}
	add(duration, "Milliseconds", float64(seen.Duration.Microseconds())/1000)
	add(failures, "Count", count(isFailure(seen.Err)))
	add(unavailable, "Count", count(errors.Is(seen.Err, lambdasession.ErrUnavailable)))
	if seen.ReadUnits > 0 {
		add(readUnits, "Count", seen.ReadUnits)
	}
	if seen.WriteUnits > 0 {
		add(writeUnits, "Count", seen.WriteUnits)
	}
	return definitions, values
}

// isFailure reports whether an operator should know of the error. Most are
// answers: that a session is unknown or has ended, or that somebody else was
// faster.
func isFailure(err error) bool {
	_, conflict := errors.AsType[*store.ConflictError](err)
	return err != nil && !conflict && !errors.Is(err, store.ErrNotFound) && !errors.Is(err, store.ErrEnded)
}

func count(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
