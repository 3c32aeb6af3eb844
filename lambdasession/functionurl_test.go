package lambdasession_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

// A Function URL sends every cookie twice: in the header and in the list.
func TestFunctionURLRequest(t *testing.T) { // S13
	t.Parallel()
	sessions := newSessions(t, lambdasession.Config{})
	cookie, other := newVisitor(t, sessions), cookieName+"="+strings.Repeat("A", 43)
	for _, c := range []struct {
		name    string
		header  string
		cookies []string
		want    int
	}{
		{"the header and the list hold it", "a=1; " + cookie, []string{"a=1", cookie}, 1},
		{"the list alone holds it", "", []string{"a=1", cookie}, 1},
		{"the header alone holds it", cookie, nil, 1},
		{"the header goes before the list", cookie, []string{other}, 1},
		{"the browser sent two of them", cookie + "; " + other, []string{cookie, other}, 0},
		{"there is none", "", nil, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := events.LambdaFunctionURLRequest{Cookies: c.cookies, Headers: map[string]string{"host": host}}
			if c.header != "" {
				e.Headers["cookie"] = c.header
			}
			var n int
			_, err := lambdasession.Wrap(sessions, func(ctx context.Context, _ events.LambdaFunctionURLRequest) (out events.LambdaFunctionURLResponse, err error) {
				n, err = visits.Get(lambdasession.From(ctx))
				return out, err
			})(t.Context(), e)
			succeed(t, err)
			wantEqual(t, "visits", c.want, n)
		})
	}
}

func TestFunctionURLResponse(t *testing.T) { // L5, L9
	t.Parallel()
	room := append(make([]string, 0, 8), "theme=dark")
	shared := &events.LambdaFunctionURLResponse{
		StatusCode: http.StatusTeapot, Body: "/9j/", IsBase64Encoded: true, Cookies: room,
		Headers: map[string]string{"vary": "Accept", "X-Odd": "1"},
	}
	out, err := lambdasession.Wrap(newSessions(t, lambdasession.Config{}), func(ctx context.Context, _ *events.LambdaFunctionURLRequest) (*events.LambdaFunctionURLResponse, error) {
		return shared, visits.Set(lambdasession.From(ctx), 1)
	})(t.Context(), nil)
	succeed(t, err)
	if len(out.Cookies) != 2 || !strings.HasPrefix(out.Cookies[1], cookieName+"=") {
		t.Fatalf("cookies %q; want the application's and the session's", out.Cookies)
	}
	wantEqual(t, "response", &events.LambdaFunctionURLResponse{
		StatusCode: http.StatusTeapot, Body: "/9j/", IsBase64Encoded: true, Cookies: []string{"theme=dark", out.Cookies[1]},
		Headers: map[string]string{"Vary": "Accept, Cookie", "X-Odd": "1", "Cache-Control": "no-store"},
	}, out)
	wantEqual(t, "the handler's headers", map[string]string{"vary": "Accept", "X-Odd": "1"}, shared.Headers)
	wantEqual(t, "what stands behind its cookies", "", room[:2][1])
}
