package localtest_test

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/localtest"
)

// The variables that make TestFunctionEnds the process that it kills itself.
const (
	bootstrapVariable = "LOCALTEST_BOOTSTRAP"
	lifelineVariable  = "LOCALTEST_LIFELINE"
)

func TestFunctionEnds(t *testing.T) {
	t.Parallel()
	if bootstrap := os.Getenv(bootstrapVariable); bootstrap != "" {
		f := start(t, localtest.FunctionConfig{Bootstrap: bootstrap, Timeout: time.Hour})
		_, err := invoke(t.Context(), f, map[string]string{"Do": "hang with a child", "Addr": os.Getenv(lifelineVariable)})
		t.Fatalf("the invocation ended: %v", err)
	}
	bootstrap := buildFunction(t)

	t.Run("a caller that gives up does not end its invocation, Close does", func(t *testing.T) {
		t.Parallel()
		addr, accept := lifeline(t)
		f := start(t, localtest.FunctionConfig{Bootstrap: bootstrap, MaxProcesses: 1, Timeout: time.Hour})
		ctx, cancel := context.WithCancel(t.Context())
		failed := make(chan error, 1)
		go func() {
			_, err := invoke(ctx, f, map[string]string{"Do": "hang", "Addr": addr})
			failed <- err
		}()
		conn := accept()
		cancel()
		if err := <-failed; !errors.Is(err, context.Canceled) {
			t.Errorf("the caller got %v, want context.Canceled", err)
		}
		// The only process is busy still, so this one waits, and gives up too.
		if _, err := invoke(ctx, f, nil); !errors.Is(err, context.Canceled) {
			t.Errorf("the second caller got %v, want context.Canceled", err)
		}
		_ = f.Close()
		wantDead(t, conn)
	})

	t.Run("an invocation that its process has asked for and does not take ends in time", func(t *testing.T) {
		t.Parallel()
		addr, accept := lifeline(t)
		f := start(t, localtest.FunctionConfig{
			Bootstrap: bootstrap, Timeout: time.Second, Env: map[string]string{"START": "deaf", "ADDR": addr},
		})
		function, ok := accept().(*net.TCPConn)
		if !ok || function.CloseWrite() != nil {
			t.Fatal("the process cannot be told to hang up")
		}
		_, _ = io.Copy(io.Discard, function) // it has
		_, err := invoke(t.Context(), f, nil)
		wantFailure(t, err, localtest.FunctionError{Type: "Sandbox.Timedout", Message: "RequestId: ID Error: Task timed out after 1.00 seconds"})
	})

	t.Run("Close cuts off what is under way, with all that the process started", func(t *testing.T) {
		t.Parallel()
		addr, accept := lifeline(t)
		f := start(t, localtest.FunctionConfig{Bootstrap: bootstrap, Timeout: time.Hour})
		failed := make(chan error, 1)
		go func() {
			_, err := invoke(t.Context(), f, map[string]string{"Do": "hang with a child", "Addr": addr})
			failed <- err
		}()
		child := accept()
		_ = f.Close()
		if err := <-failed; !errors.Is(err, localtest.ErrClosed) {
			t.Errorf("the caller got %v, want ErrClosed", err)
		}
		wantDead(t, child)
		if _, err := invoke(t.Context(), f, nil); !errors.Is(err, localtest.ErrClosed) {
			t.Errorf("after Close: got %v, want ErrClosed", err)
		}
		if err := f.Close(); err != nil {
			t.Errorf("the second Close: %v", err)
		}
	})

	t.Run("Shutdown takes nothing more, and cuts nothing off", func(t *testing.T) {
		t.Parallel()
		addr, accept := lifeline(t)
		f := start(t, localtest.FunctionConfig{Bootstrap: bootstrap, MaxProcesses: 1, Timeout: bound})
		pid := mustInvoke(t, f, "tea").PID
		first := make(chan error, 1)
		go func() {
			_, err := f.Invoke(t.Context(), []byte(`{"Do": "stream what comes", "Addr": "`+addr+`"}`))
			first <- err
		}()
		function := accept()
		waiting := make(chan error, 1)
		go func() {
			_, err := invoke(t.Context(), f, nil)
			waiting <- err
		}()
		over := make(chan error, 1)
		go func() { over <- f.Shutdown(t.Context()) }()
		if err := <-waiting; !errors.Is(err, localtest.ErrClosed) {
			t.Errorf("the one that waited got %v, want ErrClosed", err)
		}
		if _, err := invoke(t.Context(), f, nil); !errors.Is(err, localtest.ErrClosed) {
			t.Errorf("a further one got %v, want ErrClosed", err)
		}
		if len(over) > 0 {
			t.Error("Shutdown does not wait for what is under way")
		}
		_ = function.Close()
		if err := <-first; err != nil {
			t.Errorf("the one under way got %v", err)
		}
		if err := <-over; err != nil {
			t.Errorf("Shutdown: %v", err)
		}
		if process, err := os.FindProcess(pid); err == nil && process.Signal(os.Interrupt) == nil {
			t.Error("the process still lives")
		}
	})

	t.Run("Shutdown that takes too long cuts off what is under way", func(t *testing.T) {
		t.Parallel()
		addr, accept := lifeline(t)
		f := start(t, localtest.FunctionConfig{Bootstrap: bootstrap, Timeout: time.Hour})
		failed := make(chan error, 1)
		go func() {
			_, err := invoke(t.Context(), f, map[string]string{"Do": "hang", "Addr": addr})
			failed <- err
		}()
		conn := accept()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := f.Shutdown(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("Shutdown: %v, want context.Canceled", err)
		}
		if err := <-failed; !errors.Is(err, localtest.ErrClosed) {
			t.Errorf("the caller got %v, want ErrClosed", err)
		}
		wantDead(t, conn)
		if err := f.Shutdown(t.Context()); err != nil {
			t.Errorf("the second Shutdown: %v", err)
		}
	})

	t.Run("no process outlives this one, even if it is killed", func(t *testing.T) {
		t.Parallel()
		addr, accept := lifeline(t)
		parent := exec.Command(os.Args[0], "-test.run", "^TestFunctionEnds$")
		parent.Env = append(os.Environ(), bootstrapVariable+"="+bootstrap, lifelineVariable+"="+addr)
		if err := parent.Start(); err != nil {
			t.Fatal(err)
		}
		child := accept()
		if err := parent.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = parent.Wait() // "signal: killed"
		wantDead(t, child)
	})
}
