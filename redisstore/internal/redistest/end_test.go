//go:build unix

package redistest_test

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/redisstore/internal/redistest"
)

// endingVariable makes this test binary a program that starts a server, tells
// its address, and ends in the way that the variable says.
const endingVariable = "REDISTEST_ENDING"

func TestMain(m *testing.M) {
	if os.Getenv(endingVariable) == "" {
		os.Exit(m.Run())
	}
	os.Args = append(os.Args[:1], "-test.run=^TestEnding$")
	os.Exit(m.Run())
}

// TestEnding is what that program does. In an ordinary run it does nothing.
func TestEnding(t *testing.T) { //nolint:paralleltest // it may end the program
	ending := os.Getenv(endingVariable)
	if ending == "" {
		return
	}
	fmt.Println("at", redistest.Start(t).Addr)
	switch ending {
	case "exit":
		os.Exit(1)
	case "panic":
		panic("the end")
	default:
		select {} // until a signal comes
	}
}

func TestAServerEndsWithItsProcess(t *testing.T) {
	t.Parallel()
	signal := func(s syscall.Signal) func(*exec.Cmd) error {
		return func(parent *exec.Cmd) error { return parent.Process.Signal(s) }
	}
	for ending, end := range map[string]func(*exec.Cmd) error{
		"exit":    nil,
		"panic":   nil,
		"SIGKILL": signal(syscall.SIGKILL),
		"SIGTERM": signal(syscall.SIGTERM),
		// to the whole process group, as a terminal does
		"Ctrl-C": func(parent *exec.Cmd) error { return syscall.Kill(-parent.Process.Pid, syscall.SIGINT) },
	} {
		t.Run("also by "+ending, func(t *testing.T) {
			t.Parallel()
			temp, err := os.MkdirTemp("", "end-") //nolint:usetesting // a short name, since it holds a socket
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = os.RemoveAll(temp) })
			parent := exec.CommandContext(t.Context(), os.Args[0])
			parent.Env = append(os.Environ(), endingVariable+"="+ending, "TMPDIR="+temp)
			parent.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
			output, err := parent.StdoutPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := parent.Start(); err != nil {
				t.Fatal(err)
			}
			line, err := bufio.NewReader(output).ReadString('\n')
			addr, ok := strings.CutPrefix(strings.TrimSpace(line), "at ")
			if err != nil || !ok {
				t.Fatalf("no address but %q: %v; %v", line, err, parent.Wait())
			}
			if end != nil {
				if err := end(parent); err != nil {
					t.Fatal(err)
				}
			}
			_ = parent.Wait() // however it ended

			eventually(t, "something listens at "+addr, func() bool {
				conn, err := net.Dial("tcp", addr)
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

// eventually fails the test if what is feared is still so after half a minute.
func eventually(t *testing.T, feared string, gone func() bool) {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(30 * time.Second); !gone(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatal(feared)
		}
	}
}

func TestWithoutAServer(t *testing.T) {
	t.Setenv("REDIS_SERVER", "no-such-server")
	t.Run("a test says what to install", func(t *testing.T) {
		var said failure
		func() {
			defer func() { _ = recover() }()
			redistest.Start(&said)
		}()
		if !strings.Contains(said.text, "no-such-server") {
			t.Errorf("it says %q", said.text)
		}
	})
}

// A failure is a test that fails without failing this one.
type failure struct {
	testing.TB
	text string
}

func (f *failure) Helper()           {}
func (f *failure) Fatal(args ...any) { f.text = fmt.Sprint(args...); panic(f) }
