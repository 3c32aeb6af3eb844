package localtest_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
)

// bound is how long a test waits for what should come at once.
const bound = time.Minute

// open asks the server and returns as soon as there is a header.
func open(t *testing.T, server *httptest.Server) *http.Response {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), bound)
	t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := server.Client().Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = response.Body.Close() })
	return response
}

// write writes to a function's answer, which waits until it is read.
func write(t *testing.T, w io.Writer, part string) {
	t.Helper()
	if _, err := io.WriteString(w, part); err != nil {
		t.Fatal(err)
	}
}

// wantRest reads the rest of a response.
func wantRest(t *testing.T, response *http.Response, body string, end error) {
	t.Helper()
	got, err := io.ReadAll(response.Body)
	if string(got) != body || !errors.Is(err, end) {
		t.Errorf("body %q, %v; want %q, %v", got, err, body, end)
	}
}

// call calls a handler of [streamed].
func call(handler any) io.Reader {
	switch handler := handler.(type) {
	case func() (*events.LambdaFunctionURLStreamingResponse, error):
		response, _ := handler()
		return response
	case func() (*events.APIGatewayProxyStreamingResponse, error):
		response, _ := handler()
		return response
	default:
		panic("no such handler")
	}
}

// closable is a body that tells when it is closed.
type closable struct {
	io.Reader
	closed chan struct{}
	close  func()
}

func newClosable(body io.Reader) *closable {
	closed := make(chan struct{})
	return &closable{Reader: body, closed: closed, close: sync.OnceFunc(func() { close(closed) })}
}

func (c *closable) Close() error {
	c.close()
	return nil
}

func (c *closable) wantClosed(t *testing.T) {
	t.Helper()
	select {
	case <-c.closed:
	case <-time.After(bound):
		t.Error("the answer is not closed")
	}
}

// endless is a body without an end, of whatever there was where it is read to.
type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

type failing string

func (f failing) Read([]byte) (int, error) { return 0, errors.New(string(f)) }

type panicking string

func (p panicking) Read([]byte) (int, error) { panic(string(p)) }

// waiting is a body that comes when its time is over.
type waiting struct{ ctx context.Context }

func (w waiting) Read([]byte) (int, error) {
	<-w.ctx.Done()
	return 0, w.ctx.Err()
}

// typed is a body that names its type.
type typed struct{ io.Reader }

func (typed) ContentType() string          { return "text/plain" }
func (typed) MarshalJSON() ([]byte, error) { return nil, errors.New("no JSON") }

// named is a reader that has more than what is to be read.
type named struct {
	io.Reader `json:"-"`
	Name      string
}

// ownHandler is a lambda.Handler of somebody's own around another.
type ownHandler struct{ lambda.Handler }

// streamInvoker is a function that streams.
type streamInvoker func(ctx context.Context, pass func(string, io.Reader) error) error

func (f streamInvoker) Invoke(context.Context, []byte) ([]byte, error) {
	return nil, errors.New("it streams")
}

func (f streamInvoker) InvokeStream(ctx context.Context, _ []byte, pass func(string, io.Reader) error) error {
	return f(ctx, pass)
}

// discarding is a client that takes whatever there is.
type discarding struct{}

func (discarding) Header() http.Header         { return http.Header{} }
func (discarding) Write(p []byte) (int, error) { return len(p), nil }
func (discarding) WriteHeader(int)             {}
