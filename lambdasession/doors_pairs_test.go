package lambdasession_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

// a pairing is what became of one pair of an event's type and a response's.
type pairing struct {
	in, out, panic string
	err            error
}

// pair wraps a handler of these types and, if Wrap lets it, invokes it.
func pair[In lambdasession.HTTPEvent, Out lambdasession.HTTPResponse](ctx context.Context, m *lambdasession.Manager) (p pairing) {
	p.in, p.out = fmt.Sprintf("%T", *new(In)), fmt.Sprintf("%T", *new(Out))
	defer func() {
		if cause := recover(); cause != nil {
			p.panic = fmt.Sprint(cause)
		}
	}()
	handle := lambdasession.Wrap(m, func(ctx context.Context, _ In) (out Out, err error) {
		return out, visits.Set(lambdasession.From(ctx), 1)
	})
	_, p.err = handle(ctx, *new(In))
	return p
}

// pairsWith pairs one type of event with every type of response.
func pairsWith[In lambdasession.HTTPEvent](ctx context.Context, m *lambdasession.Manager) []pairing {
	return []pairing{
		pair[In, events.APIGatewayProxyResponse](ctx, m),
		pair[In, *events.APIGatewayProxyResponse](ctx, m),
		pair[In, *events.APIGatewayProxyStreamingResponse](ctx, m),
		pair[In, events.APIGatewayV2HTTPResponse](ctx, m),
		pair[In, *events.APIGatewayV2HTTPResponse](ctx, m),
		pair[In, events.ALBTargetGroupResponse](ctx, m),
		pair[In, *events.ALBTargetGroupResponse](ctx, m),
		pair[In, events.LambdaFunctionURLResponse](ctx, m),
		pair[In, *events.LambdaFunctionURLResponse](ctx, m),
		pair[In, *events.LambdaFunctionURLStreamingResponse](ctx, m),
	}
}

func TestEveryPairOfEventAndResponse(t *testing.T) {
	t.Parallel()
	sessions, ctx := newSessions(t, lambdasession.Config{}), t.Context()
	rest := []string{"events.APIGatewayProxyResponse", "*events.APIGatewayProxyStreamingResponse"}
	http2 := []string{"events.APIGatewayV2HTTPResponse", "events.LambdaFunctionURLResponse", "*events.LambdaFunctionURLStreamingResponse"}
	alb := []string{"events.ALBTargetGroupResponse"}
	for _, gateway := range []struct {
		takes []string // by value, where both will do
		pairs [][]pairing
	}{
		{rest, [][]pairing{
			pairsWith[events.APIGatewayProxyRequest](ctx, sessions), pairsWith[*events.APIGatewayProxyRequest](ctx, sessions),
		}},
		{http2, [][]pairing{
			pairsWith[events.APIGatewayV2HTTPRequest](ctx, sessions), pairsWith[*events.APIGatewayV2HTTPRequest](ctx, sessions),
			pairsWith[events.LambdaFunctionURLRequest](ctx, sessions), pairsWith[*events.LambdaFunctionURLRequest](ctx, sessions),
		}},
		{alb, [][]pairing{
			pairsWith[events.ALBTargetGroupRequest](ctx, sessions), pairsWith[*events.ALBTargetGroupRequest](ctx, sessions),
		}},
	} {
		for _, pairs := range gateway.pairs {
			for _, p := range pairs {
				t.Run(p.in+" and "+p.out, func(t *testing.T) {
					t.Parallel()
					taken := false
					for _, name := range gateway.takes {
						taken = taken || p.out == name || p.out == "*"+name
					}
					if taken {
						if p.panic != "" || p.err != nil {
							t.Errorf("panic %q, error %v; want neither", p.panic, p.err)
						}
						return
					}
					for _, want := range append([]string{"lambdasession.Wrap: ", p.in, p.out}, gateway.takes...) {
						if !strings.Contains(p.panic, want) {
							t.Errorf("Wrap panics with %q; want it to name %s", p.panic, want)
						}
					}
				})
			}
		}
	}
}
