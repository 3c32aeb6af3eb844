package lambdasession_test

import (
	"context"
	"io"
	"net/http"
	"testing"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

// streamOf opens a page whose body the test writes, and returns what was
// answered before any of it was.
func streamOf(t *testing.T, d door, do func(*lambdasession.Session) error) (*http.Response, *io.PipeWriter, context.Context) {
	t.Helper()
	body, writer := io.Pipe()
	var during context.Context
	f := d.serve(t, withPages(map[string]page{
		"/stream": func(ctx context.Context, _ pageRequest) (pageResponse, error) {
			during = ctx
			return pageResponse{header: http.Header{"Content-Type": {"text/event-stream"}}, stream: body}, do(lambdasession.From(ctx))
		},
	}))
	f.known()
	first := make(chan struct{})
	go func() {
		defer close(first)
		_, _ = io.WriteString(writer, "first") // who reads it, checks it
	}()
	out, err := f.server.Client().Do(f.request(http.MethodGet, "/stream", nil, nil))
	succeed(t, err)
	t.Cleanup(func() { // before the server waits for the page to end
		_ = out.Body.Close()
		_ = writer.Close()
	})
	buffer := make([]byte, len("first"))
	_, err = io.ReadFull(out.Body, buffer)
	succeed(t, err)
	wantEqual(t, "beginning", "first", string(buffer))
	<-first
	return out, writer, during
}

func firstByteBeforeTheLast(t *testing.T, d door) { // L8
	if !d.streams {
		return // it waits for the whole response
	}
	out, writer, during := streamOf(t, d, (*lambdasession.Session).Renew)
	// The header is here, and the session is saved.
	if c := (received{Response: out}).sessionCookie(); c == nil || out.StatusCode != http.StatusOK {
		t.Errorf("the answer is %d with cookies %v; want 200 and the session's", out.StatusCode, out.Cookies())
	}
	wantEqual(t, "Cache-Control", "no-store", out.Header.Get("Cache-Control"))
	wantError(t, nil, during.Err())

	go func() {
		_, _ = io.WriteString(writer, " and last")
		_ = writer.Close()
	}()
	rest, err := io.ReadAll(out.Body)
	succeed(t, err)
	wantEqual(t, "rest", " and last", string(rest))
	<-during.Done() // or the test runs out of time
}

func sessionWhileStreaming(t *testing.T, d door) { // L8
	if !d.streams {
		return // it waits for the whole response
	}
	_, _, during := streamOf(t, d, func(s *lambdasession.Session) error {
		_, err := apples.Get(s)
		return err
	})
	s := lambdasession.From(during)
	wantEqual(t, "apples", 1, get(t, apples, s))
	wantError(t, lambdasession.ErrCommitted, apples.Set(s, 2))
	wantError(t, lambdasession.ErrCommitted, s.Destroy())
}
