package localtest_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/lambdasession/lambdasession-go/localtest"
)

type (
	httpRequest  = events.APIGatewayV2HTTPRequest
	httpResponse = events.APIGatewayV2HTTPResponse
)

// echo answers with a request's path.
func echo(_ context.Context, r httpRequest) (httpResponse, error) {
	return httpResponse{StatusCode: http.StatusOK, Body: r.RawPath}, nil
}

func TestServe(t *testing.T) {
	t.Parallel()

	t.Run("takes what lambda.Start takes", func(t *testing.T) {
		t.Parallel()
		for name, handler := range map[string]any{
			"a function of context and event": echo,
			"a function of an event": func(r *httpRequest) (*httpResponse, error) {
				return &httpResponse{StatusCode: 200, Body: r.RawPath}, nil
			},
			"a function of anything": func(e map[string]any) (any, error) { return e["rawPath"], nil },
			"a made handler":         lambda.NewHandler(echo),
		} {
			server := localtest.Serve(t, localtest.HTTPAPI, handler)
			if response, body := fetch(t, server, get("/x", nil)); response.StatusCode != http.StatusOK || body != "/x" {
				t.Errorf("%s: status %d, body %q", name, response.StatusCode, body)
			}
		}
	})

	t.Run("gives the handler a deadline and Lambda's context", func(t *testing.T) {
		t.Parallel()
		server := localtest.Serve(t, localtest.HTTPAPI, func(ctx context.Context) (string, error) {
			deadline, ok := ctx.Deadline()
			if left := time.Until(deadline); !ok || left <= 0 || left > 30*time.Second {
				return "", fmt.Errorf("%v left", left)
			}
			lc, ok := lambdacontext.FromContext(ctx)
			if !ok || len(lc.AwsRequestID) != 36 || !strings.HasPrefix(lc.InvokedFunctionArn, "arn:aws:lambda:") {
				return "", fmt.Errorf("context %+v", lc)
			}
			return lc.AwsRequestID, nil
		})
		first, one := fetch(t, server, get("/", nil))
		second, other := fetch(t, server, get("/", nil))
		if first.StatusCode != http.StatusOK || second.StatusCode != http.StatusOK || one == other {
			t.Errorf("status %d, id %q; status %d, id %q", first.StatusCode, one, second.StatusCode, other)
		}
	})

	t.Run("a handler that fails, panics or is none is a 500, and the reason is logged", func(t *testing.T) {
		t.Parallel()
		for reason, handler := range map[string]any{
			"out of stock":                       func() error { return errors.New("out of stock") },
			"panic: no such cart":                func() error { panic("no such cart") },
			"handler kind string is not func":    "handler",
			"cannot unmarshal object into Go va": func(string) error { return nil },
		} {
			log := &logOf{TB: t}
			server := localtest.Serve(log, localtest.HTTPAPI, handler)
			response, body := fetch(t, server, get("/", nil))
			if response.StatusCode != http.StatusInternalServerError || body != `{"message":"Internal Server Error"}` {
				t.Errorf("%s: status %d, body %q", reason, response.StatusCode, body)
			}
			if !strings.Contains(log.String(), reason) {
				t.Errorf("%s: the log is %q", reason, log)
			}
		}
	})

	t.Run("a cookie jar keeps Secure cookies and sends them back", func(t *testing.T) {
		t.Parallel()
		server := localtest.Serve(t, localtest.HTTPAPI, func(r httpRequest) (httpResponse, error) {
			return httpResponse{
				StatusCode: http.StatusOK,
				Cookies:    []string{"__Host-a=1; Path=/; Secure; HttpOnly", "b=2; Secure"},
				Body:       strings.Join(r.Cookies, "|"),
			}, nil
		})
		var err error
		if server.Client().Jar, err = cookiejar.New(nil); err != nil {
			t.Fatal(err)
		}
		_, before := fetch(t, server, get("/", nil))
		_, after := fetch(t, server, get("/", nil))
		if before != "" || after != "__Host-a=1|b=2" {
			t.Errorf("cookies are %q, then %q", before, after)
		}
	})

	t.Run("requests at once do not get each other's answers", func(t *testing.T) {
		t.Parallel()
		for name, handler := range map[string]any{"a function": echo, "a made handler": lambda.NewHandler(echo)} {
			server := localtest.Serve(t, localtest.HTTPAPI, handler)
			var clients sync.WaitGroup
			for i := range 50 {
				clients.Go(func() {
					path := "/" + strings.Repeat(fmt.Sprint(i), i)
					recorder := httptest.NewRecorder()
					server.Config.Handler.ServeHTTP(recorder, get(path, nil))
					if got := recorder.Body.String(); got != path {
						t.Errorf("%s: %q got %q", name, path, got)
					}
				})
			}
			clients.Wait()
		}
	})
}

// logOf is a test that keeps what is logged.
type logOf struct {
	testing.TB
	mu  sync.Mutex
	log bytes.Buffer
}

func (l *logOf) Logf(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintf(&l.log, format+"\n", args...)
}

func (l *logOf) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.log.String()
}
