package lambdasession_test

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

// sampleEvent is AWS's documented sample of a door's event, into which a
// session cookie and the origin of the request are put.
func sampleEvent(tb testing.TB, file, cookie, origin string) []byte {
	tb.Helper()
	sample, err := os.ReadFile(filepath.Join("testdata", "events", file))
	succeed(tb, err)
	return []byte(strings.NewReplacer("__Host-session=SESSION", cookie, "ORIGIN", origin).Replace(string(sample)))
}

// hostOf is the host that a sample was sent to.
var hostOf = map[string]string{
	"rest.json":            "id.execute-api.us-east-1.amazonaws.com",
	"httpapi1.json":        "id.execute-api.us-east-1.amazonaws.com",
	"httpapi.json":         "id.execute-api.us-east-1.amazonaws.com",
	"functionurl.json":     "url-id.lambda-url.us-west-2.on.aws",
	"alb.json":             "lambda-846800462-us-east-2.elb.amazonaws.com",
	"alb_multi_value.json": "lambda-846800462-us-east-2.elb.amazonaws.com",
}

// an output is what a function answers, in any shape. Of a streaming response
// it is the prelude.
type output struct {
	StatusCode        int
	Headers           map[string]string
	MultiValueHeaders http.Header
	Cookies           []string
}

// sets reports whether the function's answer sets any cookie.
func (o output) sets() bool {
	for name := range o.MultiValueHeaders {
		if strings.EqualFold(name, "Set-Cookie") {
			return true
		}
	}
	for name := range o.Headers {
		if strings.EqualFold(name, "Set-Cookie") {
			return true
		}
	}
	return len(o.Cookies) > 0
}

// invoke hands an event to a handler as aws-lambda-go does.
func invoke(ctx context.Context, tb testing.TB, handler any, event []byte) output {
	tb.Helper()
	answer, err := lambda.NewHandler(handler).Invoke(ctx, event)
	succeed(tb, err)
	prelude, _, _ := strings.Cut(string(answer), strings.Repeat("\x00", 8))
	var out output
	succeed(tb, json.NewDecoder(strings.NewReader(prelude)).Decode(&out))
	return out
}

func TestDocumentedEvents(t *testing.T) { // L10
	t.Parallel()
	eachDoor(t, func(t *testing.T, d door) {
		if d.event == "" {
			return // net/http has no events
		}
		sessions := newSessions(t, lambdasession.Config{})
		cookie := newVisitor(t, sessions)
		seen := 0
		handler := d.open(sessions, func(ctx context.Context, _ pageRequest) (out pageResponse, err error) {
			seen, err = visits.Get(lambdasession.From(ctx))
			return out, err
		})
		for _, c := range []struct {
			name, origin string
			want         int
		}{
			{"of the site itself", "https://" + hostOf[d.event], http.StatusOK},
			{"of another site", "https://evil.example", http.StatusForbidden},
		} {
			t.Run("the cookie, the method and the host are found in a request "+c.name, func(t *testing.T) {
				seen = 0
				out := invoke(t.Context(), t, handler, sampleEvent(t, d.event, cookie, c.origin))
				if out.StatusCode != c.want || (seen == 1) != (c.want == http.StatusOK) {
					t.Errorf("the answer is %+v and the page saw %d visits; want %d", out, seen, c.want)
				}
			})
		}
		t.Run("without a session cookie there is no session", func(t *testing.T) {
			seen = -1
			out := invoke(t.Context(), t, handler, sampleEvent(t, d.event, "a=b", "https://"+hostOf[d.event]))
			if out.StatusCode != http.StatusOK || seen != 0 {
				t.Errorf("the answer is %+v and the page saw %d visits; want 200 and none", out, seen)
			}
		})
	})
}

// A handler that runs to its deadline leaves the time to save, or to say that
// nothing was saved.
func TestAHandlerThatRunsToItsDeadline(t *testing.T) { // L1
	t.Parallel()
	eachDoor(t, func(t *testing.T, d door) {
		if d.event == "" {
			return // an http.Server knows no deadline
		}
		for _, c := range []struct {
			name   string
			silent bool // the store does not answer in what is left
			want   int
		}{
			{"is saved", false, http.StatusOK},
			{"is answered 503, without a cookie, where the store does not answer", true, http.StatusServiceUnavailable},
		} {
			t.Run(c.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					st := newSpy(nil)
					handler := d.open(newSessions(t, lambdasession.Config{Store: st}), func(ctx context.Context, _ pageRequest) (pageResponse, error) {
						<-ctx.Done()
						return pageResponse{}, visits.Set(lambdasession.From(ctx), 1)
					})
					if c.silent {
						st.hold("save") // and never let go
					}
					ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
					defer cancel()
					out := invoke(ctx, t, handler, sampleEvent(t, d.event, "a=b", "https://"+hostOf[d.event]))
					if out.StatusCode != c.want || out.sets() == c.silent {
						t.Errorf("the answer is %+v; want %d", out, c.want)
					}
				})
			})
		}
	})
}
