package bench

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/memstore"
)

// browserHeaders are what a browser sends with a click, by way of a gateway,
// and the cookie of a session. The names are as the gateway writes them.
func browserHeaders() (single map[string]string, multi map[string][]string) {
	single = map[string]string{
		"accept": "text/html", "accept-encoding": "gzip, br", "accept-language": "en", "cache-control": "max-age=0",
		"host": "shop.example", "priority": "u=0, i", "referer": "https://shop.example/", "sec-fetch-dest": "document",
		"sec-fetch-mode": "navigate", "sec-fetch-site": "same-origin", "sec-fetch-user": "?1", "user-agent": "Mozilla/5.0",
		"x-amzn-trace-id": "Root=1-67891233-abcdef012345678912345678", "x-forwarded-for": "203.0.113.7",
		"x-forwarded-port": "443", "x-forwarded-proto": "https",
		"cookie": "theme=dark; __Host-session=" + strings.Repeat("s", 43),
	}
	multi = map[string][]string{}
	for name, value := range single {
		multi[name] = []string{value}
	}
	return single, multi
}

// A doorway is one pair of event and response, and two ways to send a request
// through it.
type doorway struct {
	name          string
	bare, wrapped func()
}

func throughDoor[In lambdasession.HTTPEvent, Out lambdasession.HTTPResponse](tb testing.TB, name string, in In, out Out) doorway {
	tb.Helper()
	m, err := lambdasession.New(lambdasession.Config{Store: memstore.New()})
	if err != nil {
		tb.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(tb.Context(), time.Hour)
	tb.Cleanup(cancel)
	handler := func(context.Context, In) (Out, error) { return out, nil }
	send := func(h func(context.Context, In) (Out, error)) func() {
		return func() {
			if _, err := h(ctx, in); err != nil {
				tb.Fatal(err)
			}
		}
	}
	return doorway{name: name, bare: send(handler), wrapped: send(lambdasession.Wrap(m, handler))}
}

func doorways(tb testing.TB) []doorway {
	tb.Helper()
	single, multi := browserHeaders()
	http2 := events.APIGatewayV2HTTPRequest{Headers: single}
	http2.RequestContext.HTTP.Method = http.MethodGet
	url := events.LambdaFunctionURLRequest{Headers: single, Cookies: []string{single["cookie"]}}
	url.RequestContext.HTTP.Method = http.MethodGet
	rest := events.APIGatewayProxyRequest{HTTPMethod: http.MethodGet, Headers: single, MultiValueHeaders: multi}
	alb := events.ALBTargetGroupRequest{HTTPMethod: http.MethodGet, Headers: single}
	albMulti := events.ALBTargetGroupRequest{HTTPMethod: http.MethodGet, MultiValueHeaders: multi}
	return []doorway{
		throughDoor(tb, "HTTP API", http2, events.APIGatewayV2HTTPResponse{StatusCode: http.StatusOK}),
		throughDoor(tb, "HTTP API by pointer", &http2, &events.APIGatewayV2HTTPResponse{StatusCode: http.StatusOK}),
		throughDoor(tb, "REST API", rest, events.APIGatewayProxyResponse{StatusCode: http.StatusOK}),
		throughDoor(tb, "REST API streaming", rest, &events.APIGatewayProxyStreamingResponse{StatusCode: http.StatusOK}),
		throughDoor(tb, "load balancer", alb, events.ALBTargetGroupResponse{StatusCode: http.StatusOK}),
		throughDoor(tb, "load balancer multi-value", albMulti, events.ALBTargetGroupResponse{StatusCode: http.StatusOK}),
		throughDoor(tb, "Function URL", url, events.LambdaFunctionURLResponse{StatusCode: http.StatusOK}),
		throughDoor(tb, "Function URL streaming", url, &events.LambdaFunctionURLStreamingResponse{StatusCode: http.StatusOK}),
	}
}

// BenchmarkDoor is a request that never uses its session, with seventeen
// headers, through every door. The goal: less than 1.5 µs and at most 8
// allocations beyond the bare handler.
func BenchmarkDoor(b *testing.B) {
	for _, d := range doorways(b) {
		b.Run(d.name, func(b *testing.B) {
			b.Run("bare handler", func(b *testing.B) { measure(b, d.bare) })
			b.Run("wrapped", func(b *testing.B) { measure(b, d.wrapped) })
		})
	}
}

func TestEveryDoorAddsAtMostEightAllocations(t *testing.T) { //nolint:paralleltest // AllocsPerRun counts everybody's
	for _, d := range doorways(t) {
		without := testing.AllocsPerRun(1000, d.bare)
		with := testing.AllocsPerRun(1000, d.wrapped)
		if added := with - without; added > 8 {
			t.Errorf("%s: %v allocations beyond the %v of the bare handler, want at most 8", d.name, added, without)
		}
	}
}
