package localtest_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/localtest"
)

// reports are what a function reported.
type reports struct {
	mu  sync.Mutex
	all []localtest.Report
}

func (r *reports) add(_ context.Context, report localtest.Report) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, report)
}

func (r *reports) list() []localtest.Report {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.all
}

func TestFunctionReports(t *testing.T) {
	t.Parallel()
	bootstrap := buildFunction(t)

	t.Run("each invocation, before Invoke returns, with what the function knows", func(t *testing.T) {
		t.Parallel()
		var r reports
		f := start(t, localtest.FunctionConfig{Bootstrap: bootstrap, Report: r.add})
		for range 3 {
			answer := mustInvoke(t, f, "tea")
			got := r.list()[len(r.list())-1]
			want := localtest.Report{RequestID: answer.Request, TraceID: answer.Trace, Process: answer.PID, Init: got.Init, Duration: got.Duration}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			if got.Duration <= 0 {
				t.Errorf("it took %v", got.Duration)
			}
		}
		if got := len(r.list()); got != 3 {
			t.Errorf("%d reports of 3 invocations", got)
		}
	})

	t.Run("only the first invocation of a process is a cold one", func(t *testing.T) {
		t.Parallel()
		var r reports
		f := start(t, localtest.FunctionConfig{Bootstrap: bootstrap, Report: r.add})
		mustInvoke(t, f, "cold")
		mustInvoke(t, f, "warm")
		_, _ = invoke(t.Context(), f, map[string]string{"Do": "exit"})
		mustInvoke(t, f, "cold, of the next process")
		mustInvoke(t, f, "warm")
		var cold []bool
		for _, report := range r.list() {
			cold = append(cold, report.Init > 0)
		}
		if diff := cmp.Diff([]bool{true, false, false, true, false}, cold); diff != "" {
			t.Error(diff)
		}
	})

	t.Run("a failure, and the process that failed", func(t *testing.T) {
		t.Parallel()
		var r reports
		f := start(t, localtest.FunctionConfig{Bootstrap: bootstrap, Report: r.add})
		before := mustInvoke(t, f, "before")
		for _, do := range []string{"fail", "panic", "exit"} {
			_, err := invoke(t.Context(), f, map[string]string{"Do": do, "Value": "tea"})
			got := r.list()[len(r.list())-1]
			if err == nil || !errors.Is(got.Err, err) {
				t.Errorf("%s: reported %v, returned %v", do, got.Err, err)
			}
			if do == "fail" && got.Process != before.PID || got.Process == 0 {
				t.Errorf("%s: process %d", do, got.Process)
			}
		}
	})

	t.Run("what nobody waits for, with what its context holds", func(t *testing.T) {
		t.Parallel()
		type key struct{}
		reported := make(chan context.Context, 2)
		f := start(t, localtest.FunctionConfig{
			Bootstrap: bootstrap,
			Timeout:   bound,
			Report:    func(ctx context.Context, _ localtest.Report) { reported <- ctx },
		})
		addr, accept := lifeline(t)
		ctx, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, "tea"))
		failed := make(chan error, 1)
		go func() {
			_, err := invoke(ctx, f, map[string]string{"Do": "stream what comes", "Addr": addr})
			failed <- err
		}()
		function := accept()
		cancel()
		if err := <-failed; !errors.Is(err, context.Canceled) {
			t.Errorf("the caller got %v", err)
		}
		if len(reported) > 0 {
			t.Error("reported while it goes on")
		}
		_ = function.Close()
		if got := <-reported; got.Value(key{}) != "tea" || got.Err() != nil {
			t.Errorf("the report's context has the value %v and is %v", got.Value(key{}), got.Err())
		}
		_ = f.Close()
		if len(reported) > 0 {
			t.Error("reported twice")
		}
	})

	t.Run("nothing of what was not begun", func(t *testing.T) {
		t.Parallel()
		var r reports
		f := start(t, localtest.FunctionConfig{Bootstrap: bootstrap, Report: r.add})
		if _, err := f.Invoke(t.Context(), make([]byte, 6<<20+1)); !errors.Is(err, localtest.ErrPayloadTooLarge) {
			t.Errorf("a payload that is too large: %v", err)
		}
		_ = f.Close()
		if _, err := f.Invoke(t.Context(), nil); !errors.Is(err, localtest.ErrClosed) {
			t.Errorf("after Close: %v", err)
		}
		if got := r.list(); got != nil {
			t.Errorf("reported %+v", got)
		}
	})
}

