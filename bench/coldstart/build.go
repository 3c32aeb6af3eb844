package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// A program is a function that was built.
type program struct {
	name      string
	bootstrap string // its path
	bytes     int64  // of the bootstrap
	payload   []byte // of its first request
	body      string // of its answer; "" for any
}

// The small function, with the library and without it.
const (
	with    = "a small one with sessions"
	without = "a small one without"
)

// buildAll builds the sample's functions and the two small ones into dir.
func buildAll(ctx context.Context, dir string) ([]program, error) {
	root, err := goCommand(ctx, "list", "-m", "-f", "{{.Dir}}", "github.com/lambdasession/lambdasession-go")
	if err != nil {
		return nil, err
	}
	var programs []program
	for _, p := range []struct {
		name, folder string
		event        any
		body         string
	}{
		{"shop", "functions/shop", httpAPI(anyRoute, "/"), ""},
		{"api", "functions/api", httpAPI("GET /api/cart", "/api/cart"), ""},
		{"report", "functions/report", functionURL("/"), ""},
		{"legacy", "functions/legacy", restAPI("/legacy/preferences"), ""},
		{without, "bench/coldstart/without", httpAPI(anyRoute, "/"), theme},
		{with, "bench/coldstart/with", httpAPI(anyRoute, "/"), theme},
	} {
		built, err := build(ctx, filepath.Join(root, p.folder), filepath.Join(dir, filepath.Base(p.folder), "bootstrap"))
		if err != nil {
			return nil, err
		}
		built.name, built.body = p.name, p.body
		if built.payload, err = encode(p.event); err != nil {
			return nil, err
		}
		programs = append(programs, built)
	}
	return programs, nil
}

// build compiles a folder as sam does for Lambda, but for this machine's
// processor, so that it runs here.
func build(ctx context.Context, folder, bootstrap string) (program, error) {
	if _, err := goCommand(ctx, "-C", folder, "build", "-trimpath", "-buildvcs=false", "-tags=lambda.norpc", "-ldflags=-s -w", "-o", bootstrap, "."); err != nil {
		return program{}, err
	}
	info, err := os.Stat(bootstrap)
	if err != nil {
		return program{}, err
	}
	return program{bootstrap: bootstrap, bytes: info.Size()}, nil
}

// goCommand runs the go command for this machine and returns what it prints.
// "-C" must come first among the arguments, as the go command has it.
func goCommand(ctx context.Context, args ...string) (string, error) {
	command := exec.CommandContext(ctx, "go", args...) //nolint:gosec // the arguments are this program's own
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+runtime.GOOS, "GOARCH="+runtime.GOARCH)
	var problem bytes.Buffer
	command.Stderr = &problem
	out, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, bytes.TrimSpace(problem.Bytes()))
	}
	return strings.TrimSpace(string(out)), nil
}
