package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/console"
	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/template"
	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/watch"
)

// builder builds functions, and has their sources watched.
type builder struct {
	out     *terminal
	journal *console.Journal
	watcher *watch.Watcher // nil if nothing is watched
	folder  string         // for the programs that run, which nothing overwrites
	tags    string         // build tags, with commas between them
}

// program is one build of a function.
type program struct {
	bootstrap string            // in a folder of its own
	sum       [sha256.Size]byte // of what is in it
}

// remove removes the program, which runs no more.
func (p program) remove() { _ = os.RemoveAll(filepath.Dir(p.bootstrap)) }

// buildError is a program that does not compile.
type buildError struct {
	what   string
	output string // of the go command
}

func (e *buildError) Error() string { return e.what + "\n" + e.output }

// all builds the functions, several at once where all have been built before:
// at the first time most of the work is in the packages that they share.
func (b *builder) all(ctx context.Context, functions []template.Function) (map[string]program, error) {
	slots := runtime.GOMAXPROCS(0)
	for _, f := range functions {
		if _, err := os.Stat(filepath.Join(buildDir(f), bootstrapName)); err != nil {
			slots = 1
		}
	}
	type built struct {
		id      string
		program program
	}
	free, done := make(chan struct{}, slots), make(chan built, len(functions))
	var builds []func(context.Context) error
	for _, f := range functions {
		builds = append(builds, func(ctx context.Context) error {
			select {
			case free <- struct{}{}:
				defer func() { <-free }()
			case <-ctx.Done():
				return context.Cause(ctx)
			}
			what := "building " + f.ID
			if f.Built {
				what = "taking " + f.ID + " as it is built"
			}
			return b.step(what, f.ID, func() error {
				p, err := b.build(ctx, f)
				done <- built{f.ID, p}
				return err
			})
		})
	}
	err := atOnce(ctx, builds...)
	close(done)
	programs := map[string]program{}
	for p := range done {
		programs[p.id] = p.program
	}
	return programs, err
}

// step tells the terminal and the journal of a build.
func (b *builder) step(what, function string, do func() error) error {
	b.journal.Building(function)
	began := time.Now()
	err := b.out.step(what, do)
	b.journal.Built(function, time.Since(began), brief(err))
	return err
}

// brief is an error under a heading that says which function it is of.
func brief(err error) error {
	if failure, ok := errors.AsType[*buildError](err); ok {
		return errors.New(failure.output)
	}
	return err
}

// build compiles a function for this machine. Its sources are watched from
// before on, so that no change is missed.
func (b *builder) build(ctx context.Context, f template.Function) (program, error) {
	unseen := b.watch(ctx, f)
	get := b.compile
	if f.Built {
		get = takeBuilt
	}
	bootstrap, err := get(ctx, f)
	if err != nil { // which says why the sources cannot be listed, too
		return program{}, err
	}
	if unseen != nil {
		b.out.printf("  %s", b.out.paint(yellow, fmt.Sprintf("not every change of %s will be seen: %v", f.ID, unseen)))
	}
	p, err := b.keep(f, bootstrap)
	if err != nil {
		return program{}, fmt.Errorf("building %s: %w", f.ID, err)
	}
	return p, nil
}

// watch has the sources of a function watched. Those that cannot be listed leave
// watched what was before.
func (b *builder) watch(ctx context.Context, f template.Function) error {
	if b.watcher == nil {
		return nil
	}
	sources, err := b.sourcesOf(ctx, f)
	if err != nil {
		return err
	}
	return b.watcher.Set(f.ID, sources)
}

// sourcesOf is what a function's program is made of.
func (b *builder) sourcesOf(ctx context.Context, f template.Function) (watch.Sources, error) {
	if f.Built {
		return watch.Files(filepath.Join(f.CodeDir, bootstrapName)), nil
	}
	return watch.List(ctx, func(ctx context.Context, args ...string) *exec.Cmd { return b.goCommand(ctx, f, args...) })
}

// keep copies a program that was built to where the next build leaves it alone:
// a function may start another process of it at any time.
func (b *builder) keep(f template.Function, bootstrap string) (p program, err error) {
	dir, err := os.MkdirTemp(b.folder, f.ID+"-")
	if err != nil {
		return program{}, err
	}
	from, err := os.Open(bootstrap)
	if err != nil {
		return program{}, err
	}
	defer func() { _ = from.Close() }()
	p.bootstrap = filepath.Join(dir, bootstrapName)
	to, err := os.OpenFile(p.bootstrap, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o700)
	if err != nil {
		return program{}, err
	}
	sum := sha256.New()
	_, err = io.Copy(io.MultiWriter(to, sum), from)
	copy(p.sum[:], sum.Sum(nil))
	return p, errors.Join(err, to.Close())
}

const bootstrapName = "bootstrap"

// buildTags are those of a program whose sessions are in that store. A client of
// Redis is large: the tag lets a program leave it out where it is not needed.
func buildTags(store string) string {
	const tags = "lambda.norpc"
	if store == "redis" {
		return tags + ",redis"
	}
	return tags
}

// compile compiles a function as sam would for Lambda: a static program, whose
// tags leave aws-lambda-go's older protocol out. It lands in the user's cache, never beside the
// source; at the same place each time, so that the go command sees when there is
// nothing to do.
func (b *builder) compile(ctx context.Context, f template.Function) (bootstrap string, err error) {
	dir := buildDir(f)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("building %s: %w", f.ID, err)
	}
	bootstrap = filepath.Join(dir, bootstrapName)
	command := b.goCommand(ctx, f, "build", "-buildvcs=false", "-o", bootstrap, ".")
	// On the same disk, from where the program is renamed into its place.
	command.Env = append(command.Env, "GOTMPDIR="+dir)
	output, err := command.CombinedOutput()
	switch {
	case err == nil:
		return bootstrap, nil
	case ctx.Err() != nil:
		return "", context.Cause(ctx)
	case errors.Is(err, exec.ErrNotFound):
		return "", fmt.Errorf("building %s: the go command is not in PATH: install Go from https://go.dev/dl", f.ID)
	default:
		return "", &buildError{
			what:   fmt.Sprintf("building %s in %s: %v", f.ID, f.CodeDir, err),
			output: string(bytes.TrimSpace(output)),
		}
	}
}

// goCommand is a call of the go command in the folder of a function, for this
// machine whatever this shell is set to build for. When ctx ends so does all
// that the go command has started.
func (b *builder) goCommand(ctx context.Context, f template.Function, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, "go", args...)
	command.Dir = f.CodeDir
	command.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+runtime.GOOS, "GOARCH="+runtime.GOARCH,
		"GOFLAGS="+os.Getenv("GOFLAGS")+" -tags="+b.tags)
	interruptGroup(command)
	return command
}

// buildDir is where a function's program lands: one folder a function and
// source folder.
func buildDir(f template.Function) string {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir() // a user without a home
	}
	sum := sha256.Sum256([]byte(f.CodeDir))
	return filepath.Join(cache, "lambdasession", "build", hex.EncodeToString(sum[:8]), f.ID)
}
