package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

func TestConsolePort(t *testing.T) {
	t.Parallel()
	take := func(t *testing.T, host string) net.Listener {
		t.Helper()
		listener, err := listenOn(t.Context(), host, 0)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { listener.Close() })
		return listener
	}

	t.Run("without --port it is any free one", func(t *testing.T) {
		t.Parallel()
		command := localCommand{Port: 0}
		listener, err := command.listenForConsole(t.Context(), &terminal{w: io.Discard}, take(t, "localhost"))
		if err != nil {
			t.Fatal(err)
		}
		defer listener.Close()
		if address, ok := listener.Addr().(*net.TCPAddr); !ok || !address.IP.IsLoopback() {
			t.Errorf("it is at %s", listener.Addr())
		}
	})

	t.Run("it is this machine's alone, whatever --host says", func(t *testing.T) {
		t.Parallel()
		command := localCommand{Host: "0.0.0.0"}
		listener, err := command.listenForConsole(t.Context(), &terminal{w: io.Discard}, take(t, "0.0.0.0"))
		if err != nil {
			t.Fatal(err)
		}
		defer listener.Close()
		if address, ok := listener.Addr().(*net.TCPAddr); !ok || !address.IP.IsLoopback() {
			t.Errorf("it is at %s", listener.Addr())
		}
	})

	t.Run("where the one after --port is taken it is a free one, and that is said", func(t *testing.T) {
		t.Parallel()
		taken := take(t, "localhost")
		app := fakeListener{port: portOf(taken) - 1}
		var said strings.Builder
		command := localCommand{Port: app.port}
		listener, err := command.listenForConsole(t.Context(), &terminal{w: &said}, app)
		if err != nil {
			t.Fatal(err)
		}
		defer listener.Close()
		want := "port " + strconv.Itoa(portOf(taken)) + " is taken, the console takes a free one; --console-port names another\n"
		if said.String() != want {
			t.Errorf("it said %q, want %q", said.String(), want)
		}
	})

	t.Run("one that was asked for and is taken is an error that names the flags", func(t *testing.T) {
		t.Parallel()
		port := portOf(take(t, "localhost"))
		command := localCommand{ConsolePort: &port}
		_, err := command.listenForConsole(t.Context(), &terminal{w: io.Discard}, take(t, "localhost"))
		want := "port " + strconv.Itoa(port) + " of localhost is taken: --console-port names another for the console, --console-port 0 takes any free one, --no-console goes without"
		if errorText(err) != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
	})

	t.Run("one that is none is an error that names the flag", func(t *testing.T) {
		t.Parallel()
		port := 70_000
		command := localCommand{ConsolePort: &port}
		_, err := command.listenForConsole(t.Context(), &terminal{w: io.Discard}, take(t, "localhost"))
		if !strings.HasPrefix(errorText(err), "serving the console on --console-port 70000: ") {
			t.Errorf("got %v", err)
		}
	})

	t.Run("with --no-console there is none", func(t *testing.T) {
		t.Parallel()
		command := localCommand{NoConsole: true}
		if listener, err := command.listenForConsole(t.Context(), &terminal{w: io.Discard}, take(t, "localhost")); listener != nil || err != nil {
			t.Errorf("got %v, error %v", listener, err)
		}
	})
}

// fakeListener is one at a port of our choice.
type fakeListener struct {
	net.Listener
	port int
}

func (l fakeListener) Addr() net.Addr { return &net.TCPAddr{Port: l.port} }

func TestConsolePage(t *testing.T) {
	t.Parallel()
	run := startLocal(t, localCommand{Store: "memory"})
	run.get(t, "/hello/Ada?token=hunter2")
	line := run.output.wait(t, `^  the console: http://localhost:\d+$`)
	console := &localRun{url: line[strings.Index(line, "http://"):]}

	t.Run("it shows the requests, their function and their route, and no query", func(t *testing.T) {
		t.Parallel()
		status, page := console.get(t, "/")
		for _, want := range []string{"/hello/Ada", "GET /hello/{name}", "HTTP API"} {
			if status != 200 || !strings.Contains(page, want) {
				t.Errorf("it answers %d, without %q:\n%s", status, want, page)
			}
		}
		if strings.Contains(page, "hunter2") {
			t.Error("it shows the query")
		}
	})

	t.Run("it says why the gateway refused an answer", func(t *testing.T) {
		t.Parallel()
		run.get(t, "/nonsense")
		if _, page := console.get(t, "/"); !strings.Contains(page, "The gateway refused") || !strings.Contains(page, "its statusCode is 42") {
			t.Errorf("it does not:\n%s", page)
		}
	})

	t.Run("it says why there are no sessions to see", func(t *testing.T) {
		t.Parallel()
		if status, page := console.get(t, "/sessions"); status != 200 || !strings.Contains(page, "--store memory") {
			t.Errorf("it answers %d:\n%s", status, page)
		}
	})

	t.Run("it answers no other host", func(t *testing.T) {
		t.Parallel()
		request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, console.url, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Host = "rebound.example"
		request.Close = true
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		if response.StatusCode != http.StatusForbidden {
			t.Errorf("it answers %d", response.StatusCode)
		}
	})
}
