package lambdasession_test

import (
	"context"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

type (
	restRequest  = events.APIGatewayProxyRequest
	restResponse = events.APIGatewayProxyResponse
)

// REST APIs and load balancers have headers of one value, of several, or both,
// and pass names on in the case that the client wrote.
func TestWhereTheCookieIsInHeadersOfBothKinds(t *testing.T) { // S10, S13
	t.Parallel()
	sessions := newSessions(t, lambdasession.Config{})
	cookie, other := newVisitor(t, sessions), cookieName+"="+strings.Repeat("A", 43)
	for _, c := range []struct {
		name   string
		single map[string]string
		multi  map[string][]string
		want   int
	}{
		{"in a header of one value", map[string]string{"cookie": "a=1; " + cookie}, nil, 1},
		{"in a header written Cookie", map[string]string{"Cookie": cookie}, nil, 1},
		{"in a header written COOKIE", map[string]string{"COOKIE": cookie}, nil, 1},
		{"in a header of several values", nil, map[string][]string{"cookie": {"a=1", cookie}}, 1},
		{"in one written Cookie", nil, map[string][]string{"Cookie": {"a=1; " + cookie}}, 1},
		{"in both", map[string]string{"Cookie": cookie}, map[string][]string{"Cookie": {cookie}}, 1},
		{"in the last of several, which alone has one value", map[string]string{"Cookie": "b=2"}, map[string][]string{"Cookie": {cookie, "b=2"}}, 1},
		{"in the single header beside others of several", map[string]string{"Cookie": cookie}, map[string][]string{"Host": {host}}, 1},
		{"in several that contradict each other", nil, map[string][]string{"Cookie": {cookie, other}}, 0},
		{"in several that contradict the single one", map[string]string{"Cookie": cookie}, map[string][]string{"Cookie": {other}}, 0},
		{"in a header of another name", map[string]string{"X-Cookie": cookie}, nil, 0},
		{"nowhere", nil, nil, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			read := func(ctx context.Context, n *int) (err error) {
				*n, err = visits.Get(lambdasession.From(ctx))
				return err
			}
			var rest, alb int
			_, err := lambdasession.Wrap(sessions, func(ctx context.Context, _ *restRequest) (out restResponse, err error) {
				return out, read(ctx, &rest)
			})(t.Context(), &restRequest{Headers: c.single, MultiValueHeaders: c.multi})
			succeed(t, err)
			_, err = lambdasession.Wrap(sessions, func(ctx context.Context, _ *albRequest) (out albResponse, err error) {
				return out, read(ctx, &alb)
			})(t.Context(), &albRequest{Headers: c.single, MultiValueHeaders: c.multi})
			succeed(t, err)
			wantEqual(t, "visits through a REST API", c.want, rest)
			wantEqual(t, "visits through a load balancer", c.want, alb)
		})
	}
}

