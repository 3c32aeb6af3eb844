package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/console"
	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/template"
	"github.com/lambdasession/lambdasession-go/localtest"
)

// swapping is a function whose versions are builds of testdata/version.
type swapping struct {
	*function
	t   *testing.T
	ctx context.Context // that of the versions
	end context.CancelFunc
}

func startSwapping(t *testing.T, version string) *swapping {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	s := &swapping{
		function: &function{
			Function: template.Function{ID: "Version", Name: "version", Timeout: time.Minute},
			out:      &terminal{w: io.Discard},
			journal:  console.NewJournal(),
		},
		t: t, ctx: ctx, end: cancel,
	}
	t.Cleanup(func() {
		cancel()
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	s.become(version)
	return s
}

// become swaps the function for another version of it.
func (s *swapping) become(version string) {
	s.t.Helper()
	p := program{bootstrap: filepath.Join(s.t.TempDir(), bootstrapName)}
	command := exec.CommandContext(s.t.Context(), "go", "build", "-tags=lambda.norpc", "-ldflags=-X=main.version="+version, "-o", p.bootstrap, ".")
	command.Dir = filepath.Join("testdata", "version")
	if output, err := command.CombinedOutput(); err != nil {
		s.t.Fatalf("%v\n%s", err, output)
	}
	step := s.out.begin("starting")
	next, err := s.start(s.t.Context(), p, step)
	step.end(err)
	if err != nil {
		s.t.Fatal(err)
	}
	s.swap(s.ctx, next)
}

// ask invokes the function and returns the version that answers, with its
// process.
func (s *swapping) ask() string {
	s.t.Helper()
	answer, err := s.Invoke(s.t.Context(), []byte("{}"))
	if err != nil {
		s.t.Fatal(err)
	}
	return strings.Trim(string(answer), `"`)
}

// want checks which version answers. It returns the process.
func (s *swapping) want(version, answer string) (process string) {
	s.t.Helper()
	process, ok := strings.CutPrefix(answer, "version "+version+", process ")
	if !ok {
		s.t.Fatalf("got %q, want version %s", answer, version)
	}
	return process
}

// heldInvocation is one that waits to be released.
type heldInvocation struct {
	t      *testing.T
	client net.Conn
	answer chan string
}

// hold begins an invocation and returns when it is under way.
func (s *swapping) hold(ctx context.Context, stream bool) *heldInvocation {
	s.t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	defer listener.Close()
	payload, err := json.Marshal(map[string]any{"Hold": listener.Addr().String(), "Stream": stream})
	if err != nil {
		s.t.Fatal(err)
	}
	h := &heldInvocation{t: s.t, answer: make(chan string, 1)}
	go func() {
		if stream {
			err := s.InvokeStream(ctx, payload, func(_ string, answer io.Reader) error {
				whole, err := io.ReadAll(answer)
				h.answer <- string(whole)
				return err
			})
			if err != nil {
				s.t.Error(err)
			}
			return
		}
		answer, err := s.Invoke(ctx, payload)
		if err != nil {
			answer = []byte(err.Error())
		}
		h.answer <- strings.Trim(string(answer), `"`)
	}()
	if h.client, err = listener.Accept(); err != nil {
		s.t.Fatal(err)
	}
	return h
}

// release lets it go on.
func (h *heldInvocation) release() {
	h.t.Helper()
	if err := h.client.(*net.TCPConn).CloseWrite(); err != nil {
		h.t.Fatal(err)
	}
}

// over waits until it has come to its end.
func (h *heldInvocation) over() {
	h.t.Helper()
	said, err := io.ReadAll(h.client)
	if err != nil || string(said) != "over" {
		h.t.Errorf("it was cut off: %q, error %v", said, err)
	}
	_ = h.client.Close()
}

func TestSwap(t *testing.T) {
	t.Parallel()

	t.Run("what comes after goes to the new version, what is under way ends on the old one", func(t *testing.T) {
		t.Parallel()
		s := startSwapping(t, "one")
		process := s.want("one", s.ask())
		held := s.hold(t.Context(), false)
		s.become("two")
		s.want("two", s.ask())
		held.release()
		if got := s.want("one", <-held.answer); got != process {
			t.Errorf("it ended in process %s, want %s", got, process)
		}
		held.over()
		s.retiring.Wait()
		if left, err := os.FindProcess(atoi(t, process)); err == nil && left.Signal(syscall.Signal(0)) == nil {
			t.Error("the old process is left")
		}
	})

	t.Run("what waits for a process of the old version gets one", func(t *testing.T) {
		t.Parallel()
		s := startSwapping(t, "none-yet")
		s.oneOnly = true
		s.become("one")
		held := s.hold(t.Context(), false)
		waits := make(chan string, 1)
		entered := make(chan struct{})
		go func() {
			v := s.use() // as Invoke does, with a word in between
			defer v.users.Done()
			close(entered)
			answer, err := v.Invoke(context.Background(), []byte("{}"))
			if err != nil {
				answer = []byte(err.Error())
			}
			waits <- strings.Trim(string(answer), `"`)
		}()
		<-entered
		s.become("two")
		s.want("two", s.ask())
		held.release()
		s.want("one", <-held.answer)
		s.want("one", <-waits)
		held.over()
	})

	t.Run("a stream under way is not cut off", func(t *testing.T) {
		t.Parallel()
		s := startSwapping(t, "one")
		held := s.hold(t.Context(), true)
		s.become("two")
		s.want("two", s.ask())
		held.release()
		if answer := <-held.answer; !strings.HasPrefix(answer, "version one,") || !strings.HasSuffix(answer, ", held") {
			t.Errorf("got %q", answer)
		}
		held.over()
	})

	t.Run("what nobody waits for any more is not cut off either", func(t *testing.T) {
		t.Parallel()
		s := startSwapping(t, "one")
		ctx, giveUp := context.WithCancel(t.Context())
		held := s.hold(ctx, false)
		giveUp()
		if answer := <-held.answer; answer != context.Canceled.Error() {
			t.Fatalf("got %q", answer)
		}
		s.become("two")
		s.want("two", s.ask())
		held.release()
		held.over()
	})

	t.Run("when the command ends, what is under way on an old version ends at once", func(t *testing.T) {
		t.Parallel()
		s := startSwapping(t, "one")
		held := s.hold(t.Context(), false)
		s.become("two")
		s.end()
		if answer := <-held.answer; answer != localtest.ErrClosed.Error() {
			t.Errorf("got %q", answer)
		}
		_ = held.client.Close()
	})

	t.Run("no invocation notices", func(t *testing.T) {
		t.Parallel()
		s := startSwapping(t, "one")
		stop := make(chan struct{})
		var visitors sync.WaitGroup
		for range 8 {
			visitors.Go(func() {
				for {
					if _, err := s.Invoke(t.Context(), []byte("{}")); err != nil {
						t.Error(err)
						return
					}
					select {
					case <-stop:
						return
					default:
					}
				}
			})
		}
		for _, version := range []string{"two", "three", "four"} {
			s.become(version)
		}
		close(stop)
		visitors.Wait()
		s.want("four", s.ask())
	})
}

func TestFirstStart(t *testing.T) {
	t.Parallel()
	t.Run("a version that does not start is an error, and no version", func(t *testing.T) {
		t.Parallel()
		f := &function{
			Function: template.Function{ID: "Version", Name: "version"},
			out:      &terminal{w: io.Discard},
			journal:  console.NewJournal(),
		}
		err := f.startFirst(t.Context(), program{bootstrap: filepath.Join(t.TempDir(), "missing")})
		if _, ok := errors.AsType[*localtest.FunctionError](err); !ok {
			t.Errorf("got %v", err)
		}
		if err := f.Close(); err != nil {
			t.Error(err)
		}
	})
}

func atoi(t *testing.T, text string) int {
	t.Helper()
	var n int
	if err := json.Unmarshal([]byte(text), &n); err != nil {
		t.Fatal(err)
	}
	return n
}
