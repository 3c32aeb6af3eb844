package localtest_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/localtest"
)

// printed is what a function printed: a line a time, with its request.
type printed struct {
	mu    sync.Mutex
	lines [][2]string
}

func (p *printed) add(requestID, line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lines = append(p.lines, [2]string{requestID, line})
}

func (p *printed) list() [][2]string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lines
}

func TestFunctionLog(t *testing.T) {
	t.Parallel()
	bootstrap := buildFunction(t)

	// do has the function do something, and returns the request id of that.
	do := func(t *testing.T, f *localtest.Function, what, value string) string {
		t.Helper()
		r, err := invoke(t.Context(), f, map[string]string{"Do": what, "Value": value})
		if err != nil {
			t.Fatal(err)
		}
		return r.Request
	}

	t.Run("each line has the request during which it was printed, before that is answered", func(t *testing.T) {
		t.Parallel()
		var got printed
		f := start(t, localtest.FunctionConfig{Bootstrap: bootstrap, Log: got.add})
		one := do(t, f, "print", "one\ntwo\n")
		want := [][2]string{{one, "one"}, {one, "two"}}
		if diff := cmp.Diff(want, got.list()); diff != "" {
			t.Error(diff)
		}
		three := do(t, f, "print error", "three, to standard error\n")
		want = append(want, [2]string{three, "three, to standard error"})
		if diff := cmp.Diff(want, got.list()); diff != "" {
			t.Error(diff)
		}
	})

	t.Run("a line arrives when it is whole, and is of the request in which it began", func(t *testing.T) {
		t.Parallel()
		var got printed
		f := start(t, localtest.FunctionConfig{Bootstrap: bootstrap, Log: got.add})
		one := do(t, f, "print", "one\ntw")
		_ = do(t, f, "print", "o\n")
		last := do(t, f, "print", "last")
		_ = f.Close()
		if diff := cmp.Diff([][2]string{{one, "one"}, {one, "two"}, {last, "last"}}, got.list()); diff != "" {
			t.Error(diff)
		}
	})

	t.Run("a line of the start is of no request", func(t *testing.T) {
		t.Parallel()
		var got printed
		f := start(t, localtest.FunctionConfig{Bootstrap: bootstrap, Env: map[string]string{"START": "print"}, Log: got.add})
		one := do(t, f, "print", "one\n")
		if diff := cmp.Diff([][2]string{{"", "starting"}, {one, "one"}}, got.list()); diff != "" {
			t.Error(diff)
		}
	})

	t.Run("why a function does not start is in it", func(t *testing.T) {
		t.Parallel()
		var got printed
		_, err := localtest.StartFunction(t.Context(), localtest.FunctionConfig{
			Name: "Shop", Bootstrap: bootstrap, Env: map[string]string{"START": "exit"}, Log: got.add,
		})
		if err == nil {
			t.Fatal("it started")
		}
		if lines := got.list(); len(lines) != 1 || lines[0][0] != "" || !strings.HasSuffix(lines[0][1], "SESSION_TABLE is not set") {
			t.Errorf("got %q", lines)
		}
	})

	t.Run("all lines of an invocation come before its report, even the last of a process", func(t *testing.T) {
		t.Parallel()
		var got printed
		f := start(t, localtest.FunctionConfig{
			Bootstrap: bootstrap,
			Log:       got.add,
			Report:    func(_ context.Context, r localtest.Report) { got.add(r.RequestID, "REPORT") },
		})
		one := do(t, f, "print", "one\n")
		_, err := invoke(t.Context(), f, map[string]string{"Do": "panic", "Value": "out of tea"})
		if err == nil {
			t.Fatal("it did not panic")
		}
		lines := got.list()
		if diff := cmp.Diff([][2]string{{one, "one"}, {one, "REPORT"}}, lines[:2]); diff != "" {
			t.Error(diff)
		}
		for i, line := range lines[2:] {
			if isLast := i == len(lines[2:])-1; line[0] != lines[2][0] || (line[1] == "REPORT") != isLast {
				t.Errorf("line %d of the panic is %q", i, line)
			}
		}
		if len(lines) < 4 || !strings.Contains(lines[2][1], "out of tea") {
			t.Errorf("the panic's lines are %q", lines[2:])
		}
	})

	t.Run("however many they are", func(t *testing.T) {
		t.Parallel()
		var got printed
		f := start(t, localtest.FunctionConfig{Bootstrap: bootstrap, Timeout: bound, Log: got.add})
		const lines = 30_000 // 60 kB, which a pipe holds: nothing but the log keeps the function waiting
		do(t, f, "print", strings.Repeat("x\n", lines))
		if got := len(got.list()); got != lines {
			t.Errorf("the answer came after %d of %d lines", got, lines)
		}
	})

	t.Run("a line that is too long is broken, and nothing of it is lost", func(t *testing.T) {
		t.Parallel()
		var got printed
		f := start(t, localtest.FunctionConfig{Bootstrap: bootstrap, Timeout: bound, Log: got.add})
		long := strings.Repeat("0123456789", 250_000)
		id := do(t, f, "print", long+"\n")
		var text strings.Builder
		for i, line := range got.list() {
			if line[0] != id || len(line[1]) > 1<<20 {
				t.Errorf("line %d is of %q and has %d bytes", i, line[0], len(line[1]))
			}
			text.WriteString(line[1])
		}
		if text.String() != long {
			t.Errorf("%d bytes, want the %d that were printed", text.Len(), len(long))
		}
	})

	t.Run("64 invocations at once do not mix their lines, and Log need not be safe for that", func(t *testing.T) {
		t.Parallel()
		got := map[string]string{}
		f := start(t, localtest.FunctionConfig{
			Bootstrap:    bootstrap,
			MaxProcesses: 8,
			Timeout:      bound,
			Log:          func(requestID, line string) { got[requestID] += line },
		})
		var mu sync.Mutex
		want := map[string]string{}
		var all sync.WaitGroup
		for i := range 64 {
			all.Go(func() {
				value := fmt.Sprint("visitor ", i)
				r, err := invoke(t.Context(), f, map[string]string{"Do": "print", "Value": value + "\n"})
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				want[r.Request] = value
			})
		}
		all.Wait()
		_ = f.Close()
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}