func TestWhereTheOriginIsInHeadersOfBothKinds(t *testing.T) { // S12
	t.Parallel()
	sessions := newSessions(t, lambdasession.Config{})
	cookie := newVisitor(t, sessions)
	type single = map[string]string
	type multi = map[string][]string
	for _, c := range []struct {
		name   string
		single single
		multi  multi
		domain string
		want   int
	}{
		{"none, as programs send", single{"Host": host}, nil, "", 200},
		{"ours", single{"Host": host, "Origin": ours}, nil, "", 200},
		{"ours in lower case", single{"host": host, "origin": ours}, nil, "", 200},
		{"ours in several values", nil, multi{"Host": {host}, "Origin": {ours}}, "", 200},
		{"that of the domain, without a Host", single{"Origin": ours}, nil, host, 200},
		{"that of the domain, where the Host is another", single{"Host": "other.example", "Origin": ours}, nil, host, 403},
		{"theirs", single{"Host": host, "Origin": theirs}, nil, "", 403},
		{"theirs in upper case", single{"HOST": host, "ORIGIN": theirs}, nil, "", 403},
		{"theirs in several values", nil, multi{"host": {host}, "origin": {theirs}}, "", 403},
		{"a Sec-Fetch-Site of another", single{"Host": host, "sec-fetch-site": "cross-site"}, nil, "", 403},
		{"a Sec-Fetch-Site of another in several values", nil, multi{"Host": {host}, "Sec-Fetch-Site": {"cross-site"}}, "", 403},
		{"a Sec-Fetch-Site of ours, with a strange Origin", single{"Host": host, "Sec-Fetch-Site": "same-origin", "Origin": theirs}, nil, "", 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			e := restRequest{HTTPMethod: http.MethodPost, Headers: single{"Cookie": cookie}, MultiValueHeaders: c.multi}
			maps.Copy(e.Headers, c.single)
			e.RequestContext.DomainName = c.domain
			ran := false
			out, err := lambdasession.Wrap(sessions, func(context.Context, restRequest) (restResponse, error) {
				ran = true
				return restResponse{StatusCode: 200}, nil
			})(t.Context(), e)
			if err != nil || out.StatusCode != c.want || ran != (c.want == 200) {
				t.Errorf("the answer is %+v, %v, the handler ran: %v; want %d", out, err, ran, c.want)
			}
		})
	}
}

func TestRESTResponseHeaders(t *testing.T) { // L9
	t.Parallel()
	type single = map[string]string
	type multi = map[string][]string
	for _, c := range []struct {
		name       string
		given      restResponse
		wantSingle single
		wantMulti  multi // what the session adds goes here
	}{
		{"none", restResponse{}, nil, multi{"Vary": {"Cookie"}, "Cache-Control": {"no-store"}, "Set-Cookie": {"SESSION"}}},
		{
			"of one value stay, but for those that are added to",
			restResponse{Headers: single{"content-type": "text/html", "set-cookie": "theme=dark", "vary": "Accept"}},
			single{"content-type": "text/html"},
			multi{"Vary": {"Accept", "Cookie"}, "Cache-Control": {"no-store"}, "Set-Cookie": {"theme=dark", "SESSION"}},
		},
		{
			"of several values stay",
			restResponse{MultiValueHeaders: multi{"X-Tag": {"a", "b"}, "SET-COOKIE": {"theme=dark", "lang=en"}, "Vary": {"Cookie"}}},
			nil,
			multi{"X-Tag": {"a", "b"}, "Vary": {"Cookie"}, "Cache-Control": {"no-store"}, "Set-Cookie": {"theme=dark", "lang=en", "SESSION"}},
		},
		{
			"of both kinds under one name: API Gateway drops the single one",
			restResponse{Headers: single{"Set-Cookie": "dropped=1"}, MultiValueHeaders: multi{"set-cookie": {"theme=dark"}}},
			nil,
			multi{"Vary": {"Cookie"}, "Cache-Control": {"no-store"}, "Set-Cookie": {"theme=dark", "SESSION"}},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.given.StatusCode, c.given.Body, c.given.IsBase64Encoded = http.StatusTeapot, "/9j/", true
			out, err := lambdasession.Wrap(newSessions(t, lambdasession.Config{}), func(ctx context.Context, _ restRequest) (*restResponse, error) {
				return &c.given, visits.Set(lambdasession.From(ctx), 1)
			})(t.Context(), restRequest{})
			succeed(t, err)
			cookies := out.MultiValueHeaders["Set-Cookie"]
			if len(cookies) == 0 || !strings.HasPrefix(cookies[len(cookies)-1], cookieName+"=") {
				t.Fatalf("Set-Cookie: %q; want the session's last", cookies)
			}
			cookies[len(cookies)-1] = "SESSION"
			want := &restResponse{
				StatusCode: http.StatusTeapot, Body: "/9j/", IsBase64Encoded: true, Headers: c.wantSingle, MultiValueHeaders: c.wantMulti,
			}
			wantEqual(t, "response", want, out)
		})
	}
}
