package localtest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/lambdasession/lambdasession-go/localtest"
)

const (
	withPrelude  = "application/vnd.awslambda.http-integration-response"
	streamedHead = `{"statusCode":201}` + delimiter
)

// invokeStream has the function do what it is asked to, and returns how that
// ended.
func invokeStream(ctx context.Context, f *localtest.Function, event map[string]string, pass func(string, io.Reader) error) error {
	payload, err := json.Marshal(event)
	if err != nil {
		return err
	}
	return f.InvokeStream(ctx, payload, pass)
}

// readAll reads an answer to its end into text and fails as it does.
func readAll(text *string) func(string, io.Reader) error {
	return func(_ string, answer io.Reader) error {
		content, err := io.ReadAll(answer)
		*text = string(content)
		return err
	}
}

// wantNext fails the test unless that is what comes next.
func wantNext(t *testing.T, answer io.Reader, text string) {
	t.Helper()
	got := make([]byte, len(text))
	if _, err := io.ReadFull(answer, got); err != nil || string(got) != text {
		t.Errorf("the answer goes on with %q, %v; want %q", got, err, text)
	}
}

func TestFunctionStreams(t *testing.T) {
	t.Parallel()
	bootstrap := buildFunction(t)

	t.Run("the first byte arrives before the last is written", func(t *testing.T) {
		t.Parallel()
		f := start(t, localtest.FunctionConfig{Bootstrap: bootstrap, Timeout: bound})
		addr, accept := lifeline(t)
		err := invokeStream(t.Context(), f, map[string]string{"Do": "stream what comes", "Addr": addr}, func(contentType string, answer io.Reader) error {
			if contentType != withPrelude {
				t.Errorf("the content type is %q", contentType)
			}
			wantNext(t, answer, streamedHead)
			function := accept()
			for _, part := range []string{"first ", "second ", "last"} {
				write(t, function, part)
				wantNext(t, answer, part)
			}
			_ = function.Close()
			wantNext(t, answer, "")
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})

	t.Run("through a gateway it is a response with status and body", func(t *testing.T) {
		t.Parallel()
		f := start(t, localtest.FunctionConfig{Bootstrap: bootstrap, Timeout: bound})
		addr, accept := lifeline(t)
		server := httptest.NewServer(localtest.Gateway(localtest.FunctionURLStreaming, streaming{f, addr}))
		t.Cleanup(server.Close)
		client := open(t, server)
		if client.StatusCode != http.StatusCreated {
			t.Errorf("status %d", client.StatusCode)
		}
		function := accept()
		write(t, function, "tea")
		wantNext(t, client.Body, "tea")
		_ = function.Close()
		wantRest(t, client, "", nil)
	})

	t.Run("Invoke returns it as a whole", func(t *testing.T) {
		t.Parallel()
		f := start(t, localtest.FunctionConfig{Bootstrap: bootstrap})
		answer, err := f.Invoke(t.Context(), []byte(`{"Do": "stream", "Value": "tea"}`))
		if string(answer) != streamedHead+"tea" || err != nil {
			t.Errorf("got %q, %v", answer, err)
		}
	})

	t.Run("an answer that is no stream is passed on as what it is", func(t *testing.T) {
		t.Parallel()
		f := start(t, localtest.FunctionConfig{Bootstrap: bootstrap})
		err := invokeStream(t.Context(), f, map[string]string{"Value": "tea"}, func(contentType string, answer io.Reader) error {
			var r reply
			if err := json.NewDecoder(answer).Decode(&r); err != nil || r.Value != "tea" || contentType != "application/json" {
				t.Errorf("got %+v of type %q, %v", r, contentType, err)
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})

	t.Run("64 at once each get their own", func(t *testing.T) {
		t.Parallel()
		f := start(t, localtest.FunctionConfig{Bootstrap: bootstrap, MaxProcesses: 8, Timeout: bound})
		var all sync.WaitGroup
		for i := range 64 {
			all.Go(func() {
				value := strings.Repeat(fmt.Sprint("visitor ", i, " "), 10_000)
				var text string
				err := invokeStream(t.Context(), f, map[string]string{"Do": "stream", "Value": value}, readAll(&text))
				if err != nil || text != streamedHead+value {
					t.Errorf("visitor %d got %d bytes, want %d; error %v", i, len(text), len(streamedHead+value), err)
				}
			})
		}
		all.Wait()
	})
}

// streaming is a function that is asked to stream what comes from addr,
// whatever the event.
type streaming struct {
	*localtest.Function

	addr string
}

func (s streaming) InvokeStream(ctx context.Context, _ []byte, pass func(string, io.Reader) error) error {
	return invokeStream(ctx, s.Function, map[string]string{"Do": "stream what comes", "Addr": s.addr}, pass)
}
