package localtest_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/lambdasession/lambdasession-go/localtest"
)

// streamed are the shapes whose answers are streams, each with a handler that
// streams a body.
var streamed = map[localtest.Shape]func(body io.Reader) any{
	localtest.FunctionURLStreaming: func(body io.Reader) any {
		return func() (*events.LambdaFunctionURLStreamingResponse, error) {
			return &events.LambdaFunctionURLStreamingResponse{StatusCode: 201, Body: body}, nil
		}
	},
	localtest.RESTStreaming: func(body io.Reader) any {
		return func() (*events.APIGatewayProxyStreamingResponse, error) {
			return &events.APIGatewayProxyStreamingResponse{StatusCode: 201, Body: body}, nil
		}
	},
}

func TestServeStreams(t *testing.T) {
	t.Parallel()
	for shape, streaming := range streamed {
		t.Run(shape.String(), func(t *testing.T) {
			t.Parallel()

			t.Run("the first byte arrives before the last is written", func(t *testing.T) {
				t.Parallel()
				body, function := io.Pipe()
				client := open(t, localtest.Serve(t, shape, streaming(body))) // status and header are here
				if client.StatusCode != http.StatusCreated {
					t.Errorf("status %d", client.StatusCode)
				}
				for _, part := range []string{"first ", "second ", "last"} {
					write(t, function, part)
					got := make([]byte, len(part))
					if _, err := io.ReadFull(client.Body, got); err != nil || string(got) != part {
						t.Fatalf("%q: %q, %v", part, got, err)
					}
				}
				_ = function.Close()
				wantRest(t, client, "", nil)
			})

			t.Run("the answer is closed at its end", func(t *testing.T) {
				t.Parallel()
				body := newClosable(strings.NewReader("all of it"))
				wantRest(t, open(t, localtest.Serve(t, shape, streaming(body))), "all of it", nil)
				body.wantClosed(t)
			})

			t.Run("the answer is read to its end and closed when the client has gone", func(t *testing.T) {
				t.Parallel()
				pipe, function := io.Pipe()
				body := newClosable(pipe)
				client := open(t, localtest.Serve(t, shape, streaming(body)))
				_ = client.Body.Close()
				for range 100 {
					write(t, function, strings.Repeat("x", 100_000)) // more than sockets buffer
				}
				_ = function.Close()
				body.wantClosed(t)
			})

			t.Run("an answer without an end ends with the test, as the handler's context does", func(t *testing.T) {
				t.Parallel()
				var body *closable
				t.Run("the test", func(t *testing.T) {
					client := open(t, localtest.Serve(t, shape, func(ctx context.Context) (any, error) {
						body = newClosable(io.MultiReader(strings.NewReader("x"), waiting{ctx}))
						return call(streaming(body)), nil
					}))
					if _, err := io.ReadFull(client.Body, make([]byte, 1)); err != nil {
						t.Error(err)
					}
				})
				body.wantClosed(t)
			})

			t.Run("an answer that fails is cut off, and the reason is logged", func(t *testing.T) {
				t.Parallel()
				log := &logOf{TB: t}
				body := newClosable(io.MultiReader(strings.NewReader("half"), failing("out of tea")))
				wantRest(t, open(t, localtest.Serve(log, shape, streaming(body))), "half", io.ErrUnexpectedEOF)
				body.wantClosed(t)
				if !strings.Contains(log.String(), "out of tea") {
					t.Errorf("the log is %q", log)
				}
			})

			t.Run("an answer that panics is cut off, and the reason is logged", func(t *testing.T) {
				t.Parallel()
				log := &logOf{TB: t}
				body := newClosable(io.MultiReader(strings.NewReader("half"), panicking("out of tea")))
				wantRest(t, open(t, localtest.Serve(log, shape, streaming(body))), "half", io.ErrUnexpectedEOF)
				body.wantClosed(t)
				if !strings.Contains(log.String(), "panic: out of tea") {
					t.Errorf("the log is %q", log)
				}
			})

			t.Run("a handler that fails is replied to as one that does not stream", func(t *testing.T) {
				t.Parallel()
				log := &logOf{TB: t}
				response, body := fetch(t, localtest.Serve(log, shape, func() (any, error) { return nil, errors.New("out of tea") }), get("/", nil))
				if response.StatusCode != http.StatusBadGateway || strings.Contains(body, "tea") {
					t.Errorf("status %d, body %q", response.StatusCode, body)
				}
				if !strings.Contains(log.String(), "out of tea") {
					t.Errorf("the log is %q", log)
				}
			})

			t.Run("an answer of no body is complete", func(t *testing.T) {
				t.Parallel()
				wantRest(t, open(t, localtest.Serve(t, shape, streaming(nil))), "", nil)
			})

			t.Run("a made handler streams two answers at once", func(t *testing.T) {
				t.Parallel()
				bodies := make(chan io.Reader, 2)
				server := localtest.Serve(t, shape, lambda.NewHandler(func() (any, error) {
					return call(streaming(<-bodies)), nil
				}))
				first, one := io.Pipe()
				second, other := io.Pipe()
				bodies <- first
				firstClient := open(t, server)
				bodies <- second
				secondClient := open(t, server)
				write(t, other, "other")
				_ = other.Close()
				wantRest(t, secondClient, "other", nil)
				write(t, one, "one")
				_ = one.Close()
				wantRest(t, firstClient, "one", nil)
			})
		})
	}
}

