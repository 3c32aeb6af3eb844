package lambdasession_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

type (
	httpRequest  = events.APIGatewayV2HTTPRequest
	httpResponse = events.APIGatewayV2HTTPResponse
)

// countVisit counts one visit and answers with the number of visits so far.
func countVisit(ctx context.Context) (httpResponse, error) {
	n, err := visits.Update(lambdasession.From(ctx), func(n int) (int, error) { return n + 1, nil })
	if err != nil {
		return httpResponse{}, err
	}
	body, err := json.Marshal(n)
	return httpResponse{StatusCode: http.StatusOK, Body: string(body)}, err
}

func TestWrapTakesAndGivesValuesAndPointers(t *testing.T) {
	t.Parallel()
	for name, wrap := range map[string]func(*lambdasession.Manager) any{
		"value in, value out": func(m *lambdasession.Manager) any {
			return lambdasession.Wrap(m, func(ctx context.Context, _ httpRequest) (httpResponse, error) {
				return countVisit(ctx)
			})
		},
		"value in, pointer out": func(m *lambdasession.Manager) any {
			return lambdasession.Wrap(m, func(ctx context.Context, _ httpRequest) (*httpResponse, error) {
				out, err := countVisit(ctx)
				return &out, err
			})
		},
		"pointer in, value out": func(m *lambdasession.Manager) any {
			return lambdasession.Wrap(m, func(ctx context.Context, _ *httpRequest) (httpResponse, error) {
				return countVisit(ctx)
			})
		},
		"pointer in, pointer out": func(m *lambdasession.Manager) any {
			return lambdasession.Wrap(m, func(ctx context.Context, _ *httpRequest) (*httpResponse, error) {
				out, err := countVisit(ctx)
				return &out, err
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := newSpy(nil)
			// As aws-lambda-go runs it: JSON in, JSON out.
			function := lambda.NewHandler(wrap(newSessions(t, lambdasession.Config{Store: st})))
			invoke := func(cookies ...string) (out httpResponse) {
				t.Helper()
				event, err := json.Marshal(httpGet(cookies...))
				if err != nil {
					t.Fatal(err)
				}
				answer, err := function.Invoke(t.Context(), event)
				if err == nil {
					err = json.Unmarshal(answer, &out)
				}
				if err != nil {
					t.Fatal(err)
				}
				return out
			}

			first := invoke()
			given := parseSetCookie(t, first.Cookies)
			second := invoke(given.Name + "=" + given.Value)
			if first.Body != "1" || second.Body != "2" {
				t.Errorf("the visits counted are %s and %s, want 1 and 2", first.Body, second.Body)
			}
			if len(second.Cookies) != 0 {
				t.Errorf("the second response sets %q again", second.Cookies)
			}

			goSilent(st)
			if third := invoke(given.Name + "=" + given.Value); third.StatusCode != http.StatusServiceUnavailable {
				t.Errorf("with a silent store the answer is %d, want 503", third.StatusCode)
			}
		})
	}
}

func TestWrapAndNilPointers(t *testing.T) {
	t.Parallel()
	t.Run("a nil event is a request without a cookie", func(t *testing.T) {
		t.Parallel()
		handle := lambdasession.Wrap(newSessions(t, lambdasession.Config{}), func(ctx context.Context, in *httpRequest) (*httpResponse, error) {
			if in != nil {
				t.Errorf("the handler gets %v, want nil", in)
			}
			out, err := countVisit(ctx)
			return &out, err
		})
		out, err := handle(t.Context(), nil)
		if err != nil || out == nil || out.Body != "1" || len(out.Cookies) != 1 {
			t.Errorf("the answer is %+v, %v; want a first visit", out, err)
		}
	})
	t.Run("a nil response goes out as nil", func(t *testing.T) {
		t.Parallel()
		handle := lambdasession.Wrap(newSessions(t, lambdasession.Config{}), func(ctx context.Context, _ *httpRequest) (*httpResponse, error) {
			_, err := visits.Get(lambdasession.From(ctx))
			return nil, err
		})
		if out, err := handle(t.Context(), nil); out != nil || err != nil {
			t.Errorf("the answer is %+v, %v; want nil, nil", out, err)
		}
	})
}

func TestWrapLeavesRequestsAloneThatUseNoSession(t *testing.T) {
	t.Parallel()
	st := newSpy(nil)
	sessions := newSessions(t, lambdasession.Config{Store: st})
	cookie := newVisitor(t, sessions)
	st.take()
	want := &httpResponse{StatusCode: http.StatusOK, Body: "about us"}
	handle := lambdasession.Wrap(sessions, func(ctx context.Context, _ httpRequest) (*httpResponse, error) {
		lambdasession.From(ctx) // costs nothing
		return want, nil
	})
	got, err := handle(t.Context(), httpGet(cookie))
	if err != nil || got != want {
		t.Errorf("the answer is %p %+v, %v; want the handler's own, %p", got, got, err, want)
	}
	if diff := cmp.Diff(&httpResponse{StatusCode: http.StatusOK, Body: "about us"}, got); diff != "" {
		t.Errorf("the response was changed (-want +got):\n%s", diff)
	}
	st.want(t)
}

func TestHTTPAPIRequest(t *testing.T) {
	t.Parallel()
	sessions := newSessions(t, lambdasession.Config{})
	cookie, other := newVisitor(t, sessions), cookieName+"=other"
	for name, test := range map[string]struct {
		change func(*httpRequest)
		want   int
	}{
		"the cookie is in the list":           {func(e *httpRequest) { e.Cookies = []string{"a=1", cookie} }, 1},
		"the cookie is in the header":         {func(e *httpRequest) { e.Headers["cookie"] = "a=1; " + cookie }, 1},
		"the header is written Cookie":        {func(e *httpRequest) { e.Headers["Cookie"] = cookie }, 1},
		"the header is written COOKIE":        {func(e *httpRequest) { e.Headers["COOKIE"] = cookie }, 1},
		"the header and the list hold it":     {func(e *httpRequest) { e.Headers["cookie"], e.Cookies = cookie, []string{cookie} }, 1},
		"the header goes before the list":     {func(e *httpRequest) { e.Headers["cookie"], e.Cookies = cookie, []string{other} }, 1},
		"the list does not go before it":      {func(e *httpRequest) { e.Headers["cookie"], e.Cookies = other, []string{cookie} }, 0},
		"there are no headers at all":         {func(e *httpRequest) { e.Headers, e.Cookies = nil, []string{cookie} }, 1},
		"the header of another name is as is": {func(e *httpRequest) { e.Headers["xcookie"] = cookie }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := httpGet()
			test.change(&e)
			if got := visitsOf(t, sessions, e); got != test.want {
				t.Errorf("the session has %d visits, want %d", got, test.want)
			}
		})
	}
}

