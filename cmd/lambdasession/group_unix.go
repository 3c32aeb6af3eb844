//go:build unix

package main

import (
	"os/exec"
	"syscall"
	"time"
)

// interruptGroup makes the end of the command's context one of all that the
// command has started. They are asked first, so that they can clear up.
func interruptGroup(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGINT) }
	command.WaitDelay = 10 * time.Second
}