func TestAnswersThatAreNoStreams(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		handler           any
		status            int
		contentType, body string
	}{
		"JSON goes out as it is": {
			func() (map[string]int, error) { return map[string]int{"tea": 2}, nil },
			200, "application/json", `{"tea":2}`,
		},
		"an answer to a function URL that does not stream goes out as JSON": {
			func() (events.LambdaFunctionURLResponse, error) {
				return events.LambdaFunctionURLResponse{StatusCode: 404, Body: "x"}, nil
			},
			200, "application/json", `{"statusCode":404,"headers":null,"body":"x","isBase64Encoded":false,"cookies":null}`,
		},
		"a reader without a prelude is a body of octets": {
			func() (io.Reader, error) { return strings.NewReader("tea"), nil },
			200, "application/octet-stream", "tea",
		},
		"a reader has the type that it names": {
			func() (io.Reader, error) { return typed{strings.NewReader("tea")}, nil },
			200, "text/plain", "tea",
		},
		"a reader that is something as JSON goes out as that": {
			func() (any, error) { return named{strings.NewReader("tea"), "Assam"}, nil },
			200, "application/json", `{"Name":"Assam"}`,
		},
		"a stream that is nil is null": {
			func() (*events.LambdaFunctionURLStreamingResponse, error) { return nil, nil },
			200, "application/json", "null",
		},
		"somebody's own lambda.Handler answers octets, even of a stream": {
			ownHandler{lambda.NewHandler(func() (any, error) {
				return &events.LambdaFunctionURLStreamingResponse{Body: strings.NewReader("tea")}, nil
			})},
			200, "application/octet-stream", `{"statusCode":200}` + delimiter + "tea",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			response, body := fetch(t, localtest.Serve(t, localtest.FunctionURLStreaming, test.handler), get("/", nil))
			if got := response.Header.Get("Content-Type"); response.StatusCode != test.status || got != test.contentType || body != test.body {
				t.Errorf("status %d, type %q, body %q", response.StatusCode, got, body)
			}
		})
	}
}

// It runs alone, since it counts the memory of all.
func TestStreamsTakeNoMemory(t *testing.T) { //nolint:paralleltest // see above
	const size, most = 50 << 20, 2 << 20
	for shape, streaming := range streamed {
		body := io.LimitReader(endless{}, size)
		client := open(t, localtest.Serve(t, shape, streaming(body)))
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		n, err := io.Copy(io.Discard, client.Body)
		runtime.ReadMemStats(&after)
		if n != size || err != nil {
			t.Errorf("%v: %d bytes, %v", shape, n, err)
		}
		if took := after.TotalAlloc - before.TotalAlloc; took > most {
			t.Errorf("%v: %d bytes of memory for a body of %d", shape, took, size)
		}
	}
}
