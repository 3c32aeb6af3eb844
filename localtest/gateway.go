package localtest

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
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
// Requests at once are invocations at once, so fn must be safe for that. (What
// NewHandler returns is not, in aws-lambda-go 1.55: its Invoke hands out a buffer
// that the next one overwrites. [Serve] sees to it.) The context of an invocation ends
// with the time that the service grants, not when the client goes away: on
// Lambda, a function does not learn of that.
func Gateway(shape Shape, fn Invoker) http.Handler {
	return &gateway{format: shape.format(), fn: fn}
}

type gateway struct {
	format format
	fn     Invoker
}

func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id := newGatewayID()
	reply := g.reply(w, r, id)
	maps.Copy(w.Header(), reply.header)
	w.Header().Set("Apigw-Requestid", id)
	if reply.status != http.StatusNoContent && reply.status != http.StatusNotModified {
		w.Header().Set("Content-Length", strconv.Itoa(len(reply.body)))
	}
	w.WriteHeader(reply.status)
	_, _ = w.Write(reply.body) // the client may be gone, or the status may allow no body
}

func (g *gateway) reply(w http.ResponseWriter, r *http.Request, id string) gatewayReply {
	limits := g.format.limits()
	if headerSize(r) > limits.headerBytes {
		return g.format.failed(headerTooLarge)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limits.bodyBytes))
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return g.format.failed(tooLarge)
	}
	if err != nil { // the client has gone in the middle of it
		return gatewayReply{status: http.StatusBadRequest}
	}
	request := gatewayRequest{Request: r, body: body, route: routeOf(r), id: id, time: time.Now()}
	return g.invoke(request, limits.timeout)
}

func (g *gateway) invoke(r gatewayRequest, timeout time.Duration) gatewayReply {
	event, err := encodeEvent(g.format.event(r))
	if err != nil {
		return g.format.failed(noAnswer)
	}
	if len(event) > payloadBytes {
		return g.format.failed(tooLarge)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), timeout)
	defer cancel()
	payload, err := g.fn.Invoke(ctx, event)
	if ctx.Err() != nil {
		return g.format.failed(noTime)
	}
	if err != nil || len(payload) > payloadBytes {
		return g.format.failed(noAnswer)
	}
	reply, err := g.format.answer(payload)
	if err != nil {
		return g.format.failed(noAnswer)
	}
	return reply
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