func TestFunctionLimits(t *testing.T) {
	t.Parallel()
	bootstrap := buildFunction(t)

	t.Run("a payload as large as Lambda takes it arrives", func(t *testing.T) {
		t.Parallel()
		f := start(t, localtest.FunctionConfig{Bootstrap: bootstrap, Timeout: bound})
		const event = `{"Do": "stream", "Value": "", "Addr": "x"}`
		payload := strings.Replace(event, "x", strings.Repeat("x", 6<<20-len(event)+1), 1)
		if answer, err := f.Invoke(t.Context(), []byte(payload)); string(answer) != streamedHead {
			t.Errorf("got %q, %v", answer, err)
		}
	})

	t.Run("a payload beyond that is refused, and the function does not see it", func(t *testing.T) {
		t.Parallel()
		f := start(t, localtest.FunctionConfig{Bootstrap: bootstrap})
		before := mustInvoke(t, f, "before")
		_, err := f.Invoke(t.Context(), make([]byte, 6<<20+1))
		const want = "the payload is too large: it has 6291457 bytes, and Lambda takes 6291456"
		if err == nil || err.Error() != want {
			t.Errorf("got  %v\nwant %s", err, want)
		}
		if after := mustInvoke(t, f, "after"); after.PID != before.PID {
			t.Errorf("process %d was replaced by %d", before.PID, after.PID)
		}
	})

	t.Run("an answer as large as Lambda takes it arrives", func(t *testing.T) {
		t.Parallel()
		f := start(t, localtest.FunctionConfig{Bootstrap: bootstrap, Timeout: bound})
		answer, err := f.Invoke(t.Context(), []byte(`{"Do": "answer at length", "Value": "6291556"}`))
		if len(answer) != 6291556 || err != nil {
			t.Errorf("got %d bytes, %v", len(answer), err)
		}
	})

	t.Run("an answer beyond that is a failure, and aws-lambda-go ends the process", func(t *testing.T) {
		t.Parallel()
		f := start(t, localtest.FunctionConfig{Bootstrap: bootstrap, Timeout: bound})
		before := mustInvoke(t, f, "before")
		_, err := f.Invoke(t.Context(), []byte(`{"Do": "answer at length", "Value": "6291557"}`))
		wantFailure(t, err, localtest.FunctionError{
			Type:    "Function.ResponseSizeTooLarge",
			Message: "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
		})
		if after := mustInvoke(t, f, "after"); after.PID == before.PID {
			t.Error("the process that exited is said to have answered")
		}
	})
}

func TestFunctionStartsSlowly(t *testing.T) {
	t.Parallel()
	bootstrap := buildFunction(t)
	// No process is as fast as this.
	const none = time.Nanosecond

	t.Run("the first invocation starts it anew, within its own time", func(t *testing.T) {
		t.Parallel()
		var progress syncBuffer
		var r reports
		f := start(t, localtest.FunctionConfig{
			Bootstrap: bootstrap,
			Timeout:   bound,
			Progress:  func(line string) { _, _ = progress.Write([]byte(line + "\n")) },
			Report:    r.add,
		}.WithInitTimeout(none))
		mustInvoke(t, f, "tea")
		if got := strings.Count(progress.String(), "killed: it did not initialise within 1ns\n"); got != 2 {
			t.Errorf("%d processes were too slow, want that of the start and that before the invocation:\n%s", got, &progress)
		}
		if got := r.list(); len(got) != 1 || got[0].Init <= 0 {
			t.Errorf("reported %+v, want one cold invocation", got)
		}
	})

	t.Run("one that does not come up within that either fails", func(t *testing.T) {
		t.Parallel()
		addr, _ := lifeline(t)
		var r reports
		f := start(t, localtest.FunctionConfig{
			Bootstrap: bootstrap,
			Env:       map[string]string{"START": "hang", "ADDR": addr},
			Timeout:   200 * time.Millisecond,
			Report:    r.add,
		}.WithInitTimeout(none))
		_, err := invoke(t.Context(), f, nil)
		want := localtest.FunctionError{Type: "Sandbox.Timedout", Message: "RequestId: ID Error: Task timed out after 0.20 seconds"}
		wantFailure(t, err, want)
		if got := r.list(); len(got) != 1 || got[0].Process != 0 || !errors.Is(got[0].Err, err) {
			t.Errorf("reported %+v", got)
		}
	})
}
