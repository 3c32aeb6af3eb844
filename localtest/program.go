package localtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// program is a server that somebody else wrote, running as our child until it
// is stopped or this process ends, whichever comes first and however it ends:
// by Ctrl-C, os.Exit, a panic or SIGKILL.
//
// A shell sees to that. Its standard input is a pipe whose other end this
// process alone holds, so the kernel itself tells it of our end. No goroutine
// waits for anything here, since a test binary keeps a program until its very
// end and must not look as if it leaked.
type program struct {
	shell    *exec.Cmd
	lifeline io.Closer // closing it ends the program
	alive    *os.File  // reads nothing while the program runs, and EOF when it has ended
	output   string    // the file that it prints to
}

// supervise runs "$@" and, when its input ends, the command $stop, to which the
// program is $child. $dir is removed at last. The child alone keeps descriptor 3,
// so that its end is seen at the other side.
const supervise = `dir=$1 stop=$2; shift 2
"$@" </dev/null & child=$!
exec 3>&-
read -r _
eval "$stop" >/dev/null 2>&1
wait
rm -rf "$dir"`

// startProgram starts a command in a folder of its own for temporary files.
// The command line may depend on that folder; stop is what the shell runs to
// end it.
func startProgram(stop string, command func(dir string) []string) (_ *program, err error) {
	sh, err := exec.LookPath("sh")
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "localtest-")
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = os.RemoveAll(dir)
		}
	}()
	output, err := os.Create(filepath.Join(dir, "output"))
	if err != nil {
		return nil, err
	}
	defer func() { _ = output.Close() }()
	alive, childsEnd, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer func() { _ = childsEnd.Close() }()

	shell := exec.Command(sh, append([]string{"-c", supervise, "supervise", dir, stop}, command(dir)...)...)
	shell.Stdout, shell.Stderr = output, output
	shell.ExtraFiles = []*os.File{childsEnd} // descriptor 3
	ownGroup(shell)                          // out of reach of Ctrl-C
	lifeline, err := shell.StdinPipe()
	if err == nil {
		err = shell.Start()
	}
	if err != nil {
		_ = alive.Close()
		return nil, err
	}
	return &program{shell: shell, lifeline: lifeline, alive: alive, output: output.Name()}, nil
}

// waitUntil asks ready again and again until it is true. It fails when ctx ends
// and, with what the program printed last, when the program does.
func (p *program) waitUntil(ctx context.Context, ready func() bool) error {
	for !ready() {
		if err := p.ended(20 * time.Millisecond); err != nil {
			return err
		}
		if ctx.Err() != nil {
			return fmt.Errorf("it was not ready in time: %w%s", context.Cause(ctx), p.lastOutput())
		}
	}
	return nil
}

// ended waits for the program to end, a moment that must not be zero. It returns
// nil if it has not.
func (p *program) ended(within time.Duration) error {
	_ = p.alive.SetReadDeadline(time.Now().Add(within))
	if _, err := p.alive.Read(make([]byte, 1)); errors.Is(err, os.ErrDeadlineExceeded) {
		return nil
	}
	return errors.New("it has ended by itself" + p.lastOutput())
}

// printed is everything that the program has printed so far.
func (p *program) printed() string {
	b, _ := os.ReadFile(p.output) // gone once the program was stopped
	return string(b)
}

// lastOutput is the end of what the program has printed, to be put after an
// error's text.
func (p *program) lastOutput() string { return tail(p.printed()) }

// tail is the last lines of a program's output, to be put after an error's text.
func tail(output string) string {
	lines := strings.Split(strings.TrimSpace(output), "\n")
	if lines = lines[max(0, len(lines)-20):]; lines[0] == "" {
		return "; it printed nothing"
	}
	return "; it printed last:\n\t" + strings.Join(lines, "\n\t")
}

// stop ends the program and returns when nothing of it is left.
func (p *program) stop() error {
	_ = p.lifeline.Close()
	err := p.shell.Wait()
	_ = p.alive.Close()
	return err
}
