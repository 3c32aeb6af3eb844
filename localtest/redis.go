package localtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
)

// redisVariable names the program of a Redis that is not in PATH.
const redisVariable = "REDIS_SERVER"

// Redis is a Redis server on the loopback interface, without a password, that
// keeps everything in memory. Make one with [StartRedis].
type Redis struct {
	addr  string
	close func() error
}

// StartRedis starts a Redis server on a free port and returns when it serves. The
// program is the one that the environment variable REDIS_SERVER names, which may
// be a valkey-server, or else the redis-server in PATH; if there is none, the
// error says what to install. Each directive is a line of redis.conf, such as
// "maxmemory 5mb".
//
// Ctx bounds the start alone: the server runs until Close, or until this process
// ends, however it ends.
func StartRedis(ctx context.Context, directives ...string) (*Redis, error) {
	server, err := findRedis()
	if err != nil {
		return nil, err
	}
	for tries := 0; ; tries++ {
		port, err := freePort(ctx)
		if err != nil {
			return nil, err
		}
		p, err := runRedis(ctx, server, port, directives)
		if err == nil {
			return newRedis("127.0.0.1:"+port, p), nil
		}
		// Between our finding the port and its taking it, another may have.
		if tries == 2 || !strings.Contains(err.Error(), "Address already in use") {
			return nil, fmt.Errorf("starting %s: %w", server, err)
		}
	}
}

func findRedis() (string, error) {
	if named := os.Getenv(redisVariable); named != "" {
		path, err := exec.LookPath(named)
		if err != nil {
			return "", fmt.Errorf("%s is %q: set it to the path of a redis-server or valkey-server, or unset it: %w", redisVariable, named, err)
		}
		return path, nil
	}
	path, err := exec.LookPath("redis-server")
	if err != nil {
		return "", fmt.Errorf("no redis-server: install Redis 7.0 or newer (Debian's package redis-server), "+
			"or name the program of one, or of a Valkey, in %s: %w", redisVariable, err)
	}
	return path, nil
}

func runRedis(ctx context.Context, server, port string, directives []string) (*program, error) {
	p, err := startProgram(`kill -s KILL "$child"`, func(dir string) []string {
		args := []string{
			server, "--port", port, "--bind", "127.0.0.1", "--dir", dir,
			"--save", "", "--appendonly", "no", "--daemonize", "no",
		}
		for _, d := range directives {
			name, value, _ := strings.Cut(d, " ")
			args = append(args, "--"+name, value)
		}
		return args
	})
	if err != nil {
		return nil, err
	}
	// Asking the port would not do: it might be somebody else who answers.
	serves := func() bool { return strings.Contains(p.printed(), "Ready to accept connections") }
	if err := p.waitUntil(ctx, serves); err != nil {
		return nil, errors.Join(err, p.stop())
	}
	return p, nil
}

func newRedis(addr string, p *program) *Redis {
	return &Redis{addr: addr, close: sync.OnceValue(func() error {
		if err := p.stop(); err != nil {
			return fmt.Errorf("ending Redis: %w", err)
		}
		return nil
	})}
}

// Addr is the server's host:port.
func (r *Redis) Addr() string { return r.addr }

// URL is the server's address as clients read it: what REDIS_URL wants.
func (r *Redis) URL() string { return "redis://" + r.addr }

// Close ends the server. It may be called more than once.
func (r *Redis) Close() error { return r.close() }
