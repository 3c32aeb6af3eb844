package localtest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"runtime/debug"
	"sync"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambda/handlertrace"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

// InProcess returns a function that invokes a handler, which is anything that
// lambda.Start takes, within this process: for a debugger, which a [Function]'s
// process would be out of reach of, and for benchmarks. Within a test [Serve] does
// it. The handler's context carries a [lambdacontext.LambdaContext]; it has the
// deadline of the caller's, which [Gateway] sets.
//
// It is safe for concurrent use. A handler that was made by lambda.NewHandler is
// invoked once at a time, unless it streams, since its answers share a buffer.
//
// A handler that panics fails, and the program goes on. Why handlers fail is
// written to output, a line each, and for a panic its stack; nil discards it.
//
// [lambdacontext.LambdaContext]: https://pkg.go.dev/github.com/aws/aws-lambda-go/lambdacontext#LambdaContext
func InProcess(handler any, output io.Writer) StreamInvoker {
	if output == nil {
		output = io.Discard
	}
	return &handlerInvoker{
		logf:    log.New(output, "", 0).Printf, // which is safe for concurrent use
		handler: handler,
		over:    context.Background(),
	}
}

// handlerInvoker invokes a handler within this process.
type handlerInvoker struct {
	logf    func(format string, args ...any)
	handler any
	over    context.Context // when it ends, so do invocations

	mu sync.Mutex // held while a handler that lambda.NewHandler made is invoked
}

func (h *handlerInvoker) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	return h.invoke(ctx, payload, nil)
}

func (h *handlerInvoker) InvokeStream(ctx context.Context, payload []byte, pass func(contentType string, answer io.Reader) error) error {
	passed := false
	answer, err := h.invoke(ctx, payload, func(contentType string, answer io.Reader) error {
		passed = true
		return pass(contentType, answer)
	})
	if err != nil || passed {
		return err
	}
	contentType := "application/json"
	if h.answersBytes() {
		contentType = octetStream
	}
	return pass(contentType, bytes.NewReader(answer))
}

// invoke returns the handler's answer, or, if pass is not nil and the answer is a
// stream, passes that on and returns nil.
func (h *handlerInvoker) invoke(ctx context.Context, payload []byte, pass func(string, io.Reader) error) (answer []byte, err error) {
	id := newRequestID()
	defer func() {
		p := recover()
		if left, ok := p.(passedOn); ok {
			err = left.err // which is not new to whom it was passed on
			return
		}
		if p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
		if err != nil {
			h.logf("localtest: request %s: the handler failed: %v", id, err)
		}
	}()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(h.over, cancel)()
	ctx = lambdacontext.NewContext(ctx, &lambdacontext.LambdaContext{
		AwsRequestID:       id,
		InvokedFunctionArn: "arn:aws:lambda:" + region + ":" + account + ":function:localtest",
	})
	// Invoke returns the bytes of a pooled buffer (aws-lambda-go 1.55). A handler
	// made for one invocation has a pool to itself; one that was made before is
	// used by one invocation at a time, unless it streams.
	made := lambda.NewHandler(h.handler)
	unlock := func() {}
	if any(made) == h.handler {
		h.mu.Lock()
		unlock = sync.OnceFunc(h.mu.Unlock)
		defer unlock()
	}
	if pass != nil && !h.answersBytes() {
		ctx = passStreams(ctx, func(contentType string, answer io.Reader) error {
			unlock()
			return pass(contentType, answer)
		})
	}
	answer, err = made.Invoke(ctx, payload)
	return bytes.Clone(answer), err
}

// answersBytes reports whether the handler is somebody's own lambda.Handler,
// whose answers are bytes, never streams.
func (h *handlerInvoker) answersBytes() bool {
	handler, ok := h.handler.(lambda.Handler)
	return ok && handler != lambda.NewHandler(handler)
}

// passStreams returns a context in which a handler's answer is passed on if it is
// one that lambda.Start would stream. [lambda.Handler] has no method for that: its
// Invoke reads the answer into memory. So its trace takes the answer from it, and
// leaves it by a panic with [passedOn].
func passStreams(ctx context.Context, pass func(contentType string, answer io.Reader) error) context.Context {
	return handlertrace.NewContext(ctx, handlertrace.HandlerTrace{
		ResponseEvent: func(_ context.Context, response any) {
			answer, ok := response.(io.Reader)
			if !ok || !streams(answer) {
				return
			}
			if closer, ok := answer.(io.Closer); ok {
				defer func() { _ = closer.Close() }()
			}
			contentType := octetStream
			if typed, ok := answer.(interface{ ContentType() string }); ok {
				contentType = typed.ContentType()
			}
			panic(passedOn{pass(contentType, &boundedReader{ctx, answer})})
		},
	})
}

// passedOn is panicked with when an answer was passed on.
type passedOn struct{ err error }

// octetStream is what lambda.Start says of a reader that has no ContentType.
const octetStream = "application/octet-stream"

// streams reports whether lambda.Start streams an answer: one that as JSON would
// be nothing.
func streams(answer io.Reader) bool {
	text, err := json.Marshal(answer)
	return err != nil || bytes.HasPrefix(text, []byte("{}"))
}

// boundedReader ends with its context, as a function does with its time.
type boundedReader struct {
	ctx    context.Context
	answer io.Reader
}

func (b *boundedReader) Read(p []byte) (int, error) {
	if err := b.ctx.Err(); err != nil {
		return 0, err
	}
	return b.answer.Read(p)
}
