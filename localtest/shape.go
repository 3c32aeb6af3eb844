package localtest

import (
	"context"
	"net/http"
	"time"
)

// Shape is the form in which one AWS service hands HTTP requests to a function
// as events, and takes its answers.
type Shape uint8

// HTTPAPI is an HTTP API of API Gateway, with payload format version 2.0.
const HTTPAPI Shape = iota + 1

var formats = map[Shape]format{
	HTTPAPI: httpAPI{},
}

func (s Shape) format() format {
	f, ok := formats[s]
	if !ok {
		panic("localtest: there is no such Shape; use one of the package's constants")
	}
	return f
}

// format is what a Shape stands for: its events, answers and limits.
type format interface {
	// event returns what the function is handed, to be encoded as JSON.
	event(gatewayRequest) any

	// answer reads what the function answered. The error says why it is none.
	answer(payload []byte) (gatewayReply, error)

	// failed is the reply to a request for which there is no answer.
	failed(trouble) gatewayReply

	limits() limits
}

// gatewayRequest is a request with all that a gateway knows of it.
type gatewayRequest struct {
	*http.Request
	body  []byte
	route Route
	id    string // of the request, chosen by the gateway
	time  time.Time
}

// gatewayReply is a reply to the client.
type gatewayReply struct {
	status int
	header http.Header
	body   []byte
}

// trouble is why a request got no answer from its function.
type trouble int

const (
	tooLarge       trouble = iota // the request's body
	headerTooLarge                // the request's line and header
	noAnswer                      // the function failed, or its answer is none
	noTime                        // the function did not answer in time
)

// limits are those of a service. What they say of payloads are Lambda's own.
type limits struct {
	headerBytes int           // of the request's line and the values of its header
	bodyBytes   int64         // of the request's body
	timeout     time.Duration // for the function to answer
}

// payloadBytes is how large an event may be, and an answer: 6 MB and a little,
// as Lambda's own message says when it is exceeded.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const payloadBytes = 6291556

// Route is what a gateway knows of the route that a request took. It ends up in
// the event. The zero Route is the one that catches all.
type Route struct {
	Key            string            // such as "GET /products/{id}"; "$default" if empty
	Stage          string            // "$default" if empty
	PathParameters map[string]string // such as id
	StageVariables map[string]string
}

type routeKey struct{}

// WithRoute returns r as a request that took the route, for [Gateway] to say so
// in its event.
func WithRoute(r *http.Request, route Route) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), routeKey{}, route))
}

func routeOf(r *http.Request) Route {
	route, _ := r.Context().Value(routeKey{}).(Route)
	if route.Key == "" {
		route.Key = "$default"
	}
	if route.Stage == "" {
		route.Stage = "$default"
	}
	return route
}
