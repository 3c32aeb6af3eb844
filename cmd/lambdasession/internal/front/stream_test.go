package front

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/template"
)

// bound is how long a test waits for what should come at once.
const bound = time.Minute

// bodyOf sends a request and reads the body of its response.
func bodyOf(t *testing.T, client *http.Client, r *http.Request) string {
	t.Helper()
	response, err := client.Do(r)
	if err != nil {
		t.Error(err)
		return ""
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Error(err)
	}
	return string(body)
}

// A function writes a line, and the next one only when the client has read it.
func TestAStreamedAnswerArrivesWhileItIsWritten(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		route   template.Route
		handler func(body io.Reader) any
	}{
		{
			template.Route{Service: template.FunctionURLStreaming},
			func(body io.Reader) any {
				return func(context.Context, events.LambdaFunctionURLRequest) (*events.LambdaFunctionURLStreamingResponse, error) {
					return &events.LambdaFunctionURLStreamingResponse{StatusCode: 201, Headers: map[string]string{"Content-Type": "text/csv"}, Cookies: []string{"a=1"}, Body: body}, nil
				}
			},
		},
		{
			template.Route{Service: template.RESTStreaming, Stage: "Prod", Method: "GET", Path: "/"},
			func(body io.Reader) any {
				return func(context.Context, events.APIGatewayProxyRequest) (*events.APIGatewayProxyStreamingResponse, error) {
					return &events.APIGatewayProxyStreamingResponse{StatusCode: 201, Headers: map[string]string{"Content-Type": "text/csv"}, Cookies: []string{"a=1"}, Body: body}, nil
				}
			},
		},
	} {
		t.Run(c.route.Service.String(), func(t *testing.T) {
			t.Parallel()
			body, function := io.Pipe()
			server := httptest.NewServer(alone(t, c.route, c.handler(body)))
			defer server.Close()
			defer server.Client().CloseIdleConnections()
			defer func() { _ = function.Close() }() // else the server would wait for it
			ctx, cancel := context.WithTimeout(t.Context(), bound)
			defer cancel()

			r, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/", nil)
			if err != nil {
				t.Fatal(err)
			}
			response, err := server.Client().Do(r) // there is a header before the first line
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			if response.StatusCode != 201 || response.Header.Get("Content-Type") != "text/csv" || response.Header.Get("Set-Cookie") != "a=1" {
				t.Errorf("status %d, header %v", response.StatusCode, response.Header)
			}
			lines := bufio.NewReader(response.Body)
			for _, line := range []string{"one\n", "two\n", "three\n"} {
				if _, err := io.WriteString(function, line); err != nil {
					t.Fatal(err)
				}
				if got, err := lines.ReadString('\n'); got != line || err != nil {
					t.Fatalf("read %q, %v; want %q", got, err, line)
				}
			}
			if err := function.Close(); err != nil {
				t.Fatal(err)
			}
			if rest, err := io.ReadAll(lines); len(rest) > 0 || err != nil {
				t.Errorf("at the end %q, %v", rest, err)
			}
		})
	}
}
