package localtest

import (
	"bytes"
	"context"
	"fmt"
	"net/http/httptest"
	"runtime/debug"
	"sync"
	"testing"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

// Serve starts an HTTP server in front of a handler, which is anything that
// lambda.Start takes, and ends it with the test. It is a [Gateway] of that
// shape, so that requests reach the handler as events, and its answers the
// client as responses, each through JSON. The handler's context carries a
// [lambdacontext.LambdaContext] and a deadline.
//
// The server speaks plain HTTP on the loopback interface, to which browsers, and
// Go's cookie jars, send Secure cookies all the same.
//
// What fails or panics in the handler is logged with the test, as Lambda logs it.
func Serve(tb testing.TB, shape Shape, handler any) *httptest.Server {
	tb.Helper()
	server := httptest.NewServer(Gateway(shape, &handlerInvoker{tb: tb, handler: handler}))
	tb.Cleanup(server.Close)
	return server
}

// handlerInvoker invokes a handler within this process.
type handlerInvoker struct {
	tb      testing.TB
	handler any

	mu sync.Mutex // held while a handler that lambda.NewHandler made is invoked
}

func (h *handlerInvoker) Invoke(ctx context.Context, payload []byte) (answer []byte, err error) {
	id := newRequestID()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
		if err != nil {
			h.tb.Logf("localtest: request %s: the handler failed: %v", id, err)
		}
	}()
	ctx = lambdacontext.NewContext(ctx, &lambdacontext.LambdaContext{
		AwsRequestID:       id,
		InvokedFunctionArn: "arn:aws:lambda:" + region + ":" + account + ":function:localtest",
	})
	// Invoke returns the bytes of a pooled buffer (aws-lambda-go 1.55). A handler
	// made for one invocation has a pool to itself; one that was made before is
	// used by one invocation at a time.
	made := lambda.NewHandler(h.handler)
	if any(made) == h.handler {
		h.mu.Lock()
		defer h.mu.Unlock()
		answer, err = made.Invoke(ctx, payload)
		return bytes.Clone(answer), err
	}
	return made.Invoke(ctx, payload)
}
