package localtest_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/localtest"
)

func TestFunction(t *testing.T) {
	t.Parallel()
	bootstrap := buildFunction(t)

	t.Run("the function sees what it would see on Lambda, and nothing else", func(t *testing.T) {
		t.Parallel()
		f := start(t, localtest.FunctionConfig{
			Bootstrap: bootstrap,
			Env:       map[string]string{"SESSION_TABLE": "sessions"},
			Timeout:   time.Hour,
			MemoryMB:  256,
		})
		earliest := time.Now().Add(time.Hour).Truncate(time.Millisecond)
		r := mustInvoke(t, f, "tea")
		latest := time.Now().Add(time.Hour)
		environ := map[string]string{}
		for _, variable := range r.Environ {
			name, value, _ := strings.Cut(variable, "=")
			environ[name] = value
		}
		if !strings.HasPrefix(environ["AWS_LAMBDA_RUNTIME_API"], "127.0.0.1:") {
			t.Errorf("AWS_LAMBDA_RUNTIME_API is %q", environ["AWS_LAMBDA_RUNTIME_API"])
		}
		maps.DeleteFunc(environ, func(name, _ string) bool {
			return name == "AWS_LAMBDA_RUNTIME_API" || name == "_X_AMZN_TRACE_ID"
		})
		wantEnviron := map[string]string{
			"AWS_ACCESS_KEY_ID":               "local",
			"AWS_DEFAULT_REGION":              "us-east-1",
			"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256",
			"AWS_LAMBDA_FUNCTION_NAME":        "Shop",
			"AWS_LAMBDA_FUNCTION_VERSION":     "$LATEST",
			"AWS_LAMBDA_INITIALIZATION_TYPE":  "on-demand",
			"AWS_LAMBDA_LOG_FORMAT":           "Text",
			"AWS_LAMBDA_LOG_GROUP_NAME":       "/aws/lambda/Shop",
			"AWS_LAMBDA_LOG_STREAM_NAME":      "local",
			"AWS_REGION":                      "us-east-1",
			"AWS_SECRET_ACCESS_KEY":           "local",
			"AWS_SESSION_TOKEN":               "local",
			"AWS_XRAY_CONTEXT_MISSING":        "LOG_ERROR",
			"LAMBDA_RUNTIME_DIR":              filepath.Dir(bootstrap),
			"LAMBDA_TASK_ROOT":                filepath.Dir(bootstrap),
			"LANG":                            "en_US.UTF-8",
			"PATH":                            "/usr/local/bin:/usr/bin:/bin:/opt/bin",
			"SESSION_TABLE":                   "sessions",
			"TZ":                              ":UTC",
			"_HANDLER":                        "bootstrap",
		}
		if diff := cmp.Diff(wantEnviron, environ); diff != "" {
			t.Errorf("environment: %s", diff)
		}
		if r.ARN != "arn:aws:lambda:us-east-1:123456789012:function:Shop" {
			t.Errorf("the function's ARN is %q", r.ARN)
		}
		if r.Deadline.Before(earliest) || r.Deadline.After(latest) {
			t.Errorf("the deadline is %v, want an hour after the invocation, from %v to %v", r.Deadline, earliest, latest)
		}
		if len(r.Request) != 36 || !strings.HasPrefix(r.Trace, "Root=1-") {
			t.Errorf("request id %q, trace id %q", r.Request, r.Trace)
		}
		if second := mustInvoke(t, f, "milk"); second.Request == r.Request || second.Trace == r.Trace {
			t.Errorf("two invocations share request id %q or trace id %q", second.Request, second.Trace)
		}
	})

	t.Run("credentials and a log format are those that are asked for", func(t *testing.T) {
		t.Parallel()
		f := start(t, localtest.FunctionConfig{
			Bootstrap: bootstrap,
			Env:       map[string]string{"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"},
			LogFormat: "JSON",
		})
		var got []string
		for _, variable := range mustInvoke(t, f, "tea").Environ {
			if name, _, _ := strings.Cut(variable, "="); strings.Contains(name, "ACCESS") || strings.Contains(name, "TOKEN") || strings.Contains(name, "FORMAT") {
				got = append(got, variable)
			}
		}
		want := []string{"AWS_ACCESS_KEY_ID=key", "AWS_LAMBDA_LOG_FORMAT=JSON", "AWS_SECRET_ACCESS_KEY=secret"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})

	t.Run("a returned error comes back with its type, and the process goes on", func(t *testing.T) {
		t.Parallel()
		f := start(t, localtest.FunctionConfig{Bootstrap: bootstrap})
		before := mustInvoke(t, f, "before")
		_, err := invoke(t.Context(), f, map[string]string{"Do": "fail", "Value": "tea"})
		wantFailure(t, err, localtest.FunctionError{Type: "soldOut", Message: "no tea left"})
		if after := mustInvoke(t, f, "after"); after.PID != before.PID {
			t.Errorf("process %d was replaced by %d", before.PID, after.PID)
		}
	})

	for _, c := range []struct {
		name, do string
		want     localtest.FunctionError
		says     string // how the process ended
	}{
		{
			"a panic comes back as the error, and the process is replaced", "panic",
			localtest.FunctionError{Type: "string", Message: "out of tea"},
			"exit status 1",
		},
		{
			"an exit comes back as the error, and the process is replaced", "exit",
			localtest.FunctionError{Type: "Runtime.ExitError", Message: "RequestId: ID Error: Runtime exited with error: exit status 3"},
			"exit status 3",
		},
		{
			"an exit without an error is an error as well", "exit silently",
			localtest.FunctionError{Type: "Runtime.ExitError", Message: "RequestId: ID Error: Runtime exited without providing a reason"},
			"exit status 0",
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var progress syncBuffer
			f := start(t, localtest.FunctionConfig{
				Bootstrap: bootstrap,
				Progress:  func(line string) { fmt.Fprintln(&progress, line) },
			})
			before := mustInvoke(t, f, "before")
			_, err := invoke(t.Context(), f, map[string]string{"Do": c.do, "Value": "out of tea"})
			wantFailure(t, err, c.want)
			if after := mustInvoke(t, f, "after"); after.PID == before.PID {
				t.Error("the process that exited is said to have answered")
			}
			_ = f.Close()
			if want := fmt.Sprintf("process %d ended: %s\n", before.PID, c.says); !strings.Contains(progress.String(), want) {
				t.Errorf("progress says\n%swant in it\n%s", &progress, want)
			}
		})
	}

	t.Run("a process killed by hand is replaced at the next invocation, and the reason shown", func(t *testing.T) {
		t.Parallel()
		progress := make(chan string, 10)
		f := start(t, localtest.FunctionConfig{Bootstrap: bootstrap, Progress: func(line string) { progress <- line }})
		before := mustInvoke(t, f, "before")
		if got, want := <-progress, fmt.Sprintf("process %d started", before.PID); got != want {
			t.Errorf("progress says %q, want %q", got, want)
		}
		process, err := os.FindProcess(before.PID)
		if err != nil {
			t.Fatal(err)
		}
		if err := process.Kill(); err != nil {
			t.Fatal(err)
		}
		if got, want := <-progress, fmt.Sprintf("process %d ended: signal: killed", before.PID); got != want {
			t.Errorf("progress says %q, want %q", got, want)
		}
		after := mustInvoke(t, f, "after")
		if got, want := <-progress, fmt.Sprintf("process %d started", after.PID); got != want {
			t.Errorf("progress says %q, want %q", got, want)
		}
	})

	t.Run("an invocation that takes too long ends with its process", func(t *testing.T) {
		t.Parallel()
		addr, accept := lifeline(t)
		var progress syncBuffer
		f := start(t, localtest.FunctionConfig{
			Bootstrap: bootstrap,
			Timeout:   1500 * time.Millisecond,
			Progress:  func(line string) { fmt.Fprintln(&progress, line) },
		})
		before := mustInvoke(t, f, "before")
		_, err := invoke(t.Context(), f, map[string]string{"Do": "hang", "Addr": addr})
		wantFailure(t, err, localtest.FunctionError{
			Type:    "Sandbox.Timedout",
			Message: "RequestId: ID Error: Task timed out after 1.50 seconds",
		})
		wantDead(t, accept())
		mustInvoke(t, f, "after")
		if want := fmt.Sprintf("process %d killed: it took longer than 1.5s\n", before.PID); !strings.Contains(progress.String(), want) {
			t.Errorf("progress says\n%swant in it\n%s", &progress, want)
		}
	})

	for _, c := range []struct {
		name, start string
		want        localtest.FunctionError
	}{
		{
			"a function that exits at once does not start", "exit",
			localtest.FunctionError{Type: "Runtime.ExitError", Message: "RequestId: ID Error: Runtime exited with error: exit status 1"},
		},
		{
			"a function that reports an error at once does not start", "report",
			localtest.FunctionError{Type: "Shop.NoTable", Message: "SESSION_TABLE is not set"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			_, err := localtest.StartFunction(t.Context(), localtest.FunctionConfig{
				Name: "Shop", Bootstrap: bootstrap, Env: map[string]string{"START": c.start},
			})
			wantFailure(t, err, c.want)
		})
	}

	t.Run("a start that is given up leaves no process behind", func(t *testing.T) {
		t.Parallel()
		addr, accept := lifeline(t)
		ctx, cancel := context.WithCancel(t.Context())
		failed := make(chan error, 1)
		go func() {
			_, err := localtest.StartFunction(ctx, localtest.FunctionConfig{
				Name: "Shop", Bootstrap: bootstrap, Env: map[string]string{"START": "hang", "ADDR": addr},
			})
			failed <- err
		}()
		conn := accept()
		cancel()
		if err := <-failed; !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want context.Canceled", err)
		}
		wantDead(t, conn)
	})

	t.Run("a bootstrap that is missing is named", func(t *testing.T) {
		t.Parallel()
		missing := filepath.Join(t.TempDir(), "bootstrap")
		_, err := localtest.StartFunction(t.Context(), localtest.FunctionConfig{Name: "Shop", Bootstrap: missing})
		failure, ok := errors.AsType[*localtest.FunctionError](err)
		if !ok || failure.Type != "Runtime.InvalidEntrypoint" || !strings.Contains(failure.Message, missing) {
			t.Errorf("got %v", err)
		}
	})

	t.Run("64 invocations at once each get their own answer, one at a time in a process", func(t *testing.T) {
		t.Parallel()
		f := start(t, localtest.FunctionConfig{Bootstrap: bootstrap, MaxProcesses: 8, Timeout: time.Minute})
		var mu sync.Mutex
		processes := map[int]int{}
		var all sync.WaitGroup
		for i := range 64 {
			all.Go(func() {
				value := fmt.Sprint("visitor ", i)
				r, err := invoke(t.Context(), f, map[string]string{"Value": value})
				if err != nil || r.Value != value {
					t.Errorf("%s got the answer to %q, error %v", value, r.Value, err)
				}
				mu.Lock()
				defer mu.Unlock()
				processes[r.PID]++
			})
		}
		all.Wait()
		if len(processes) > 8 {
			t.Errorf("%d processes, at most 8 were allowed", len(processes))
		}
	})

	t.Run("while one process is busy another takes the next invocation", func(t *testing.T) {
		t.Parallel()
		addr, accept := lifeline(t)
		f := start(t, localtest.FunctionConfig{Bootstrap: bootstrap, MaxProcesses: 2, Timeout: time.Minute})
		first := mustInvoke(t, f, "tea")
		done := make(chan error, 1)
		go func() {
			_, err := f.Invoke(t.Context(), []byte(`{"Do": "stream what comes", "Addr": "`+addr+`"}`))
			done <- err
		}()
		busy := accept()
		if second := mustInvoke(t, f, "tea"); second.PID == first.PID {
			t.Errorf("process %d takes two invocations at once", first.PID)
		}
		_ = busy.Close()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})

	t.Run("processes stay warm, and no second one starts without need", func(t *testing.T) {
		t.Parallel()
		f := start(t, localtest.FunctionConfig{Bootstrap: bootstrap})
		processes := map[int]bool{}
		for range 10 {
			processes[mustInvoke(t, f, "tea").PID] = true
		}
		if len(processes) != 1 {
			t.Errorf("%d processes for one invocation after the other, want 1", len(processes))
		}
	})
}
