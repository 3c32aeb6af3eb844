package localtest

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// answerWriter takes the answer to an invocation while a process writes it.
// Its Write never fails.
type answerWriter interface {
	io.Writer

	limit() int64             // how many bytes Lambda grants the answer
	begin(contentType string) // once the answer has begun, before the first Write
	end(err error)            // after the last Write; of several only the first counts
}

// The trailers of a response that failed after it had begun: the name of the
// error's type, and as base64 the JSON that the error endpoint would take.
// aws-lambda-go sends them with whatever it reads from an io.Reader.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-custom.html#runtimes-custom-response-streaming
const (
	errorTypeHeader = "Lambda-Runtime-Function-Error-Type"
	errorBodyHeader = "Lambda-Runtime-Function-Error-Body"
)

// responseTooLarge is the type of the error that an answer beyond its limit is.
const responseTooLarge = "Function.ResponseSizeTooLarge"

// errBrokenOff is a response without an end.
var errBrokenOff = &FunctionError{
	Type:    "Runtime.TruncatedResponse",
	Message: "the function's connection broke off in the middle of its response",
}

// receive writes the body of a response to answer. Its error is a
// [*FunctionError]: errBrokenOff, responseTooLarge, or what the trailers say.
func receive(r *http.Request, answer answerWriter) error {
	answer.begin(r.Header.Get("Content-Type"))
	limit := answer.limit()
	if _, err := io.Copy(answer, io.LimitReader(r.Body, limit)); err != nil {
		return errBrokenOff
	}
	switch n, err := io.CopyN(io.Discard, r.Body, 1); {
	case n > 0:
		failure := &FunctionError{
			Type:    responseTooLarge,
			Message: fmt.Sprintf("Response payload size exceeded maximum allowed payload size (%d bytes).", limit),
		}
		answer.end(failure)
		// As much again is read, so that the runtime, unless it goes on and on, gets
		// to see the reply and not a broken connection.
		_, _ = io.CopyN(io.Discard, r.Body, limit)
		return failure
	case !errors.Is(err, io.EOF):
		return errBrokenOff
	}
	return trailingError(r.Trailer)
}

// trailingError is the failure in the middle of a response, or nil.
func trailingError(trailer http.Header) error {
	failure := &FunctionError{Type: trailer.Get(errorTypeHeader), Message: trailer.Get(errorBodyHeader)}
	if *failure == (FunctionError{}) {
		return nil
	}
	var body struct{ ErrorMessage string }
	text, err := base64.StdEncoding.DecodeString(failure.Message)
	if err == nil && json.Unmarshal(text, &body) == nil {
		failure.Message = body.ErrorMessage
	}
	return failure
}
