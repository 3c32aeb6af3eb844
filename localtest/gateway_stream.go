package localtest

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
)

// StreamInvoker is an [Invoker] that hands on an answer while the function is
// still writing it.
type StreamInvoker interface {
	Invoker

	// InvokeStream invokes the function and calls pass with its answer as soon as
	// that begins, and with the content type that the function's runtime gives
	// it. It returns when pass has returned and the answer is closed. Its error is
	// that of pass or, if pass was not called, why there is no answer; what
	// happens to an answer after its beginning is an error of its Read. The
	// answer may take as long as ctx lasts and not longer.
	InvokeStream(ctx context.Context, payload []byte, pass func(contentType string, answer io.Reader) error) error
}

// integrationResponse is the content type of an answer with a prelude: status
// and header as JSON, then the delimiter, then the body.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html#runtimes-custom-response-streaming
const integrationResponse = "application/vnd.awslambda.http-integration-response"

// delimiter stands between a prelude and the body.
var delimiter = make([]byte, 8)

// preludeBytes is how far into an answer the delimiter may be. It is API
// Gateway's limit; function URLs document none.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
const preludeBytes = 16 << 10

// invokeStream is InvokeStream for every [Invoker]. An answer that comes as a
// whole has lost its content type; but no JSON has zero bytes in it.
func invokeStream(ctx context.Context, fn Invoker, event []byte, pass func(string, io.Reader) error) error {
	if fn, ok := fn.(StreamInvoker); ok {
		return fn.InvokeStream(ctx, event, pass)
	}
	answer, err := fn.Invoke(ctx, event)
	if err != nil {
		return err
	}
	contentType := "application/json"
	if bytes.Contains(answer, delimiter) {
		contentType = integrationResponse
	}
	return pass(contentType, bytes.NewReader(answer))
}

// stream replies with an answer while the function writes it.
//
// When that fails the client has the status already, so the only way to tell it
// is to cut the connection off. When the client goes, the answer is read to its
// end nevertheless, as Lambda does.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html
func (g *gateway) stream(ctx context.Context, w http.ResponseWriter, format streamFormat, event []byte) {
	begun := false
	err := invokeStream(ctx, g.fn, event, func(contentType string, answer io.Reader) error {
		reader := bufio.NewReaderSize(answer, preludeBytes)
		reply, err := format.begin(contentType, reader)
		if err != nil {
			g.log(ctx, fmt.Errorf("the answer is refused: %w", err))
			return err
		}
		begun = true
		maps.Copy(w.Header(), reply.header)
		w.WriteHeader(reply.status)
		client := &streamWriter{client: w, flush: http.NewResponseController(w).Flush, left: lambdaStreamBytes}
		_ = client.flush() // the header goes out, even if the body is not to come for long
		if _, err = io.Copy(client, reader); err != nil {
			g.log(ctx, fmt.Errorf("the answer broke off: %w", err))
		}
		return err
	})
	switch {
	case begun && err == nil:
	case begun:
		panic(http.ErrAbortHandler)
	case ctx.Err() != nil:
		g.logLate(ctx)
		send(w, format.failed(noTime))
	default:
		send(w, format.failed(noAnswer))
	}
}

// streamWriter writes to a client what it is given, at once, and goes on without
// the client when that is gone.
type streamWriter struct {
	client io.Writer // nil when it is gone
	flush  func() error
	left   int // bytes that Lambda grants the answer
}

func (s *streamWriter) Write(p []byte) (int, error) {
	if s.left -= len(p); s.left < 0 {
		return 0, fmt.Errorf("the answer has more than %d bytes", lambdaStreamBytes)
	}
	if s.client == nil {
		return len(p), nil
	}
	if _, err := s.client.Write(p); err != nil {
		s.client = nil
		return len(p), nil
	}
	_ = s.flush() // if the client is gone the next Write tells
	return len(p), nil
}

// prelude is what a streamed answer begins with. Function URLs take no
// MultiValueHeaders.
type prelude struct {
	StatusCode        int                 `json:"statusCode"` // 200 if absent
	Headers           map[string]string   `json:"headers"`
	MultiValueHeaders map[string][]string `json:"multiValueHeaders"`
	Cookies           []string            `json:"cookies"`
}

// readPrelude reads an answer up to its body.
func readPrelude(answer *bufio.Reader) (prelude, error) {
	p := prelude{StatusCode: http.StatusOK}
	text, err := answer.ReadSlice(0)
	switch {
	case errors.Is(err, bufio.ErrBufferFull):
		return p, fmt.Errorf("no delimiter of %d zero bytes within its first %d bytes", len(delimiter), preludeBytes)
	case errors.Is(err, io.EOF):
		return p, fmt.Errorf("it ends before a delimiter of %d zero bytes", len(delimiter))
	case err != nil:
		return p, err
	}
	if err := json.Unmarshal(text[:len(text)-1], &p); err != nil {
		return p, fmt.Errorf("what is before its delimiter: %w", err)
	}
	rest := delimiter[1:] // the first byte is read
	if next, _ := answer.Peek(len(rest)); !bytes.Equal(next, rest) {
		return p, fmt.Errorf("its delimiter is not of %d zero bytes", len(delimiter))
	}
	_, err = answer.Discard(len(rest))
	return p, err
}

// reply is what a prelude says, without a body.
func (p prelude) reply(defaultContentType string) (gatewayReply, error) {
	header := mergeHeaders(p.Headers, p.MultiValueHeaders)
	header.Del("Content-Length") // the service sends what comes, in chunks
	return completeReply(p.StatusCode, header, p.Cookies, defaultContentType)
}
