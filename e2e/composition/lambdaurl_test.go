package composition

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambdaurl"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/memstore"
	"github.com/lambdasession/lambdasession-go/store"
)

// lambdaurl runs the handler in a goroutine of its own, and when that panics
// it answers 200 before the panic ends the process. Wrap around it sees the
// 200, and saves and claims what Handler inside it does not.
func TestAPanicUnderLambdaurl(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, order, want string }{
		{"is a 200 to Wrap, which saves the session", "outside", "answered 200 with 1 cookies and 1 saves"},
		{"discards the session under Handler", "inside", "answered 200 with 0 cookies and 0 saves"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			// The panic ends its process, so it gets one.
			child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestPanickingProcess$")
			child.Env = append(os.Environ(), "PANICKING_PROCESS="+c.order)
			var stdout, stderr bytes.Buffer
			child.Stdout, child.Stderr = &stdout, &stderr
			err := child.Run()
			if err == nil || !strings.Contains(stderr.String(), "panic: out of stock") || !strings.Contains(stdout.String(), c.want) {
				t.Errorf("the process ends with %v, says %q, and fails with %.200q; want %q and the panic", err, &stdout, &stderr, c.want)
			}
		})
	}
}

// TestPanickingProcess is the process of TestAPanicUnderLambdaurl.
func TestPanickingProcess(t *testing.T) { //nolint:paralleltest // alone in its process
	order := os.Getenv("PANICKING_PROCESS")
	if order == "" {
		return
	}
	saves := &savesCounted{Store: memstore.New()}
	m, err := lambdasession.New(lambdasession.Config{Store: saves})
	if err != nil {
		t.Fatal(err)
	}
	app := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if err := visits.Set(lambdasession.From(r.Context()), 1); err != nil {
			t.Error(err)
		}
		panic("out of stock")
	})
	var handle func(context.Context, *events.LambdaFunctionURLRequest) (*events.LambdaFunctionURLStreamingResponse, error)
	if order == "outside" {
		handle = lambdasession.Wrap(m, lambdaurl.Wrap(app))
	} else {
		handle = lambdaurl.Wrap(m.Handler(app))
	}
	e := &events.LambdaFunctionURLRequest{RawPath: "/"}
	e.RequestContext.DomainName, e.RequestContext.HTTP.Method = "shop.example", http.MethodGet
	out, err := handle(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Printf("answered %d with %d cookies and %d saves\n", out.StatusCode, len(out.Cookies), saves.n.Load())
	_, _ = io.ReadAll(out) // lets the panic go on
	<-t.Context().Done()   // until it ends this process
}

// savesCounted is a store that counts what is saved.
type savesCounted struct {
	store.Store
	n atomic.Int32
}

func (s *savesCounted) Save(ctx context.Context, r store.Record) (store.Key, error) {
	s.n.Add(1)
	return s.Store.Save(ctx, r)
}
