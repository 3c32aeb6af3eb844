package redistest

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// variable names the server's program.
const variable = "REDIS_SERVER"

// binary finds the server's program.
func binary() (string, error) {
	name := cmp.Or(os.Getenv(variable), "redis-server")
	path, err := exec.LookPath(name)
	if err != nil {
		return "", fmt.Errorf("no %s in PATH: install Redis 7.0 or later (Debian's redis-server), "+
			"or name one, or a valkey-server, in %s: %w", name, variable, err)
	}
	return path, nil
}

// A program is a server, running as our child until it is stopped or this
// process ends, whichever comes first and however it ends: by Ctrl-C, os.Exit,
// a panic or SIGKILL.
//
// A shell sees to that. Its standard input is a pipe whose other end this
// process alone holds, so the kernel itself tells it of our end.
type program struct {
	shell    *exec.Cmd
	lifeline io.Closer // closing it ends the program
	alive    *os.File  // reads nothing while the program runs, and EOF when it has ended
	output   string    // the file that it prints to

	// socket is what the tests' own client connects to. Whatever answers there is
	// this server, and no other one that has taken its port.
	socket string
}

// supervise runs "$@" and, when its input ends, ends that and removes $dir. The
// child alone keeps descriptor 3, so that its end is seen at the other side. What
// a terminal sends to all of us is for the tests.
const supervise = `dir=$1; shift
trap '' INT HUP TERM
"$@" </dev/null & child=$!
exec 3>&-
read -r _
kill -9 "$child" 2>/dev/null
wait
rm -rf "$dir"`

// start starts the server with these arguments, in a folder of its own.
func start(args ...string) (_ *program, err error) {
	server, err := binary()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "redistest-")
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = os.RemoveAll(dir)
		}
	}()
	output, err := os.Create(filepath.Join(dir, "output")) //nolint:gosec // in a folder that we made
	if err != nil {
		return nil, err
	}
	defer func() { _ = output.Close() }()
	alive, childsEnd, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer func() { _ = childsEnd.Close() }()

	socket := filepath.Join(dir, "socket")
	shell := exec.Command("sh", append([]string{"-c", supervise, "supervise", dir, server, "--unixsocket", socket}, args...)...) //nolint:gosec,noctx // the server that a test wants, for as long as it does
	shell.Dir = dir
	shell.Stdout, shell.Stderr = output, output
	shell.ExtraFiles = []*os.File{childsEnd} // descriptor 3
	lifeline, err := shell.StdinPipe()
	if err == nil {
		err = shell.Start()
	}
	if err != nil {
		_ = alive.Close()
		return nil, err
	}
	return &program{shell: shell, lifeline: lifeline, alive: alive, output: output.Name(), socket: socket}, nil
}

// waitUntil asks ready again and again until it is true. It fails, with what
// the program printed last, when the program ends or half a minute has passed.
func (p *program) waitUntil(ready func() bool) error {
	deadline := time.Now().Add(30 * time.Second)
	for !ready() {
		_ = p.alive.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
		if _, err := p.alive.Read(make([]byte, 1)); !errors.Is(err, os.ErrDeadlineExceeded) {
			return errors.New("the server has ended by itself" + p.lastOutput())
		}
		if time.Now().After(deadline) {
			return errors.New("the server was not ready in time" + p.lastOutput())
		}
	}
	return nil
}

// lastOutput is the end of what the program has printed, to be put after an
// error's text.
func (p *program) lastOutput() string {
	b, _ := os.ReadFile(p.output)
	lines := strings.Split(strings.TrimSpace(string(b)), "\n")
	return "; it printed last:\n\t" + strings.Join(lines[max(0, len(lines)-10):], "\n\t")
}

// stop kills the program and returns when nothing of it is left.
func (p *program) stop() {
	_ = p.lifeline.Close()
	_ = p.shell.Wait()
	_ = p.alive.Close()
}
