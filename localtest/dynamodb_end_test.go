//go:build unix

package localtest_test

import (
	"bufio"
	"net"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

func TestDynamoDBEndsWithItsProcess(t *testing.T) {
	t.Parallel()
	signal := func(s syscall.Signal) func(parent *exec.Cmd) error {
		return func(parent *exec.Cmd) error { return parent.Process.Signal(s) }
	}
	for ending, end := range map[string]func(parent *exec.Cmd) error{
		"exit":      nil,
		"log.Fatal": nil,
		"panic":     nil,
		"SIGKILL":   signal(syscall.SIGKILL),
		"SIGTERM":   signal(syscall.SIGTERM),
		// to the whole process group, as a terminal does
		"Ctrl-C": func(parent *exec.Cmd) error { return syscall.Kill(-parent.Process.Pid, syscall.SIGINT) },
	} {
		t.Run("also by "+ending, func(t *testing.T) {
			t.Parallel()
			temp := t.TempDir()
			parent := exec.CommandContext(t.Context(), os.Args[0])
			parent.Env = append(os.Environ(), endingVariable+"="+ending, "TMPDIR="+temp, "DYNAMODB_LOCAL_ENDPOINT=")
			parent.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
			output, err := parent.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := parent.Start(); err != nil {
				t.Fatal(err)
			}
			line, err := bufio.NewReader(output).ReadString('\n')
			if err != nil {
				t.Fatalf("no endpoint: %v; %v", err, parent.Wait())
			}
			if end != nil {
				if err := end(parent); err != nil {
					t.Fatal(err)
				}
			}
			_ = parent.Wait() // however it ended

			endpoint, err := url.Parse(strings.TrimSpace(line))
			if err != nil {
				t.Fatal(err)
			}
			eventually(t, "something listens at "+endpoint.Host, func() bool {
				conn, err := net.Dial("tcp", endpoint.Host)
				if err != nil {
					return true
				}
				_ = conn.Close()
				return false
			})
			eventually(t, "files are left", func() bool {
				left, err := os.ReadDir(temp)
				return err == nil && len(left) == 0
			})
		})
	}
}
