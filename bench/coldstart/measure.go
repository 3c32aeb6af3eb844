package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/lambdasession/lambdasession-go/localtest"
)

// A sample is one start.
type sample struct {
	init time.Duration // from the process's start until it asked for an event
	all  time.Duration // from the process's start until it had answered one
}

// A result is a program with its medians.
type result struct {
	program
	sample
}

// measure starts each program that often, in turns, each time to its first
// response. The small functions take turns in being first, since whoever comes
// second finds the machine warmer.
func measure(ctx context.Context, programs []program, starts int) (_ []result, err error) {
	database, err := openTable(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, database.Close()) }()
	for i, p := range programs {
		if p.name == with {
			programs[i].payload, err = encode(database.visitor)
		}
		if err != nil {
			return nil, err
		}
	}
	samples := make([][]sample, len(programs))
	for round := range starts + 1 {
		order := slices.Collect(indices(len(programs), round%2 == 1))
		for _, i := range order {
			s, err := start(ctx, programs[i], database.environment())
			if err != nil {
				return nil, fmt.Errorf("%s: %w", programs[i].name, err)
			}
			if round > 0 { // in the first the bootstrap comes from the disk
				samples[i] = append(samples[i], s)
			}
		}
	}
	results := make([]result, len(programs))
	for i, p := range programs {
		results[i] = result{p, sample{
			init: median(samples[i], func(s sample) time.Duration { return s.init }),
			all:  median(samples[i], func(s sample) time.Duration { return s.all }),
		}}
	}
	return results, nil
}

// indices are 0 to n-1, or backwards.
func indices(n int, backwards bool) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := range n {
			if backwards {
				i = n - 1 - i
			}
			if !yield(i) {
				return
			}
		}
	}
}

// start runs a program until it has answered its first request.
func start(ctx context.Context, p program, environment map[string]string) (s sample, err error) {
	var printed bytes.Buffer
	config := localtest.FunctionConfig{
		Name: "Cold", Bootstrap: p.bootstrap, Env: environment, Timeout: 10 * time.Second, MemoryMB: 512, MaxProcesses: 1,
		Log:    func(_, line string) { printed.WriteString(line + "\n") },
		Report: func(_ context.Context, r localtest.Report) { s.init = r.Init },
	}
	began := time.Now()
	function, err := localtest.StartFunction(ctx, config)
	if err != nil {
		return sample{}, fmt.Errorf("%w\n%s", err, printed.Bytes())
	}
	answer, err := function.Invoke(ctx, p.payload)
	s.all = time.Since(began)
	if err := errors.Join(err, function.Close()); err != nil {
		return sample{}, fmt.Errorf("%w\n%s", err, printed.Bytes())
	}
	// A streamed answer begins with the same, and has its body behind it.
	var response struct {
		StatusCode int
		Body       string
	}
	err = json.NewDecoder(bytes.NewReader(answer)).Decode(&response)
	if err != nil || response.StatusCode != http.StatusOK || p.body != "" && response.Body != p.body {
		return sample{}, fmt.Errorf("the first request was answered %.400q\n%s", answer, printed.Bytes())
	}
	return s, nil
}

func median(samples []sample, of func(sample) time.Duration) time.Duration {
	durations := make([]time.Duration, len(samples))
	for i, s := range samples {
		durations[i] = of(s)
	}
	slices.Sort(durations)
	return durations[len(durations)/2]
}
