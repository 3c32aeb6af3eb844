package localtest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/localtest"
)

// reply is what testdata/function answers.
type reply struct {
	Value    string
	PID      int
	Request  string
	ARN      string
	Trace    string
	Deadline time.Time
	Environ  []string
}

// buildFunction builds testdata/function as it would be for Lambda.
func buildFunction(t *testing.T) (bootstrap string) {
	t.Helper()
	bootstrap = filepath.Join(t.TempDir(), "bootstrap")
	build := exec.CommandContext(t.Context(), "go", "build", "-tags", "lambda.norpc", "-o", bootstrap, "./testdata/function")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the function: %v\n%s", err, output)
	}
	return bootstrap
}

// start starts the function and closes it when the test ends.
func start(t *testing.T, config localtest.FunctionConfig) *localtest.Function {
	t.Helper()
	config.Name = "Shop"
	f, err := localtest.StartFunction(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func invoke(ctx context.Context, f *localtest.Function, event map[string]string) (reply, error) {
	payload, err := json.Marshal(event)
	if err != nil {
		return reply{}, err
	}
	body, err := f.Invoke(ctx, payload)
	if err != nil {
		return reply{}, err
	}
	var r reply
	return r, json.Unmarshal(body, &r)
}

// mustInvoke has the function answer, or ends the test.
func mustInvoke(t *testing.T, f *localtest.Function, value string) reply {
	t.Helper()
	r, err := invoke(t.Context(), f, map[string]string{"Value": value})
	if err != nil {
		t.Fatal(err)
	}
	if r.Value != value {
		t.Fatalf("the function was sent %q and answered to %q", value, r.Value)
	}
	return r
}

// wantFailure checks that err is the function's failure; the request id in the
// message is random and stands as ID in want.
func wantFailure(t *testing.T, err error, want localtest.FunctionError) {
	t.Helper()
	failure, ok := errors.AsType[*localtest.FunctionError](err)
	if !ok {
		t.Fatalf("got %v, want a FunctionError", err)
	}
	got := *failure
	if rest, ok := strings.CutPrefix(got.Message, "RequestId: "); ok {
		_, text, _ := strings.Cut(rest, " ")
		got.Message = "RequestId: ID " + text
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// lifeline is a listener that a process of the function connects to: the
// connection lives as long as the process.
func lifeline(t *testing.T) (addr string, accept func() net.Conn) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	return listener.Addr().String(), func() net.Conn {
		t.Helper()
		conn, err := listener.Accept()
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		return conn
	}
}

// wantDead waits until the process at the other end of conn is gone.
func wantDead(t *testing.T, conn net.Conn) {
	t.Helper()
	_ = conn.SetReadDeadline(time.Now().Add(time.Minute))
	if _, err := conn.Read(make([]byte, 1)); errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatal("the process still lives")
	}
}

// syncBuffer is a bytes.Buffer that several processes may write to.
type syncBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
