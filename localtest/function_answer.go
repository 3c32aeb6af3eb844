package localtest

import (
	"bytes"
	"context"
	"io"
)

// wholeAnswer keeps an answer until it is complete.
type wholeAnswer struct{ bytes.Buffer }

func (*wholeAnswer) limit() int64 { return lambdaAnswerBytes }
func (*wholeAnswer) begin(string) {}
func (*wholeAnswer) end(error)    {}

// streamedAnswer hands an answer on while it is written. A write waits until
// what it writes is read, which holds up the function as a slow client does.
// Once nobody reads any more the rest is read from the function and dropped, as
// on Lambda: a function does not learn that its client has gone.
type streamedAnswer struct {
	begun  chan string // receives the content type; buffered
	reader *io.PipeReader
	writer *io.PipeWriter
	gone   bool // nobody reads any more; of the goroutine that writes
}

func newStreamedAnswer() *streamedAnswer {
	r, w := io.Pipe()
	return &streamedAnswer{begun: make(chan string, 1), reader: r, writer: w}
}

func (*streamedAnswer) limit() int64 { return lambdaStreamBytes }

func (s *streamedAnswer) begin(contentType string) { s.begun <- contentType }

func (s *streamedAnswer) Write(p []byte) (int, error) {
	if !s.gone {
		_, err := s.writer.Write(p)
		s.gone = err != nil
	}
	return len(p), nil
}

// end lets the reader come to an end: to the answer's, or to err if that is not
// nil.
func (s *streamedAnswer) end(err error) { _ = s.writer.CloseWithError(err) }

// read calls pass with the answer, which is over when ctx is.
func (s *streamedAnswer) read(ctx context.Context, contentType string, pass func(string, io.Reader) error) error {
	defer context.AfterFunc(ctx, func() { s.end(context.Cause(ctx)) })()
	defer func() { _ = s.reader.Close() }()
	return pass(contentType, s.reader)
}
