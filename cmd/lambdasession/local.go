package main

import (
	"context"
	"io"
	"maps"
	"net"
	"os"
	"time"

	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/console"
	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/front"
	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/template"
	"github.com/lambdasession/lambdasession-go/localtest"
)

// localCommand is "lambdasession local".
type localCommand struct {
	Template    string            `short:"t" placeholder:"FILE" help:"The SAM template; else template.yaml, template.yml or template.json in this folder."`
	Parameter   map[string]string `mapsep:"none" placeholder:"NAME=VALUE" help:"Set a parameter of the template, over its default. May be repeated."`
	Function    []string          `short:"f" placeholder:"NAME" help:"Run this function of the template alone. May be repeated."`
	Env         map[string]string `short:"e" mapsep:"none" placeholder:"NAME=VALUE" help:"Set an environment variable of the functions, over the template's. May be repeated."`
	Store       string            `enum:"dynamodb,redis,cookie,memory" default:"dynamodb" help:"Where sessions are kept: dynamodb starts a DynamoDB Local with the template's tables. The others start none, and tell the functions by SESSION_STORE: redis is the one that REDIS_URL names, or a redis-server of its own; cookie is the sessions' own cookies; memory is the functions'."`
	Port        int               `short:"p" default:"3000" help:"The port to serve on; 0 takes any free one."`
	Host        string            `default:"localhost" help:"The address to serve on. Browsers keep a session's Secure cookie over plain HTTP for localhost alone."`
	ConsolePort *int              `placeholder:"PORT" help:"The port of the console, on this machine alone; 0 takes any free one. Else the one after --port, or a free one."`
	NoConsole   bool              `help:"Serve no console."`
	NoWatch     bool              `help:"Do not rebuild functions when their source changes."`
}

// Help is what --help says beside the flags.
func (localCommand) Help() string {
	return `Builds the Go functions of a SAM template, starts a DynamoDB Local with its
tables, and serves its APIs and function URLs with the events, time limits and
processes that Lambda has. A function whose source changes is rebuilt and
swapped; requests under way end on the old one. The console is a web page that
shows each request with its DynamoDB calls and their price, and the sessions.
Nothing leaves this machine. Ctrl-C ends all of it.

DynamoDB Local needs Java and Maven, or Docker, or a running one named by
DYNAMODB_LOCAL_ENDPOINT. With --store redis the functions are built with the tag
redis, so that one which is deployed without Redis need not carry its client.`
}

// Run serves until ctx ends, which is no error.
func (c *localCommand) Run(ctx context.Context, out *terminal) error {
	err := c.serve(ctx, out)
	if ctx.Err() != nil {
		out.printf("\nEnded.")
		return nil
	}
	return err
}

// serve goes step by step: read, listen, build, start, serve.
func (c *localCommand) serve(ctx context.Context, out *terminal) error {
	began := time.Now()
	path, t, functions, err := c.read()
	if err != nil {
		return err
	}

	app, err := listen(ctx, c.Host, c.Port)
	if err != nil {
		return err
	}
	defer app.Close()
	page, err := c.listenForConsole(ctx, out, app)
	if err != nil {
		return err
	}
	if page != nil {
		defer page.Close()
	}

	out.printf("%s", out.paint(bold, path))
	for _, n := range t.Notes {
		out.printf("  %s", out.paint(yellow, n.String()))
	}

	builds := &builder{out: out, journal: console.NewJournal(), tags: buildTags(c.Store)}
	if builds.folder, err = os.MkdirTemp("", "lambdasession-"); err != nil {
		return err
	}
	defer os.RemoveAll(builds.folder)
	if !c.NoWatch {
		if builds.watcher = newWatcher(out, path); builds.watcher != nil {
			defer end(out, builds.watcher)
		}
	}
	kept, programs, err := c.prepare(ctx, builds, t.Tables, functions)
	defer end(out, kept)
	if err != nil {
		return err
	}

	running := map[string]*function{}
	for _, f := range functions {
		running[f.ID] = c.function(f, builds, kept)
		defer end(out, running[f.ID])
		if err := running[f.ID].startFirst(ctx, programs[f.ID]); err != nil {
			return err
		}
	}

	api, err := newFront(functions, running, builds)
	if err != nil {
		return err
	}
	stored, err := findSessions(kept, t.Tables, functions, c.Env)
	if err != nil {
		return err
	}
	services := []func(context.Context) error{
		func(ctx context.Context) error {
			return serveHTTP(ctx, app, logRequests(out, builds.journal.Handler(api)))
		},
	}
	if page != nil {
		handler, err := newConsole(builds.journal, address(c.Host, app), stored)
		if err != nil {
			return err
		}
		services = append(services, func(ctx context.Context) error { return serveHTTP(ctx, page, handler) })
	}
	if builds.watcher != nil {
		rebuilds := &rebuilder{builder: builds, template: path, functions: running, inMemory: c.Store == "memory"}
		services = append(services, rebuilds.run)
	}
	c.sayReady(out, time.Since(began), app, page, api.FunctionURLs(), stored, kept)
	return atOnce(ctx, services...)
}

