package localtest

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strconv"
	"time"
)

// Invoker is a function that can be handed events: what [lambda.NewHandler]
// returns is one, and so is a [Function].
//
// [lambda.NewHandler]: https://pkg.go.dev/github.com/aws/aws-lambda-go/lambda#NewHandler
type Invoker interface {
	Invoke(ctx context.Context, payload []byte) ([]byte, error)
}

// Gateway returns a handler that does with requests what the service does: it
// makes an event of each, invokes fn, and replies what fn answers. Where the
// service would reply by itself it does the same: to what exceeds the limits, to
// a failure of fn, to an answer that is none, and to one that is late.
//
// Where the service streams answers, fn should be a [StreamInvoker]: the answer
// of any other [Invoker] reaches the client, but in one piece and at its end.
//
// Requests at once are invocations at once, so fn must be safe for that. (What
// NewHandler returns is not, in aws-lambda-go 1.55: its Invoke hands out a buffer
// that the next one overwrites. [Serve] sees to it.) The context of an invocation ends
// with the time that the service grants, not when the client goes away: on
// Lambda, a function does not learn of that, and one that streams writes on.
func Gateway(shape Shape, fn Invoker) http.Handler {
	return LoggingGateway(shape, fn, func(context.Context, error) {})
}

// LoggingGateway is a [Gateway] that says why an answer did not go out, or not
// whole, which clients are not told: because the service takes no such answer,
// because it came too late, or because it broke off. The context given to log is
// the invocation's. What fn itself returns as an error is not logged.
func LoggingGateway(shape Shape, fn Invoker, log func(context.Context, error)) http.Handler {
	return &gateway{format: shape.format(), fn: fn, log: log}
}

type gateway struct {
	format format
	fn     Invoker
	log    func(context.Context, error)
}

func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	request := gatewayRequest{
		Request:    r,
		route:      routeOf(r),
		id:         newGatewayID(),
		invocation: newRequestID(),
		time:       time.Now(),
	}
	g.format.stamp(w.Header(), request)
	event, why := g.event(w, request)
	if why == brokenOff {
		w.WriteHeader(http.StatusBadRequest) // for the records: nobody reads it
		return
	}
	if why != 0 {
		send(w, g.format.failed(why))
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), g.format.limits().timeout)
	defer cancel()
	if format, ok := g.format.(streamFormat); ok {
		g.stream(ctx, w, format, event)
		return
	}
	send(w, g.invoke(ctx, event))
}

// event reads the rest of a request and makes the event of it.
func (g *gateway) event(w http.ResponseWriter, r gatewayRequest) ([]byte, trouble) {
	limits := g.format.limits()
	if limits.headerBytes != 0 && headerSize(r.Request) > limits.headerBytes {
		return nil, headerTooLarge
	}
	var err error
	r.body, err = io.ReadAll(http.MaxBytesReader(w, r.Body, limits.bodyBytes))
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return nil, tooLarge
	}
	if err != nil {
		return nil, brokenOff
	}
	event, err := encodeEvent(g.format.event(r))
	if err != nil {
		return nil, noAnswer
	}
	if len(event) > lambdaEventBytes {
		return nil, tooLarge
	}
	return event, 0
}

func (g *gateway) invoke(ctx context.Context, event []byte) gatewayReply {
	payload, err := g.fn.Invoke(ctx, event)
	if ctx.Err() != nil {
		g.logLate(ctx)
		return g.format.failed(noTime)
	}
	if err != nil {
		return g.format.failed(noAnswer)
	}
	reply, err := g.answer(payload)
	if err != nil {
		g.log(ctx, fmt.Errorf("the answer is refused: %w", err))
		return g.format.failed(noAnswer)
	}
	return reply
}

// logLate logs that the service waited no longer.
func (g *gateway) logLate(ctx context.Context) {
	g.log(ctx, fmt.Errorf("there was no answer within %v, which is how long the service waits", g.format.limits().timeout))
}

func (g *gateway) answer(payload []byte) (gatewayReply, error) {
	if most := g.format.limits().answerBytes; len(payload) > most {
		return gatewayReply{}, fmt.Errorf("it has %d bytes, and the limit is %d", len(payload), most)
	}
	return g.format.answer(payload)
}

// send replies with what is at hand.
func send(w http.ResponseWriter, reply gatewayReply) {
	maps.Copy(w.Header(), reply.header)
	if hasBody(reply.status) {
		w.Header().Set("Content-Length", strconv.Itoa(len(reply.body)))
	}
	w.WriteHeader(reply.status)
	_, _ = w.Write(reply.body) // the client may be gone, or the status may allow no body
}

// hasBody reports whether replies of that status have one.
func hasBody(status int) bool {
	return status != http.StatusNoContent && status != http.StatusNotModified
}

// headerSize is the size of the request's line and the values of its header.
func headerSize(r *http.Request) int {
	n := len(r.Method) + len(" ") + len(r.RequestURI) + len(" ") + len(r.Proto) + len(r.Host)
	for _, values := range r.Header {
		for _, value := range values {
			n += len(value)
		}
	}
	return n
}

// encodeEvent writes an event as the services do, which do not escape HTML.
func encodeEvent(event any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(event)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

// newGatewayID is an id for a request that looks like API Gateway's.
func newGatewayID() string {
	var id [11]byte
	_, _ = rand.Read(id[:]) // never fails: crypto/rand ends the program first
	return base64.URLEncoding.EncodeToString(id[:])
}
