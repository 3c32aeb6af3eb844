package redistest

import (
	"context"
	"net"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// A Server is a redis-server on the loopback interface that keeps nothing on
// disk.
type Server struct {
	Addr string // host:port

	args     []string
	password string
	program  *program
	admin    *redis.Client // the tests' own
}

// Start starts a server and returns when it answers, be it that it is loading its
// data. Each directive is a line of redis.conf, such as "maxmemory 5mb".
func Start(t testing.TB, directives ...string) *Server {
	t.Helper()
	return startWith(t, "", func(port string) []string { return append([]string{"port " + port}, directives...) })
}

// maxPorts is how many ports are tried if somebody else takes one before the
// server does.
const maxPorts = 5

// startWith is Start with the password that the tests' own client needs, and
// with directives that name the port.
func startWith(t testing.TB, password string, directives func(port string) []string) *Server {
	t.Helper()
	for n := 1; ; n++ {
		port := FreePort(t)
		s := &Server{Addr: net.JoinHostPort("127.0.0.1", port), password: password}
		s.args = []string{"--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no"}
		for _, d := range directives(port) {
			s.args = append(s.args, split(d)...)
		}
		err := s.run()
		if err == nil {
			t.Cleanup(s.stop)
			return s
		}
		if n == maxPorts || !strings.Contains(err.Error(), "Address already in use") {
			t.Fatal(err)
		}
	}
}

func (s *Server) run() error {
	p, err := start(s.args...)
	if err != nil {
		return err
	}
	s.program = p
	s.admin = Client(redis.Options{Network: "unix", Addr: p.socket, Password: s.password})
	err = p.waitUntil(func() bool {
		err := s.admin.Ping(context.Background()).Err()
		return err == nil || redis.IsLoadingError(err)
	})
	if err != nil {
		s.stop()
	}
	return err
}

func (s *Server) stop() {
	_ = s.admin.Close()
	s.program.stop()
}

// Restart kills the server and starts it anew, empty, on the same port.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	s.stop()
	must(t, s.run())
}

// Kill ends the server for good.
func (s *Server) Kill() { s.program.stop() }

// Admin is a client of the server for a test's own commands.
func (s *Server) Admin() *redis.Client { return s.admin }

// Client makes a client that ends its calls with their context, as the store
// wants it. It says nothing of itself to the server, whose counts of commands
// are then the store's alone.
func Client(o redis.Options) *redis.Client {
	o.ContextTimeoutEnabled = true
	o.DisableIdentity = true
	o.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	return redis.NewClient(&o)
}

// Client makes a client of this server. It is closed when the test ends.
func (s *Server) Client(t testing.TB) *redis.Client {
	t.Helper()
	return Dial(t, s.Addr)
}

// Dial makes a client of the server at addr. It is closed when the test ends.
func Dial(t testing.TB, addr string) *redis.Client {
	t.Helper()
	c := Client(redis.Options{Addr: addr, DialTimeout: 5 * time.Second})
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// FreePort finds a port that nobody listens on. Somebody may take it before its
// user does.
func FreePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it listens at once
	must(t, err)
	defer l.Close()
	return strconv.Itoa(l.Addr().(*net.TCPAddr).Port)
}

// split makes a directive's arguments of its line.
func split(directive string) []string {
	name, rest, more := strings.Cut(directive, " ")
	if !more {
		return []string{"--" + name}
	}
	return []string{"--" + name, rest}
}