// read reads the template and chooses its functions.
func (c *localCommand) read() (path string, t *template.Template, functions []template.Function, err error) {
	if path, err = findTemplate(c.Template); err != nil {
		return "", nil, nil, err
	}
	if t, err = template.Read(path, c.Parameter); err != nil {
		return "", nil, nil, err
	}
	if functions, err = choose(t.Functions, c.Function); err != nil {
		return "", nil, nil, err
	}
	return path, t, functions, nil
}

// prepare builds the functions and meanwhile starts what their sessions are kept
// in, which is to be closed after an error too.
func (c *localCommand) prepare(ctx context.Context, builds *builder, tables []template.Table, functions []template.Function) (kept home, programs map[string]program, err error) {
	err = atOnce(ctx,
		func(ctx context.Context) (err error) {
			programs, err = builds.all(ctx, functions)
			return err
		},
		func(ctx context.Context) (err error) {
			kept, err = c.startStore(ctx, builds.out, tables, builds.journal)
			return err
		},
	)
	return kept, programs, err
}

// function is a function that does not run yet.
func (c *localCommand) function(f template.Function, builds *builder, kept home) *function {
	env := maps.Clone(kept.env)
	maps.Copy(env, c.Env)
	return &function{Function: f, out: builds.out, journal: builds.journal, env: env, oneOnly: c.Store == "memory"}
}

// newFront makes the handler of the functions' requests.
func newFront(functions []template.Function, running map[string]*function, builds *builder) (*front.Front, error) {
	invokers := map[string]localtest.Invoker{}
	for id, f := range running {
		invokers[id] = f
	}
	return front.New(front.Config{
		Functions: functions,
		Invokers:  invokers,
		Matched:   routed(builds.journal),
		Refused: func(ctx context.Context, m front.Match, why error) {
			builds.journal.Refused(ctx, why)
			builds.out.printf("  %s: %s", m.Function, builds.out.paint(red, escape(why.Error())))
		},
	})
}

// sayReady says what is where.
func (c *localCommand) sayReady(out *terminal, after time.Duration, app, page net.Listener, urls []front.FunctionURL, stored sessions, kept home) {
	out.printf("\n%s after %.1f s: %s", out.paint(green, "Ready"), after.Seconds(), address(c.Host, app))
	for _, u := range urls {
		out.printf("  %s: %s", u.Function, address(u.Host, app))
	}
	if page != nil {
		out.printf("  the console: %s", address(consoleHost, page))
	}
	if stored.store != nil {
		out.printf("  the sessions, in another terminal:\n    %s", stored.command(os.Args[0], kept.database.server.Endpoint()))
	}
	out.printf("Ctrl-C ends it.")
}

// end ends what the command has started.
func end(out *terminal, c io.Closer) {
	if err := c.Close(); err != nil {
		out.printf("  %s", out.paint(red, err.Error()))
	}
}
