package lambdasession

import (
	"fmt"
	"net/http"
	"slices"
)

// a gateway is what sends events and takes responses.
type gateway string

const (
	gatewayREST    gateway = "API Gateway REST APIs, and HTTP APIs with payload format 1.0,"
	gatewayHTTPAPI gateway = "API Gateway HTTP APIs with payload format 2.0, and Function URLs,"
	gatewayALB     gateway = "Application Load Balancers"
)

// answers names the responses that a gateway takes.
var answers = map[gateway]string{
	gatewayREST:    "events.APIGatewayProxyResponse or *events.APIGatewayProxyStreamingResponse",
	gatewayHTTPAPI: "events.APIGatewayV2HTTPResponse, events.LambdaFunctionURLResponse or *events.LambdaFunctionURLStreamingResponse",
	gatewayALB:     "events.ALBTargetGroupResponse",
}

// an entry is the way in for one type of event.
type entry[In any] struct {
	from gateway
	read func(In) Request
}

// a door is the way out for one type of response.
type door[Out any] struct {
	to gateway

	// amend returns a copy of the response with a session's header added.
	amend func(Out, http.Header, Request) (Out, error)

	// replace makes a response of a reply.
	replace func(Reply, Request) Out

	// holdBody makes a streaming response call end when its body is closed, and
	// reports whether it will. Nil for buffered responses.
	holdBody func(out Out, end func()) (Out, bool)

	// closeBody ends a streaming response that will not leave. Nil for
	// buffered ones.
	closeBody func(Out)
}

func (d door[Out]) hold(out Out, end func()) (Out, bool) {
	if d.holdBody == nil {
		return out, false
	}
	return d.holdBody(out, end)
}

func (d door[Out]) discard(out Out) {
	if d.closeBody != nil {
		d.closeBody(out)
	}
}

func entryOf[In any]() entry[In] {
	return choose[entry[In]](
		restEntry, entryTo(restEntry),
		httpAPIEntry, entryTo(httpAPIEntry),
		functionURLEntry, entryTo(functionURLEntry),
		albEntry, entryTo(albEntry),
	)
}

func doorOf[Out any]() door[Out] {
	return choose[door[Out]](
		restDoor, doorTo(restDoor), restStreamingDoor,
		httpAPIDoor, doorTo(httpAPIDoor),
		functionURLDoor, doorTo(functionURLDoor), functionURLStreamingDoor,
		albDoor, doorTo(albDoor),
	)
}

// mustPair panics if no gateway that sends In takes Out.
func mustPair[In, Out any](e entry[In], d door[Out]) {
	if e.from != d.to {
		panic(fmt.Sprintf("lambdasession.Wrap: %s send %T and do not take %T: return %s",
			e.from, *new(In), *new(Out), answers[e.from]))
	}
}

// entryTo is the same entry for a pointer to the event.
func entryTo[In any](e entry[In]) entry[*In] {
	return entry[*In]{from: e.from, read: func(in *In) Request {
		if in == nil {
			return Request{}
		}
		return e.read(*in)
	}}
}

// doorTo is the same door for a pointer to the response; nil goes out as it
// is.
func doorTo[Out any](d door[Out]) door[*Out] {
	return door[*Out]{
		to: d.to,
		amend: func(out *Out, h http.Header, r Request) (*Out, error) {
			if out == nil {
				return nil, nil
			}
			amended, err := d.amend(*out, h, r)
			return &amended, err
		},
		replace: func(reply Reply, r Request) *Out {
			replaced := d.replace(reply, r)
			return &replaced
		},
	}
}

// choose returns the one of several values that is a T.
func choose[T any](from ...any) T {
	i := slices.IndexFunc(from, func(v any) bool { _, ok := v.(T); return ok })
	return from[i].(T) // the type constraints let nothing through that is not listed
}