func TestHTTPAPIRequestFromAnotherOrigin(t *testing.T) { // S12
	t.Parallel()
	sessions := newSessions(t, lambdasession.Config{})
	cookie := newVisitor(t, sessions)
	for name, test := range map[string]struct {
		change func(*httpRequest)
		want   int
	}{
		"GET":                          {func(e *httpRequest) { e.RequestContext.HTTP.Method = http.MethodGet }, 200},
		"the site itself":              {func(e *httpRequest) { e.Headers["origin"] = "https://shop.example" }, 200},
		"not a browser":                {func(e *httpRequest) { delete(e.Headers, "origin") }, 200},
		"another site":                 {func(*httpRequest) {}, 403},
		"another site, Origin":         {func(e *httpRequest) { delete(e.Headers, "origin"); e.Headers["Origin"] = "https://evil.example" }, 403},
		"another site, Sec-Fetch-Site": {func(e *httpRequest) { delete(e.Headers, "origin"); e.Headers["Sec-Fetch-Site"] = "cross-site" }, 403},
		"the host is in the context": {func(e *httpRequest) {
			delete(e.Headers, "host")
			e.RequestContext.DomainName = "api.example"
			e.Headers["origin"] = "https://api.example"
		}, 200},
		"the header goes before the context": {func(e *httpRequest) {
			e.RequestContext.DomainName = "api.example"
			e.Headers["origin"] = "https://api.example"
		}, 403},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := httpGet(cookie)
			e.RequestContext.HTTP.Method = http.MethodPost
			e.Headers["origin"] = "https://evil.example"
			test.change(&e)
			ran := false
			handle := lambdasession.Wrap(sessions, func(context.Context, httpRequest) (*httpResponse, error) {
				ran = true
				return &httpResponse{StatusCode: http.StatusOK}, nil
			})
			out, err := handle(t.Context(), e)
			if err != nil || out.StatusCode != test.want || ran != (test.want == 200) {
				t.Errorf("the answer is %+v, %v, the handler ran: %v; want %d", out, err, ran, test.want)
			}
		})
	}
}

func TestWrapKeepsABase64BodyIntact(t *testing.T) {
	t.Parallel()
	image := []byte{0xff, 0xd8, 0x00, 0xfe, '"', '\n'}
	handle := lambdasession.Wrap(newSessions(t, lambdasession.Config{}), func(ctx context.Context, _ httpRequest) (httpResponse, error) {
		return httpResponse{
			StatusCode: http.StatusTeapot, IsBase64Encoded: true, Body: base64.StdEncoding.EncodeToString(image),
			Headers: map[string]string{"Content-Type": "image/jpeg"}, Cookies: []string{"theme=dark"},
			MultiValueHeaders: map[string][]string{"X-A": {"1", "2"}},
		}, visits.Set(lambdasession.From(ctx), 1)
	})
	out, err := handle(t.Context(), httpGet())
	if err != nil {
		t.Fatal(err)
	}
	if len(out.Cookies) != 2 {
		t.Fatalf("cookies = %q, want the handler's and the session's", out.Cookies)
	}
	out.Cookies[1] = "session"
	want := httpResponse{
		StatusCode: http.StatusTeapot, IsBase64Encoded: true, Body: base64.StdEncoding.EncodeToString(image),
		Headers: map[string]string{"Content-Type": "image/jpeg", "Vary": "Cookie", "Cache-Control": "no-store"},
		Cookies: []string{"theme=dark", "session"}, MultiValueHeaders: map[string][]string{"X-A": {"1", "2"}},
	}
	if diff := cmp.Diff(want, out); diff != "" {
		t.Errorf("the response (-want +got):\n%s", diff)
	}
}
