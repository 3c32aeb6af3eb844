package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"time"

	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/template"
	"github.com/lambdasession/lambdasession-go/localtest"
)

// localCommand is "lambdasession local".
type localCommand struct {
	Template string            `short:"t" placeholder:"FILE" help:"The SAM template; else template.yaml, template.yml or template.json in this folder."`
	Port     int               `short:"p" default:"3000" help:"The port to serve on; 0 takes any free one."`
	Host     string            `default:"localhost" help:"The address to serve on. Browsers keep a session's Secure cookie over plain HTTP for localhost alone."`
	Store    string            `enum:"dynamodb,memory" default:"dynamodb" help:"Where sessions are kept: dynamodb starts a DynamoDB Local with the template's tables, memory starts nothing and tells the functions SESSION_STORE=memory."`
	Function []string          `short:"f" placeholder:"NAME" help:"Run this function of the template alone. May be repeated."`
	Env      map[string]string `short:"e" mapsep:"none" placeholder:"NAME=VALUE" help:"Set an environment variable of the functions, over the template's. May be repeated."`
}

// Help is what --help says beside the flags.
func (localCommand) Help() string {
	return `Builds the Go functions of a SAM template, starts a DynamoDB Local with its
tables, and serves its HTTP API with the events, time limits and processes that
Lambda has. Nothing leaves this machine. Ctrl-C ends all of it.

DynamoDB Local needs Java and Maven, or Docker, or a running one named by
DYNAMODB_LOCAL_ENDPOINT.`
}

// Run serves until ctx ends, which is no error.
func (c *localCommand) Run(ctx context.Context, out *console) error {
	err := c.serve(ctx, out)
	if ctx.Err() != nil {
		out.printf("\nEnded.")
		return nil
	}
	return err
}

func (c *localCommand) serve(ctx context.Context, out *console) error {
	began := time.Now()
	path, err := findTemplate(c.Template)
	if err != nil {
		return err
	}
	t, err := template.Read(path)
	if err != nil {
		return err
	}
	functions, err := choose(t.Functions, c.Function)
	if err != nil {
		return err
	}
	// A taken port shows before the work, not after it.
	listener, err := listen(ctx, c.Host, c.Port)
	if err != nil {
		return err
	}
	defer listener.Close()

	out.printf("%s", out.paint(bold, path))
	for _, n := range t.Notes {
		out.printf("  %s", out.paint(yellow, n.String()))
	}
	bootstraps := make([]string, len(functions))
	for i, f := range functions {
		err := out.step("building "+f.ID, func() (err error) {
			bootstraps[i], err = build(ctx, f)
			return err
		})
		if err != nil {
			return err
		}
	}
	env := map[string]string{}
	if c.Store == "memory" {
		env["SESSION_STORE"] = "memory"
		out.printf("  %s", out.paint(yellow, "sessions are in memory: they live as long as the function's process"))
	} else {
		db, err := startDynamoDB(ctx, out, t.Tables)
		if err != nil {
			return err
		}
		defer end(out, db)
		env["AWS_ENDPOINT_URL_DYNAMODB"] = db.Endpoint()
	}
	maps.Copy(env, c.Env)
	var api router
	for i, f := range functions {
		function, err := c.startFunction(ctx, out, f, bootstraps[i], env)
		if err != nil {
			return err
		}
		defer end(out, function)
		api.add(f, &reporter{f.ID, function, out})
	}
	out.printf("\n%s after %.1f s: %s\nCtrl-C ends it.\n", out.paint(green, "Ready"), time.Since(began).Seconds(), address(c.Host, listener))
	return serveHTTP(ctx, out, listener, &api)
}

// end ends what the command has started.
func end(out *console, c io.Closer) {
	if err := c.Close(); err != nil {
		out.printf("  %s", out.paint(red, err.Error()))
	}
}

// startFunction starts a function's first process.
func (c *localCommand) startFunction(ctx context.Context, out *console, f template.Function, bootstrap string, env map[string]string) (*localtest.Function, error) {
	config := localtest.FunctionConfig{
		Name:      f.Name,
		Bootstrap: bootstrap,
		Env:       maps.Clone(f.Env),
		Handler:   f.Handler,
		Timeout:   f.Timeout,
		MemoryMB:  f.MemoryMB,
		Log:       out.lines(f.ID),
	}
	maps.Copy(config.Env, env)
	if c.Store == "memory" {
		config.MaxProcesses = 1 // each process has sessions of its own
	}
	step := out.begin("starting " + f.ID)
	config.Progress = func(line string) {
		if !step.add(line) {
			out.printf("  %s: %s", f.ID, line)
		}
	}
	function, err := localtest.StartFunction(ctx, config)
	step.end(err)
	return function, err
}

// startDynamoDB starts a DynamoDB Local with the template's tables.
func startDynamoDB(ctx context.Context, out *console, tables []template.Table) (*localtest.Server, error) {
	step := out.begin("looking for DynamoDB Local")
	db, err := localtest.StartDynamoDB(ctx, func(next string) {
		step.end(nil)
		step = out.begin(next)
	})
	step.end(err)
	if err != nil {
		return nil, fmt.Errorf("%w\nor go without it: --store memory", err)
	}
	for _, t := range tables {
		what := "creating table " + t.Name
		if t.TTLAttribute != "" {
			what += ", TTL on " + t.TTLAttribute
		}
		if err := out.step(what, func() error { return createTable(ctx, db.Client(), t) }); err != nil {
			return nil, errors.Join(err, db.Close())
		}
	}
	return db, nil
}
