package bench

import (
	"context"
	"net/http"
	"testing"

	"github.com/aws/aws-lambda-go/events"
)

// A browser holds a session's cookie from one request to the next.
type browser struct {
	cookie string // name=value; "" for none
}

// send invokes the function with the browser's request for a page. Anything
// but success ends the test.
func (b *browser) send(ctx context.Context, tb testing.TB, h handler) {
	tb.Helper()
	out, err := h(ctx, b.event())
	if err != nil || out.StatusCode != http.StatusOK {
		tb.Fatalf("answered %d %s, %v", out.StatusCode, out.Body, err)
	}
	for _, line := range out.Cookies {
		cookie, err := http.ParseSetCookie(line)
		if err != nil {
			tb.Fatal(err)
		}
		b.cookie = cookie.Name + "=" + cookie.Value
		if cookie.MaxAge < 0 {
			b.cookie = ""
		}
	}
}

// event is what API Gateway makes of the browser's request.
func (b *browser) event() request {
	cookies := []string{"consent=yes"}
	if b.cookie != "" {
		cookies = append(cookies, b.cookie)
	}
	return request{
		Version:  "2.0",
		RouteKey: "$default",
		RawPath:  "/catalogue",
		Cookies:  cookies,
		Headers: map[string]string{
			"accept":          "text/html",
			"accept-encoding": "gzip, br",
			"accept-language": "en",
			"host":            "shop.example.com",
			"sec-fetch-site":  "same-origin",
			"user-agent":      "Mozilla/5.0",
			"x-forwarded-for": "192.0.2.1",
		},
		RequestContext: events.APIGatewayV2HTTPRequestContext{
			DomainName: "shop.example.com",
			HTTP:       events.APIGatewayV2HTTPRequestContextHTTPDescription{Method: http.MethodGet, Path: "/catalogue"},
		},
	}
}
