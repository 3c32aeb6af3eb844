package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/template"
)

// build compiles a function for this machine, as sam would for Lambda: a
// static program without aws-lambda-go's older protocol. It lands in the user's
// cache, never beside the source; at the same place each time, so that the go
// command sees when there is nothing to do.
func build(ctx context.Context, f template.Function) (bootstrap string, err error) {
	dir, err := buildDir(f)
	if err != nil {
		return "", fmt.Errorf("building %s: %w", f.ID, err)
	}
	bootstrap = filepath.Join(dir, "bootstrap")
	command := exec.CommandContext(ctx, "go", "build", "-tags", "lambda.norpc", "-o", bootstrap, ".")
	command.Dir = f.CodeDir
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+runtime.GOOS, "GOARCH="+runtime.GOARCH,
		// On the same disk, from where the program is renamed into its place, not
		// copied: somebody may be running the one that is there.
		"GOTMPDIR="+dir)
	output, err := command.CombinedOutput()
	switch {
	case err == nil:
		return bootstrap, nil
	case ctx.Err() != nil:
		return "", context.Cause(ctx)
	case errors.Is(err, exec.ErrNotFound):
		return "", fmt.Errorf("building %s: the go command is not in PATH: install Go from https://go.dev/dl", f.ID)
	default:
		return "", fmt.Errorf("building %s in %s: %w\n%s", f.ID, f.CodeDir, err, bytes.TrimSpace(output))
	}
}

// buildDir is where a function's program lands: one folder a function and
// source folder.
func buildDir(f template.Function) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir() // a user without a home
	}
	sum := sha256.Sum256([]byte(f.CodeDir))
	dir := filepath.Join(cache, "lambdasession", "build", hex.EncodeToString(sum[:8]), f.ID)
	return dir, os.MkdirAll(dir, 0o700)
}
