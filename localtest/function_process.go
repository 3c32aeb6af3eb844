package localtest

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"sync/atomic"
)

// process is a running bootstrap with everything that it started.
type process struct {
	cmd      *exec.Cmd
	output   *output
	watchdog *watchdog
	killed   atomic.Bool   // by us, so that its end is no news
	dead     chan struct{} // closed when it has ended
	exited   chan struct{} // and when its output is handed on, and its end told
}

// startProcess starts bootstrap in its own folder, as Lambda does in /var/task,
// and in a process group of its own, so that Ctrl-C in the terminal does not
// reach it and kill reaches all of it. The process is waited for by a goroutine
// that ends with it.
func startProcess(bootstrap string, environ []string, log *lineLog, progress func(string)) (*process, error) {
	output, err := newOutput(log)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(bootstrap)
	cmd.Dir = filepath.Dir(bootstrap)
	cmd.Env = environ
	cmd.Stdout = output.write
	cmd.Stderr = output.write // one pipe, so that the lines keep their order
	ownGroup(cmd)
	if err := cmd.Start(); err != nil {
		output.end()
		return nil, err
	}
	dog, err := watch(cmd.Process)
	if err != nil {
		killGroup(cmd.Process)
		_ = cmd.Wait()
		output.end()
		return nil, err
	}
	p := &process{cmd: cmd, output: output, watchdog: dog, dead: make(chan struct{}), exited: make(chan struct{})}
	go func() {
		defer close(p.exited)
		_ = cmd.Wait() // exitReason has what it says
		close(p.dead)
		killGroup(cmd.Process)
		p.watchdog.stop()
		output.end()
		if !p.killed.Load() {
			progress(fmt.Sprintf("process %d ended: %s", p.pid(), cmd.ProcessState))
		}
	}()
	return p, nil
}

func (p *process) pid() int { return p.cmd.Process.Pid }

// kill ends the process and its children. It does not wait for them.
func (p *process) kill() {
	p.killed.Store(true)
	select {
	case <-p.exited: // its number may be another process's by now
	default:
		killGroup(p.cmd.Process)
	}
}

// exitReason is Lambda's wording for how the process ended. Only after exited.
func (p *process) exitReason() string {
	if p.cmd.ProcessState.Success() {
		return "without providing a reason"
	}
	return "with error: " + p.cmd.ProcessState.String()
}
