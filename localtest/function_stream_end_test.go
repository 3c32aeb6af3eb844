package localtest_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/localtest"
)

func TestFunctionStreamsEnd(t *testing.T) {
	t.Parallel()
	bootstrap := buildFunction(t)

	for _, c := range []struct {
		name, do string
		replaced bool
		want     localtest.FunctionError
	}{
		{
			"a failure in the middle is an error of the Read, and the process goes on",
			"stream what comes and fail", false,
			localtest.FunctionError{Type: "soldOut", Message: "no tea left"},
		},
		{
			"an exit in the middle is an error of the Read, and the process is replaced",
			"stream what comes and exit", true,
			localtest.FunctionError{Type: "Runtime.ExitError", Message: "RequestId: ID Error: Runtime exited with error: exit status 3"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := start(t, localtest.FunctionConfig{Bootstrap: bootstrap, Timeout: bound})
			before := mustInvoke(t, f, "before")
			addr, accept := lifeline(t)
			err := invokeStream(t.Context(), f, map[string]string{"Do": c.do, "Addr": addr}, func(_ string, answer io.Reader) error {
				function := accept()
				write(t, function, "half")
				wantNext(t, answer, streamedHead+"half")
				_ = function.Close()
				_, err := io.ReadAll(answer)
				return err
			})
			wantFailure(t, err, c.want)
			if after := mustInvoke(t, f, "after"); (after.PID != before.PID) != c.replaced {
				t.Errorf("process %d before, %d after", before.PID, after.PID)
			}
		})
	}

	t.Run("what a process had written before it exited arrives before the error", func(t *testing.T) {
		t.Parallel()
		ended := make(chan struct{})
		f := start(t, localtest.FunctionConfig{Bootstrap: bootstrap, Timeout: bound, Progress: func(line string) {
			if strings.HasSuffix(line, "ended: exit status 3") {
				close(ended)
			}
		}})
		addr, accept := lifeline(t)
		var text string
		err := invokeStream(t.Context(), f, map[string]string{"Do": "stream what comes and exit", "Addr": addr}, func(contentType string, answer io.Reader) error {
			function := accept()
			write(t, function, "half")
			_ = function.Close()
			<-ended
			return readAll(&text)(contentType, answer)
		})
		wantFailure(t, err, localtest.FunctionError{Type: "Runtime.ExitError", Message: "RequestId: ID Error: Runtime exited with error: exit status 3"})
		if text != streamedHead+"half" {
			t.Errorf("what arrived is %q", text)
		}
	})

	t.Run("Invoke of one that fails in the middle fails", func(t *testing.T) {
		t.Parallel()
		f := start(t, localtest.FunctionConfig{Bootstrap: bootstrap, Timeout: bound})
		addr, accept := lifeline(t)
		go func() { _ = accept().Close() }()
		_, err := invoke(t.Context(), f, map[string]string{"Do": "stream what comes and fail", "Addr": addr})
		wantFailure(t, err, localtest.FunctionError{Type: "soldOut", Message: "no tea left"})
	})

	t.Run("a failure before the beginning is passed to nobody", func(t *testing.T) {
		t.Parallel()
		f := start(t, localtest.FunctionConfig{Bootstrap: bootstrap})
		err := invokeStream(t.Context(), f, map[string]string{"Do": "fail", "Value": "tea"}, func(string, io.Reader) error {
			t.Error("there is no answer to pass on")
			return nil
		})
		wantFailure(t, err, localtest.FunctionError{Type: "soldOut", Message: "no tea left"})
	})

	t.Run("one that takes too long is cut off", func(t *testing.T) {
		t.Parallel()
		f := start(t, localtest.FunctionConfig{Bootstrap: bootstrap, Timeout: time.Second})
		addr, accept := lifeline(t)
		var text string
		err := invokeStream(t.Context(), f, map[string]string{"Do": "stream what comes", "Addr": addr}, readAll(&text))
		wantFailure(t, err, localtest.FunctionError{Type: "Sandbox.Timedout", Message: "RequestId: ID Error: Task timed out after 1.00 seconds"})
		if text != streamedHead {
			t.Errorf("before that came %q", text)
		}
		wantDead(t, accept())
	})

	t.Run("Close cuts it off", func(t *testing.T) {
		t.Parallel()
		f := start(t, localtest.FunctionConfig{Bootstrap: bootstrap, Timeout: time.Hour})
		addr, accept := lifeline(t)
		err := invokeStream(t.Context(), f, map[string]string{"Do": "stream what comes", "Addr": addr}, func(_ string, answer io.Reader) error {
			wantNext(t, answer, streamedHead)
			accept()
			_ = f.Close()
			_, err := io.ReadAll(answer)
			return err
		})
		if !errors.Is(err, localtest.ErrClosed) {
			t.Errorf("got %v, want ErrClosed", err)
		}
	})

	t.Run("a caller that gives up does not end it, and what comes is read", func(t *testing.T) {
		t.Parallel()
		reports := make(chan localtest.Report, 1)
		f := start(t, localtest.FunctionConfig{
			Bootstrap: bootstrap,
			Timeout:   bound,
			Report:    func(_ context.Context, r localtest.Report) { reports <- r },
		})
		addr, accept := lifeline(t)
		ctx, cancel := context.WithCancel(t.Context())
		err := invokeStream(ctx, f, map[string]string{"Do": "stream what comes", "Addr": addr}, func(_ string, answer io.Reader) error {
			wantNext(t, answer, streamedHead)
			cancel()
			_, err := io.ReadAll(answer)
			return err
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v, want context.Canceled", err)
		}
		function := accept()
		for range 100 {
			write(t, function, strings.Repeat("x", 100_000)) // more than sockets buffer
		}
		_ = function.Close()
		if r := <-reports; r.Err != nil {
			t.Errorf("the invocation failed: %v", r.Err)
		}
	})

	t.Run("what pass does not read is read all the same, before InvokeStream returns", func(t *testing.T) {
		t.Parallel()
		var reported bool
		f := start(t, localtest.FunctionConfig{
			Bootstrap: bootstrap,
			Timeout:   bound,
			Report:    func(context.Context, localtest.Report) { reported = true },
		})
		enough := errors.New("enough")
		err := invokeStream(t.Context(), f, map[string]string{"Do": "stream", "Value": strings.Repeat("x", 4<<20)}, func(_ string, answer io.Reader) error {
			wantNext(t, answer, streamedHead)
			return enough
		})
		if !errors.Is(err, enough) || !reported {
			t.Errorf("got %v, reported: %t", err, reported)
		}
	})

	t.Run("it ends with an error where Lambda's limit is", func(t *testing.T) {
		t.Parallel()
		f := start(t, localtest.FunctionConfig{Bootstrap: bootstrap, Timeout: bound})
		var n int64
		err := invokeStream(t.Context(), f, map[string]string{"Do": "stream without end"}, func(_ string, answer io.Reader) (err error) {
			n, err = io.Copy(io.Discard, answer)
			return err
		})
		wantFailure(t, err, localtest.FunctionError{
			Type:    "Function.ResponseSizeTooLarge",
			Message: "Response payload size exceeded maximum allowed payload size (209715200 bytes).",
		})
		if n != 200<<20 {
			t.Errorf("%d bytes came before that", n)
		}
	})
}
