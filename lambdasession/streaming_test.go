package lambdasession_test

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

// a streamingResponse is one of the two, by pointer as they come.
type streamingResponse interface {
	*events.APIGatewayProxyStreamingResponse | *events.LambdaFunctionURLStreamingResponse
	io.ReadCloser
}

func TestStreamingResponseOfARESTAPI(t *testing.T) {
	t.Parallel()
	testStreaming[events.APIGatewayProxyRequest](t, func(headers map[string]string, body io.Reader) *events.APIGatewayProxyStreamingResponse {
		return &events.APIGatewayProxyStreamingResponse{StatusCode: http.StatusOK, Headers: headers, Body: body}
	})
}

func TestStreamingResponseOfAFunctionURL(t *testing.T) {
	t.Parallel()
	testStreaming[*events.LambdaFunctionURLRequest](t, func(headers map[string]string, body io.Reader) *events.LambdaFunctionURLStreamingResponse {
		return &events.LambdaFunctionURLStreamingResponse{StatusCode: http.StatusOK, Headers: headers, Body: body}
	})
}

// a closable body counts how often it was closed.
type closable struct {
	io.Reader
	closed int
	err    error
}

func (c *closable) Close() error {
	c.closed++
	return c.err
}

func newBody() *closable { return &closable{Reader: strings.NewReader("the body")} }

