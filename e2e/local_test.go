package e2e

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is for what takes as long as it takes, such as building the shop on
// a busy machine that has never done so. It is less than go test's own.
const patience = 5 * time.Minute

// local is a running "lambdasession local".
type local struct {
	url     string
	process *exec.Cmd
	output  *transcript
	// alive is the reading end of a pipe that every process inherits which the
	// command starts: it ends when the last of them does.
	alive *os.File
	letGo func() // ends what endWithTest has started
}

// startLocal runs the command in dir, on a free port, until it is ready.
func startLocal(dir string, args ...string) (*local, error) {
	return startLocalWith(dir, nil, args...)
}

// startLocalWith is startLocal with more in the command's environment.
func startLocalWith(dir string, env []string, args ...string) (*local, error) {
	stdout, stdoutsEnd, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer func() { _ = stdoutsEnd.Close() }()
	alive, alivesEnd, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer func() { _ = alivesEnd.Close() }()

	process := exec.Command(command, append([]string{"local", "--port", "0"}, args...)...)
	process.Dir = dir
	process.Env = append(os.Environ(), env...)
	process.Stdout, process.Stderr = stdoutsEnd, stdoutsEnd
	// Descriptor 9: the low ones are what programs use for their own children.
	process.ExtraFiles = []*os.File{6: alivesEnd}
	if err := process.Start(); err != nil {
		return nil, err
	}
	_ = stdoutsEnd.Close() // or the output would not end with the command
	l := &local{process: process, output: newTranscript(stdout), alive: alive, letGo: func() {}}
	if err := l.endWithTest(); err != nil {
		l.kill()
		return nil, err
	}
	line, err := l.output.wait(regexp.MustCompile(`^Ready after .*`))
	if err != nil {
		l.kill()
		return nil, fmt.Errorf("lambdasession local: %w", err)
	}
	l.url = line[strings.Index(line, "http://"):]
	return l, nil
}

// startShop runs the sample shop and ends it with the test.
func startShop(t *testing.T, args ...string) *local {
	t.Helper()
	shop, err := startLocal(root, args...)
	if err != nil {
		t.Fatal(err)
	}
	shop.endWith(t)
	return shop
}

// endWith ends the command in order with the test, and shows what it printed if
// the test has failed.
func (l *local) endWith(t *testing.T) {
	t.Cleanup(func() {
		if err := l.end(os.Interrupt); err != nil {
			t.Error(err)
		}
		if t.Failed() {
			t.Logf("lambdasession local printed\n%s", l.output)
		}
	})
}

// endWithTest sees to it that the command is interrupted when this process ends
// without doing so, as go test does with a test that takes too long: a shell
// waits for a pipe to close that this process alone holds.
func (l *local) endWithTest() error {
	watchdog := exec.Command("sh", "-c", `read -r _; kill -s INT "$1"`, "watchdog", strconv.Itoa(l.process.Process.Pid))
	watchdog.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // out of reach of Ctrl-C
	pipe, err := watchdog.StdinPipe()
	if err != nil {
		return err
	}
	if err := watchdog.Start(); err != nil {
		return err
	}
	l.letGo = func() {
		_ = watchdog.Process.Kill()
		_ = watchdog.Wait() // "signal: killed"
		_ = pipe.Close()
	}
	return nil
}

// end ends the command by a signal and waits. It fails unless the command ends
// with status 0 and nothing is left of what it started.
func (l *local) end(by os.Signal) error {
	if err := l.process.Process.Signal(by); err != nil {
		return err
	}
	err := l.process.Wait()
	l.letGo()
	if err != nil {
		return fmt.Errorf("after the signal %v the command ended with %w", by, err)
	}
	return l.nothingLeft()
}

// kill ends the command without a chance to do anything about it.
func (l *local) kill() {
	_ = l.process.Process.Kill()
	_ = l.process.Wait() // "signal: killed"
	l.letGo()
}

// nothingLeft waits until every process is gone that the command started.
func (l *local) nothingLeft() error {
	defer func() { _ = l.alive.Close() }()
	_ = l.alive.SetReadDeadline(time.Now().Add(time.Minute))
	if _, err := l.alive.Read(make([]byte, 1)); !errors.Is(err, io.EOF) {
		return fmt.Errorf("the command has ended, a process that it started has not: %w", err)
	}
	return nil
}

// killFunction kills the processes of the shop's function, and returns when the
// command says that they are gone.
func (l *local) killFunction() error {
	pids := regexp.MustCompile(`process (\d+) started`).FindAllStringSubmatch(l.output.String(), -1)
	if len(pids) == 0 {
		return errors.New("no process was started")
	}
	for _, match := range pids {
		pid, err := strconv.Atoi(match[1])
		if err != nil {
			return err
		}
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			return fmt.Errorf("killing process %d: %w", pid, err)
		}
		if _, err := l.output.wait(regexp.MustCompile(fmt.Sprintf(`process %d ended: signal: killed`, pid))); err != nil {
			return err
		}
	}
	return nil
}

// transcript is what a program has printed so far.
type transcript struct {
	mu    sync.Mutex
	more  sync.Cond
	lines []string // guarded by mu
	ended bool     // guarded by mu
	read  int      // how many lines next has passed
}

// newTranscript reads r until it ends, which it does with the program.
func newTranscript(r io.ReadCloser) *transcript {
	t := &transcript{}
	t.more.L = &t.mu
	go func() {
		defer r.Close()
		lines := bufio.NewScanner(r)
		for lines.Scan() {
			t.mu.Lock()
			t.lines = append(t.lines, lines.Text())
			t.mu.Unlock()
			t.more.Broadcast()
		}
		t.mu.Lock()
		t.ended = true
		t.mu.Unlock()
		t.more.Broadcast()
	}()
	return t
}

// wait returns the first line that matches, as soon as there is one.
func (t *transcript) wait(pattern *regexp.Regexp) (string, error) {
	line, _, err := t.find(pattern, 0)
	return line, err
}

// next is wait for lines after the one that the last next has returned. One
// goroutine at a time calls it.
func (t *transcript) next(pattern *regexp.Regexp) (string, error) {
	line, after, err := t.find(pattern, t.read)
	t.read = after
	return line, err
}

// find returns the first line that matches of those after the first ones, and how
// many lines there are up to it.
func (t *transcript) find(pattern *regexp.Regexp, first int) (line string, after int, err error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	defer context.AfterFunc(ctx, func() {
		t.mu.Lock() // not between the check and the wait
		defer t.mu.Unlock()
		t.more.Broadcast()
	})()
	t.mu.Lock()
	defer t.mu.Unlock()
	for next := first; ; {
		for ; next < len(t.lines); next++ {
			if pattern.MatchString(t.lines[next]) {
				return t.lines[next], next + 1, nil
			}
		}
		if t.ended || ctx.Err() != nil {
			return "", next, fmt.Errorf("it never printed %s, but\n%s", pattern, strings.Join(t.lines, "\n"))
		}
		t.more.Wait()
	}
}

func (t *transcript) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Join(t.lines, "\n")
}
