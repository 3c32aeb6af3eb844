package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"

	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/console"
	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/front"
)

// consoleHost is where the console is served, whatever --host says: it shows
// what nobody else should see.
const consoleHost = "localhost"

// listenForConsole takes the console's port, or returns nil with --no-console.
// A port that was asked for is taken or the error names the flag; the usual one,
// after that of the application, gives way to a free one.
func (c *localCommand) listenForConsole(ctx context.Context, out *terminal, app net.Listener) (net.Listener, error) {
	if c.NoConsole {
		return nil, nil
	}
	if c.ConsolePort != nil {
		listener, err := listenOn(ctx, consoleHost, *c.ConsolePort)
		if errors.Is(err, syscall.EADDRINUSE) {
			return nil, fmt.Errorf("port %d of %s is taken: --console-port names another for the console, --console-port 0 takes any free one, --no-console goes without", *c.ConsolePort, consoleHost)
		}
		if err != nil {
			return nil, fmt.Errorf("serving the console on --console-port %d: %w", *c.ConsolePort, err)
		}
		return listener, nil
	}
	usual := 0
	if c.Port != 0 {
		usual = portOf(app) + 1
	}
	listener, err := listenOn(ctx, consoleHost, usual)
	if err != nil && usual != 0 {
		out.printf("%s", out.paint(yellow, fmt.Sprintf("port %d is taken, the console takes a free one; --console-port names another", usual)))
		listener, err = listenOn(ctx, consoleHost, 0)
	}
	if err != nil {
		return nil, fmt.Errorf("serving the console: %w; --no-console goes without", err)
	}
	return listener, nil
}

// newConsole makes the console's handler.
func newConsole(journal *console.Journal, app string, stored sessions) (http.Handler, error) {
	config := console.Config{Journal: journal, App: app, NoSessions: stored.none}
	if stored.store != nil { // a nil one in the interface would not be nil
		config.Sessions, config.Table = stored.store, stored.table.Name
	}
	return console.New(config)
}

// routed tells the journal where requests went.
func routed(journal *console.Journal) func(*http.Request, front.Match) {
	return func(r *http.Request, m front.Match) {
		service, streaming := strings.CutSuffix(m.Service.String(), ", streaming")
		route := console.Route{Function: m.Function, Key: m.Route, Service: service, Streaming: streaming}
		if m.Service.IsFunctionURL() { // whose routes are all $default
			route.Key = ""
		}
		journal.Routed(r.Context(), route)
	}
}
