//go:build unix

package localtest

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"syscall"
)

// ownGroup makes cmd the leader of a process group of its own.
func ownGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
}

// killGroup kills the process group that p leads.
func killGroup(p *os.Process) {
	_ = syscall.Kill(-p.Pid, syscall.SIGKILL) // fails only if nothing of it is left
}

// watchdog kills a process group when this process dies, however it dies. It is
// a shell that reads from a pipe whose other end this process alone holds, so
// that the kernel, which closes it, is all it relies on. (Linux's parent death
// signal would be one line, but exists on Linux alone and follows the thread
// that started the child, not the process.)
type watchdog struct {
	cmd  *exec.Cmd
	pipe io.Closer // what it waits for to be closed
}

func watch(p *os.Process) (*watchdog, error) {
	cmd := exec.Command("/bin/sh", "-c", `read -r _; kill -s KILL -- "-$1"`, "watchdog", strconv.Itoa(p.Pid))
	ownGroup(cmd) // out of reach of Ctrl-C
	pipe, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("starting a watchdog: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("starting a watchdog: %w", err)
	}
	return &watchdog{cmd: cmd, pipe: pipe}, nil
}

// stop ends the watchdog without letting it bite: the number of the process may
// be another's by now.
func (d *watchdog) stop() {
	_ = d.cmd.Process.Kill()
	_ = d.cmd.Wait() // "signal: killed"
	_ = d.pipe.Close()
}
