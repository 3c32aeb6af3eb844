package lambdasession_test

import (
	"bytes"
	"context"
	"log/slog"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

type (
	albRequest  = events.ALBTargetGroupRequest
	albResponse = events.ALBTargetGroupResponse
)

// throughALB runs one request through a load balancer's function.
func throughALB(t *testing.T, m *lambdasession.Manager, e albRequest, out albResponse, do func(*lambdasession.Session) error) albResponse {
	t.Helper()
	got, err := lambdasession.Wrap(m, func(ctx context.Context, _ albRequest) (albResponse, error) {
		return out, do(lambdasession.From(ctx))
	})(t.Context(), e)
	succeed(t, err)
	return got
}

func beginVisits(s *lambdasession.Session) error { return visits.Set(s, 1) }

func TestALBWithHeadersOfOneValue(t *testing.T) { // L9
	t.Parallel()
	event := albRequest{HTTPMethod: http.MethodGet, Headers: map[string]string{"host": host}}
	t.Run("our cookie alone goes out", func(t *testing.T) {
		t.Parallel()
		shared := map[string]string{"content-type": "text/html"}
		out := throughALB(t, newSessions(t, lambdasession.Config{}), event, albResponse{StatusCode: 200, Headers: shared}, beginVisits)
		if !strings.HasPrefix(out.Headers["Set-Cookie"], cookieName+"=") || out.MultiValueHeaders != nil {
			t.Errorf("the headers are %v and %v; want the cookie in the first", out.Headers, out.MultiValueHeaders)
		}
		wantEqual(t, "Cache-Control", "no-store", out.Headers["Cache-Control"])
		wantEqual(t, "Content-Type", "text/html", out.Headers["content-type"])
		wantEqual(t, "the handler's headers", map[string]string{"content-type": "text/html"}, shared) // L5
	})
	t.Run("the application's cookie goes out where ours does not", func(t *testing.T) {
		t.Parallel()
		given := albResponse{StatusCode: 200, Headers: map[string]string{"set-cookie": "theme=dark"}}
		out := throughALB(t, newSessions(t, lambdasession.Config{}), event, given, func(s *lambdasession.Session) error {
			_, err := visits.Get(s)
			return err
		})
		want := map[string]string{"set-cookie": "theme=dark", "Vary": "Cookie", "Cache-Control": "private, no-cache"}
		wantEqual(t, "headers", want, out.Headers)
	})
	for _, name := range []string{"Set-Cookie", "set-cookie", "SET-COOKIE"} {
		t.Run("ours beside the application's, which writes "+name+", is an error that says what to switch on", func(t *testing.T) {
			t.Parallel()
			var logs bytes.Buffer
			sessions := newSessions(t, lambdasession.Config{Logger: slog.New(slog.NewTextHandler(&logs, nil))})
			headers := map[string]string{name: "theme=dark", "X-Handler": "1"}
			before := maps.Clone(headers)
			out := throughALB(t, sessions, event, albResponse{StatusCode: 200, Headers: headers, Body: "page"}, beginVisits)
			want := map[string]string{"Content-Type": "application/problem+json", "Cache-Control": "no-store", "Vary": "Cookie"}
			wantEqual(t, "headers", want, out.Headers)
			if out.StatusCode != http.StatusInternalServerError || strings.Contains(out.Body, "page") {
				t.Errorf("the answer is %+v; want a 500", out)
			}
			if !strings.Contains(logs.String(), "lambda.multi_value_headers.enabled") {
				t.Errorf("the log says %s; want it to name lambda.multi_value_headers.enabled", &logs)
			}
			wantEqual(t, "the handler's headers", before, headers) // L5
		})
	}
	t.Run("a failed save is answered in headers of one value", func(t *testing.T) { // L2
		t.Parallel()
		sessions, cookie := visitorOf(t, true)
		e := albRequest{HTTPMethod: http.MethodGet, Headers: map[string]string{"cookie": cookie[0]}}
		out := throughALB(t, sessions, e, albResponse{StatusCode: 200}, beginVisits)
		wantEqual(t, "Retry-After", "1", out.Headers["Retry-After"])
		wantEqual(t, "status", "503 Service Unavailable", out.StatusDescription)
		wantEqual(t, "headers of several values", 0, len(out.MultiValueHeaders))
	})
}

func TestALBWithHeadersOfSeveralValues(t *testing.T) { // L9
	t.Parallel()
	event := albRequest{HTTPMethod: http.MethodGet, MultiValueHeaders: map[string][]string{"host": {host}}}
	t.Run("our cookie goes out beside the application's", func(t *testing.T) {
		t.Parallel()
		cookies := append(make([]string, 0, 8), "theme=dark", "lang=en")
		shared := map[string][]string{"set-cookie": cookies}
		out := throughALB(t, newSessions(t, lambdasession.Config{}), event, albResponse{StatusCode: 200, MultiValueHeaders: shared}, beginVisits)
		got := out.MultiValueHeaders["Set-Cookie"]
		if len(got) != 3 || got[0] != "theme=dark" || got[1] != "lang=en" || !strings.HasPrefix(got[2], cookieName+"=") {
			t.Errorf("Set-Cookie: %q; want the application's two and the session's", got)
		}
		if _, left := out.MultiValueHeaders["set-cookie"]; left {
			t.Error("a second spelling of Set-Cookie is left")
		}
		wantEqual(t, "the handler's headers", map[string][]string{"set-cookie": {"theme=dark", "lang=en"}}, shared) // L5
		wantEqual(t, "what stands behind its cookies", "", cookies[:3][2])                                          // L5
	})
	t.Run("a failed save is answered in headers of several values", func(t *testing.T) { // L2
		t.Parallel()
		sessions, cookie := visitorOf(t, true)
		e := albRequest{HTTPMethod: http.MethodGet, MultiValueHeaders: map[string][]string{"Cookie": cookie}}
		out := throughALB(t, sessions, e, albResponse{StatusCode: 200}, beginVisits)
		wantEqual(t, "Retry-After", []string{"1"}, out.MultiValueHeaders["Retry-After"])
		wantEqual(t, "headers of one value", 0, len(out.Headers))
	})
}
