package lambdasession

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// HTTPEvent is what a function can be invoked with. An event type that is not
// listed has no session; one of your own that embeds a listed one is wrapped
// by a closure.
type HTTPEvent interface {
	events.APIGatewayV2HTTPRequest | *events.APIGatewayV2HTTPRequest
}

// HTTPResponse is what a function can answer with.
type HTTPResponse interface {
	events.APIGatewayV2HTTPResponse | *events.APIGatewayV2HTTPResponse
}

// Wrap gives a Lambda handler a session: [From] finds it in the handler's
// context. What the handler did to it is saved when the handler returns,
// before the response leaves.
//
// If the handler returns an error or panics, nothing is saved. If the session
// could not be saved, the handler's response is replaced by
// [Config.ErrorReply]'s, and so it is if the handler returns an error that came
// from a session operation. Any other error goes through untouched.
//
// Wrap never writes into what the handler returned.
func Wrap[In HTTPEvent, Out HTTPResponse](m *Manager, handle func(context.Context, In) (Out, error)) func(context.Context, In) (Out, error) {
	read, door := readerOf[In](), doorOf[Out]()
	return func(ctx context.Context, in In) (Out, error) {
		x, err := m.Begin(ctx, read(in))
		if err != nil {
			return door.replace(m.reply(ctx, err)), nil
		}
		defer x.Close()
		out, err := handle(&x.ctx, in)
		if err != nil {
			if isSessionError(err) {
				return door.replace(m.reply(ctx, err)), nil
			}
			return out, err
		}
		header, err := x.Commit()
		switch {
		case err != nil:
			return door.replace(m.reply(ctx, err)), nil
		case len(header) == 0:
			return out, nil
		}
		return door.amend(out, header), nil
	}
}

// a door is the way out for one type of response.
type door[Out any] struct {
	// amend returns a copy of the response with a session's header added.
	amend func(Out, http.Header) Out
	// replace makes a response of a reply.
	replace func(Reply) Out
}

// pointerTo is the same door for a pointer to the response; nil goes out as it
// is.
func pointerTo[Out any](d door[Out]) door[*Out] {
	return door[*Out]{
		amend: func(out *Out, h http.Header) *Out {
			if out == nil {
				return nil
			}
			amended := d.amend(*out, h)
			return &amended
		},
		replace: func(r Reply) *Out {
			replaced := d.replace(r)
			return &replaced
		},
	}
}

func readerOf[In any]() func(In) Request {
	return choose[func(In) Request](
		readHTTPAPI,
		func(e *events.APIGatewayV2HTTPRequest) Request {
			if e == nil {
				return Request{}
			}
			return readHTTPAPI(*e)
		},
	)
}

func doorOf[Out any]() door[Out] {
	return choose[door[Out]](httpAPIDoor, pointerTo(httpAPIDoor))
}

// choose returns the one of several values that is a T.
func choose[T any](from ...any) T {
	for _, v := range from {
		if t, ok := v.(T); ok {
			return t
		}
	}
	panic(fmt.Sprintf("lambdasession: no %T", *new(T))) // the type constraints let nothing through that is not listed
}

// headerIn finds a header in an event's map, whose names most gateways write
// in lower case, and some as the client did.
func headerIn(headers map[string]string, lower string) string {
	if v, ok := headers[lower]; ok {
		return v
	}
	for name, v := range headers {
		if len(name) == len(lower) && strings.EqualFold(name, lower) {
			return v
		}
	}
	return ""
}
