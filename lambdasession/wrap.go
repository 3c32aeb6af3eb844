package lambdasession

import (
	"context"

	"github.com/aws/aws-lambda-go/events"
)

// HTTPEvent is what a function can be invoked with. An event type that is not
// listed has no session; one of your own that embeds a listed one is wrapped
// by a closure.
type HTTPEvent interface {
	events.APIGatewayProxyRequest | *events.APIGatewayProxyRequest |
		events.APIGatewayV2HTTPRequest | *events.APIGatewayV2HTTPRequest |
		events.ALBTargetGroupRequest | *events.ALBTargetGroupRequest |
		events.LambdaFunctionURLRequest | *events.LambdaFunctionURLRequest
}

// HTTPResponse is what a function can answer with. The streaming responses
// come by pointer only, since by value they would not stream.
type HTTPResponse interface {
	events.APIGatewayProxyResponse | *events.APIGatewayProxyResponse |
		events.APIGatewayV2HTTPResponse | *events.APIGatewayV2HTTPResponse |
		events.ALBTargetGroupResponse | *events.ALBTargetGroupResponse |
		events.LambdaFunctionURLResponse | *events.LambdaFunctionURLResponse |
		*events.APIGatewayProxyStreamingResponse | *events.LambdaFunctionURLStreamingResponse
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
// Wrap never writes into what the handler returned. The handler's context ends
// with the response: for a streaming one, when its body is closed. While a
// body streams, the session can be read as far as it was loaded; writing gives
// [ErrCommitted].
//
// The event's type and the response's must be of one gateway; HTTP API types
// and Function URL types go together. Wrap panics on a pair that no gateway
// answers, naming the right ones. Around lambdaurl.Wrap it could not see a
// panic, since that answers 200 first: use lambdaurl.Start with
// [Manager.Handler].
func Wrap[In HTTPEvent, Out HTTPResponse](m *Manager, handle func(context.Context, In) (Out, error)) func(context.Context, In) (Out, error) {
	entry, door := entryOf[In](), doorOf[Out]()
	mustPair(entry, door)
	return func(ctx context.Context, in In) (out Out, err error) {
		request := entry.read(in)
		x, err := m.Begin(ctx, request)
		if err != nil {
			return door.replace(m.reply(ctx, err), request), nil
		}
		streaming := false
		defer func() {
			if !streaming {
				x.Close()
			}
		}()
		out, err = handle(&x.ctx, in)
		if err != nil && !isSessionError(err) {
			return out, err
		}
		if err == nil {
			out, err = commitTo(x, door, out, request)
		}
		if err != nil {
			door.discard(out)
			return door.replace(m.reply(ctx, err), request), nil
		}
		out, streaming = door.hold(out, x.Close)
		return out, nil
	}
}

// commitTo commits and returns the response as it leaves.
func commitTo[Out any](x *Exchange, d door[Out], out Out, request Request) (Out, error) {
	header, err := x.Commit()
	if err != nil || len(header) == 0 {
		return out, err
	}
	return d.amend(out, header, request)
}
