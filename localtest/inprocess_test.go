package localtest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/lambdasession/lambdasession-go/localtest"
)

func TestInProcess(t *testing.T) {
	t.Parallel()

	t.Run("the handler gets the event and what Lambda tells it", func(t *testing.T) {
		t.Parallel()
		function := localtest.InProcess(func(ctx context.Context, product string) (string, error) {
			lc, ok := lambdacontext.FromContext(ctx)
			if !ok || len(lc.AwsRequestID) != 36 || lc.InvokedFunctionArn == "" {
				t.Errorf("its context has %+v", lc)
			}
			return product + " is in stock", nil
		}, nil)
		answer, err := function.Invoke(t.Context(), []byte(`"tea"`))
		if string(answer) != `"tea is in stock"` || err != nil {
			t.Errorf("got %s, %v", answer, err)
		}
	})

	t.Run("why it fails is returned and written down, and the program goes on", func(t *testing.T) {
		t.Parallel()
		for name, handler := range map[string]func() error{
			"an error": func() error { return errors.New("out of tea") },
			"a panic":  func() error { panic("out of tea") },
		} {
			var log syncBuffer
			_, err := localtest.InProcess(handler, &log).Invoke(t.Context(), nil)
			if err == nil || !strings.Contains(err.Error(), "out of tea") {
				t.Errorf("%s: got %v", name, err)
			}
			if line, _, _ := strings.Cut(log.String(), "\n"); !strings.HasPrefix(line, "localtest: request ") || !strings.HasSuffix(line, "out of tea") {
				t.Errorf("%s: the log is %q", name, &log)
			}
		}
	})

	t.Run("an answer is streamed while it is written", func(t *testing.T) {
		t.Parallel()
		body, handler := io.Pipe()
		function := localtest.InProcess(func() (*events.LambdaFunctionURLStreamingResponse, error) {
			return &events.LambdaFunctionURLStreamingResponse{StatusCode: http.StatusCreated, Body: body}, nil
		}, nil)
		server := httptest.NewServer(localtest.Gateway(localtest.FunctionURLStreaming, function))
		t.Cleanup(server.Close)
		client := open(t, server)
		for _, part := range []string{"first", "second"} {
			write(t, handler, part)
			wantNext(t, client.Body, part)
		}
		_ = handler.Close()
		wantRest(t, client, "", nil)
	})

	t.Run("64 invocations at once each get their own answer", func(t *testing.T) {
		t.Parallel()
		echo := func(value string) (string, error) { return value, nil }
		for name, handler := range map[string]any{"a function": echo, "a handler made of one": lambda.NewHandler(echo)} {
			function := localtest.InProcess(handler, nil)
			var all sync.WaitGroup
			for i := range 64 {
				all.Go(func() {
					value := fmt.Sprintf("%q", fmt.Sprint("visitor ", i))
					if answer, err := function.Invoke(t.Context(), []byte(value)); string(answer) != value || err != nil {
						t.Errorf("%s: %s got %s, %v", name, value, answer, err)
					}
				})
			}
			all.Wait()
		}
	})
}
