package localtest

import (
	"context"
	"errors"
	"io"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestRuntimeAPIStreams(t *testing.T) {
	t.Parallel()

	t.Run("what a runtime writes is handed on at once, whatever it says of its mode", func(t *testing.T) {
		t.Parallel()
		for _, mode := range []string{"", "streaming"} {
			api, server := serveRuntime(t)
			answer := newStreamedAnswer()
			work(t, api, server, answer)
			body, runtime := io.Pipe()
			request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+responsePath, body)
			if err != nil {
				t.Fatal(err)
			}
			request.Header.Set("Content-Type", integrationResponse)
			if mode != "" {
				request.Header.Set("Lambda-Runtime-Function-Response-Mode", mode)
			}
			status := make(chan int, 1)
			go func() {
				response, err := server.Client().Do(request)
				if err != nil {
					status <- 0
					return
				}
				_ = response.Body.Close()
				status <- response.StatusCode
			}()
			if contentType := <-answer.begun; contentType != integrationResponse {
				t.Errorf("the content type is %q", contentType)
			}
			for _, part := range []string{"first", "second"} {
				_, _ = io.WriteString(runtime, part)
				got := make([]byte, len(part))
				if _, err := io.ReadFull(answer.reader, got); err != nil || string(got) != part {
					t.Errorf("got %q, %v; want %q", got, err, part)
				}
			}
			_ = runtime.Close()
			if rest, err := io.ReadAll(answer.reader); len(rest) > 0 || err != nil {
				t.Errorf("the rest is %q, %v", rest, err)
			}
			if got := <-status; got != http.StatusAccepted {
				t.Errorf("the runtime got status %d", got)
			}
			if err := <-api.answered; err != nil {
				t.Error(err)
			}
		}
	})

	t.Run("a response that breaks off is told to the environment, which knows why", func(t *testing.T) {
		t.Parallel()
		api, server := serveRuntime(t)
		answer := newStreamedAnswer()
		work(t, api, server, answer)
		body, runtime := io.Pipe()
		ctx, cancel := context.WithCancel(t.Context())
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL+responsePath, body)
		if err != nil {
			t.Fatal(err)
		}
		over := make(chan struct{})
		go func() {
			defer close(over)
			if response, err := server.Client().Do(request); err == nil {
				_ = response.Body.Close()
				t.Error("the request was answered")
			}
		}()
		<-answer.begun
		_, _ = io.WriteString(runtime, "half")
		if _, err := io.ReadFull(answer.reader, make([]byte, 4)); err != nil {
			t.Error(err)
		}
		cancel()
		_ = runtime.CloseWithError(context.Canceled) // which the client waits for
		<-over
		if err := <-api.answered; !errors.Is(err, errBrokenOff) {
			t.Errorf("got %v, want %v", err, errBrokenOff)
		}
		answer.end(io.ErrNoProgress) // as the environment does
		if _, err := answer.reader.Read(make([]byte, 1)); !errors.Is(err, io.ErrNoProgress) {
			t.Errorf("the reader got %v", err)
		}
	})
}

func TestTrailingError(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, errorType, body string
		want                  error
	}{
		{"without trailers there is none", "", "", nil},
		{"it has the type of the one and the message of the other", "soldOut", "eyJlcnJvck1lc3NhZ2UiOiJubyB0ZWEgbGVmdCJ9", &FunctionError{"soldOut", "no tea left"}},
		{"the type is enough", "soldOut", "", &FunctionError{"soldOut", ""}},
		{"so is the message, which may be no base64", "", "no tea left", &FunctionError{"", "no tea left"}},
		{"or no JSON", "soldOut", "bm8gdGVh", &FunctionError{"soldOut", "bm8gdGVh"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			trailer := http.Header{}
			trailer.Set("Lambda-Runtime-Function-Error-Type", c.errorType)
			trailer.Set("Lambda-Runtime-Function-Error-Body", c.body)
			if diff := cmp.Diff(c.want, trailingError(trailer)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