func testStreaming[In lambdasession.HTTPEvent, Out streamingResponse](t *testing.T, response func(map[string]string, io.Reader) Out) {
	t.Helper()
	// wrapped runs a handler that writes to its session, and returns what goes
	// out and the handler's context.
	wrapped := func(t *testing.T, st *spy, handle func(context.Context) (Out, error)) (Out, context.Context, error) {
		t.Helper()
		var during context.Context
		out, err := lambdasession.Wrap(newSessions(t, lambdasession.Config{Store: st}), func(ctx context.Context, _ In) (Out, error) {
			during = ctx
			if err := visits.Set(lambdasession.From(ctx), 1); err != nil {
				t.Error(err)
			}
			return handle(ctx)
		})(t.Context(), *new(In))
		return out, during, err
	}
	silent := func() *spy {
		st := newSpy(nil)
		goSilent(st)
		return st
	}

	t.Run("carries the cookie in its prelude, and the body as it is", func(t *testing.T) { // L8
		t.Parallel()
		out, _, err := wrapped(t, newSpy(nil), func(context.Context) (Out, error) { return response(nil, newBody()), nil })
		succeed(t, err)
		all, err := io.ReadAll(out)
		succeed(t, err)
		prelude, body, _ := strings.Cut(string(all), strings.Repeat("\x00", 8))
		if !strings.Contains(prelude, cookieName+"=") || body != "the body" {
			t.Errorf("the response reads %q", all)
		}
	})
	t.Run("keeps the handler's context until its body is closed", func(t *testing.T) {
		t.Parallel()
		body := newBody()
		body.err = io.ErrClosedPipe
		out, during, err := wrapped(t, newSpy(nil), func(context.Context) (Out, error) { return response(nil, body), nil })
		succeed(t, err)
		_, err = io.Copy(io.Discard, out)
		succeed(t, err)
		wantError(t, nil, during.Err())
		wantError(t, io.ErrClosedPipe, out.Close())
		wantError(t, context.Canceled, during.Err())
		wantEqual(t, "times closed", 1, body.closed)
	})
	t.Run("keeps it also when the session was never used", func(t *testing.T) {
		t.Parallel()
		var during context.Context
		out, err := lambdasession.Wrap(newSessions(t, lambdasession.Config{}), func(ctx context.Context, _ In) (Out, error) {
			during = ctx
			return response(nil, newBody()), nil
		})(t.Context(), *new(In))
		succeed(t, err)
		wantError(t, nil, during.Err())
		succeed(t, out.Close())
		wantError(t, context.Canceled, during.Err())
	})
	t.Run("may be read from while it writes to the session, which is refused", func(t *testing.T) { // L8
		t.Parallel()
		var late error
		out, _, err := wrapped(t, newSpy(nil), func(ctx context.Context) (Out, error) {
			return response(nil, readerFunc(func([]byte) (int, error) {
				late = visits.Set(lambdasession.From(ctx), 2)
				return 0, io.EOF
			})), nil
		})
		succeed(t, err)
		_, err = io.ReadAll(out)
		succeed(t, err)
		wantError(t, lambdasession.ErrCommitted, late)
	})
	t.Run("is a copy of the handler's", func(t *testing.T) { // L5
		t.Parallel()
		headers := map[string]string{"vary": "Accept", "Content-Type": "text/html"}
		before := maps.Clone(headers)
		body := newBody()
		shared := response(headers, body)
		out, _, err := wrapped(t, newSpy(nil), func(context.Context) (Out, error) { return shared, nil })
		succeed(t, err)
		if out == shared {
			t.Error("the handler's own response went out")
		}
		wantEqual(t, "the handler's headers", before, headers)
		succeed(t, out.Close())
		if all := readPrelude(t, shared); strings.Contains(all, cookieName) || strings.Contains(all, "Cookie") {
			t.Errorf("the handler's response has become %q", all)
		}
	})
	t.Run("is closed if it is replaced", func(t *testing.T) { // L2
		t.Parallel()
		body := newBody()
		out, during, err := wrapped(t, silent(), func(context.Context) (Out, error) {
			return response(map[string]string{"X-Handler": "1"}, body), nil
		})
		succeed(t, err)
		wantRefusedStream(t, out, during, body)
	})
	t.Run("is closed if an error of the session comes with it", func(t *testing.T) { // L2
		t.Parallel()
		body := newBody()
		out, during, err := wrapped(t, silent(), func(context.Context) (Out, error) {
			return response(map[string]string{"X-Handler": "1"}, body), lambdasession.ErrCommitted
		})
		succeed(t, err)
		if all := readPrelude(t, out); !strings.Contains(all, `"statusCode":500`) || strings.Contains(all, "the body") {
			t.Errorf("the response reads %q", all)
		}
		wantError(t, context.Canceled, during.Err())
		wantEqual(t, "times closed", 1, body.closed)
	})
	t.Run("goes out untouched beside an error of the handler's own", func(t *testing.T) {
		t.Parallel()
		mine, body := errors.New("out of stock"), newBody()
		shared := response(nil, body)
		out, during, err := wrapped(t, newSpy(nil), func(context.Context) (Out, error) { return shared, mine })
		wantError(t, mine, err)
		if out != shared {
			t.Error("another response went out")
		}
		wantError(t, context.Canceled, during.Err())
	})
	t.Run("may have no body", func(t *testing.T) {
		t.Parallel()
		out, during, err := wrapped(t, newSpy(nil), func(context.Context) (Out, error) { return response(nil, nil), nil })
		succeed(t, err)
		if all := readPrelude(t, out); !strings.HasSuffix(all, strings.Repeat("\x00", 8)) {
			t.Errorf("the response reads %q", all)
		}
		succeed(t, out.Close())
		wantError(t, context.Canceled, during.Err())
	})
	t.Run("may have a body that cannot be closed", func(t *testing.T) {
		t.Parallel()
		out, during, err := wrapped(t, newSpy(nil), func(context.Context) (Out, error) { return response(nil, strings.NewReader("x")), nil })
		succeed(t, err)
		succeed(t, out.Close())
		wantError(t, context.Canceled, during.Err())
	})
	t.Run("may be nil", func(t *testing.T) {
		t.Parallel()
		out, during, err := wrapped(t, newSpy(nil), func(context.Context) (Out, error) { return nil, nil })
		succeed(t, err)
		if out != nil {
			t.Error("something else went out")
		}
		wantError(t, context.Canceled, during.Err())
	})
	t.Run("may be nil and be replaced", func(t *testing.T) {
		t.Parallel()
		out, _, err := wrapped(t, silent(), func(context.Context) (Out, error) { return nil, nil })
		succeed(t, err)
		if all := readPrelude(t, out); !strings.Contains(all, `"statusCode":503`) {
			t.Errorf("the response reads %q", all)
		}
	})
}

// wantRefusedStream says that of the handler's response nothing is left.
func wantRefusedStream(t *testing.T, out io.Reader, during context.Context, body *closable) {
	t.Helper()
	all := readPrelude(t, out)
	for _, banned := range []string{"the body", "X-Handler", cookieName} {
		if strings.Contains(all, banned) {
			t.Errorf("the response has %q: %q", banned, all)
		}
	}
	if !strings.Contains(all, `"statusCode":503`) || !strings.Contains(all, "Retry-After") {
		t.Errorf("the response reads %q; want a 503", all)
	}
	wantError(t, context.Canceled, during.Err())
	wantEqual(t, "times closed", 1, body.closed)
}

// readPrelude reads a streaming response from its prelude to its end.
func readPrelude(t *testing.T, r io.Reader) string {
	t.Helper()
	all, err := io.ReadAll(r)
	succeed(t, err)
	return string(all)
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }
