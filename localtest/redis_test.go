package localtest_test

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"strings"
	"testing"

	"github.com/lambdasession/lambdasession-go/localtest"
)

func TestStartRedis(t *testing.T) {
	t.Parallel()

	t.Run("it answers until it is closed, and its directives hold", func(t *testing.T) {
		t.Parallel()
		server, err := localtest.StartRedis(t.Context(), "maxmemory 12mb", "appendfsync always")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = server.Close() })
		for command, want := range map[string]string{
			"PING":                   "+PONG",
			"CONFIG GET maxmemory":   "12582912",
			"CONFIG GET appendfsync": "always",
			"CONFIG GET save":        "",
		} {
			if got := ask(t, server.Addr(), command); got != want {
				t.Errorf("%s: got %q, want %q", command, got, want)
			}
		}
		if got, want := server.URL(), "redis://"+server.Addr(); got != want {
			t.Errorf("its URL is %s, want %s", got, want)
		}
		for range 2 {
			if err := server.Close(); err != nil {
				t.Error(err)
			}
		}
		if c, err := net.Dial("tcp", server.Addr()); err == nil {
			_ = c.Close()
			t.Error("closed, it still listens")
		}
	})

	t.Run("one that will not start says what it printed", func(t *testing.T) {
		t.Parallel()
		_, err := localtest.StartRedis(t.Context(), "maxmemory lots")
		if err == nil || !strings.Contains(err.Error(), "it printed last") || !strings.Contains(err.Error(), "maxmemory") {
			t.Errorf("got %v", err)
		}
	})
}

func TestWithoutARedisServer(t *testing.T) {
	for name, test := range map[string]struct{ path, named, want string }{
		"in PATH, it says what to install":           {path: t.TempDir(), want: "Debian's package redis-server"},
		"at REDIS_SERVER, it says what to set there": {path: os.Getenv("PATH"), named: "/nowhere", want: `REDIS_SERVER is "/nowhere": set it to`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("PATH", test.path)
			t.Setenv("REDIS_SERVER", test.named)
			_, err := localtest.StartRedis(t.Context())
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q in it", err, test.want)
			}
		})
	}
}

// ask sends a command and returns the last line of the answer.
func ask(t *testing.T, addr, command string) string {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close() }()
	fmt.Fprintf(c, "%s\r\n", command)
	lines := bufio.NewScanner(c)
	read := func() string {
		lines.Scan()
		return lines.Text()
	}
	line := read()
	if line != "*2" { // the setting's name and its value, each after its length
		return line
	}
	for range 3 {
		read()
	}
	return read()
}
