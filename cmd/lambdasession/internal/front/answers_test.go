package front

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lambdasession/lambdasession-go/cmd/lambdasession/internal/template"
	"github.com/lambdasession/lambdasession-go/localtest"
)

// raw is a function that answers with these bytes.
type raw string

func (r raw) Invoke(context.Context, []byte) ([]byte, error) { return []byte(r), nil }

// failing is a function that fails.
type failing struct{}

func (failing) Invoke(context.Context, []byte) ([]byte, error) { return nil, errors.New("secret") }

// hanging is a function that does not answer.
type hanging struct{}

func (hanging) Invoke(ctx context.Context, _ []byte) ([]byte, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// What the services answer themselves, through a front. What each of them does
// with every malformed answer is tested with localtest.Gateway.
func TestAnswersThatAreNone(t *testing.T) {
	t.Parallel()
	type reply struct {
		status int
		body   string
	}
	for _, c := range []struct {
		service   template.Service
		malformed string
		failed    reply
		timeout   time.Duration
		late      reply
		bodyBytes int
		tooLarge  reply
	}{
		{
			template.HTTPAPI, `{"statusCode":"x"}`,
			reply{500, `{"message":"Internal Server Error"}`},
			30 * time.Second,
			reply{503, `{"message":"Service Unavailable"}`},
			10 << 20,
			reply{413, `{"message":"Request Entity Too Large"}`},
		},
		{
			template.HTTPAPI1, `{"body":"no status"}`,
			reply{500, `{"message":"Internal Server Error"}`},
			30 * time.Second,
			reply{503, `{"message":"Service Unavailable"}`},
			10 << 20,
			reply{413, `{"message":"Request Entity Too Large"}`},
		},
		{
			template.REST, `"text"`,
			reply{502, `{"message": "Internal server error"}`},
			29 * time.Second,
			reply{504, `{"message": "Endpoint request timed out"}`},
			10 << 20,
			reply{413, `{"message":"Request Too Long"}`},
		},
		{
			template.RESTStreaming, `no prelude`,
			reply{502, `{"message": "Internal server error"}`},
			15 * time.Minute,
			reply{504, `{"message": "Endpoint request timed out"}`},
			10 << 20,
			reply{413, `{"message":"Request Too Long"}`},
		},
		{
			template.FunctionURL, `{"statusCode":"x"}`,
			reply{502, "Internal Server Error"},
			15 * time.Minute,
			reply{502, "Internal Server Error"},
			6 << 20,
			reply{413, `{"Message":"Request Entity Too Large"}`},
		},
		{
			template.FunctionURLStreaming, "{\"statusCode\":\"x\"}\x00\x00\x00\x00\x00\x00\x00\x00",
			reply{502, "Internal Server Error"},
			15 * time.Minute,
			reply{502, "Internal Server Error"},
			6 << 20,
			reply{413, `{"Message":"Request Entity Too Large"}`},
		},
	} {
		t.Run(c.service.String(), func(t *testing.T) {
			t.Parallel()
			route := template.Route{Service: c.service, Stage: "Prod", Method: "ANY", Path: "/"}
			if c.service.IsFunctionURL() {
				route = template.Route{Service: c.service}
			}
			through := func(t *testing.T, fn localtest.Invoker, refused *[]string) *Front {
				t.Helper()
				f, err := New(Config{
					Functions: []template.Function{{ID: "Shop", Routes: []template.Route{route}}},
					Invokers:  map[string]localtest.Invoker{"Shop": fn},
					Refused:   func(_ context.Context, _ Match, why error) { *refused = append(*refused, why.Error()) },
				})
				if err != nil {
					t.Fatal(err)
				}
				return f
			}

			t.Run("an answer that is none is not told to the client, but here", func(t *testing.T) {
				t.Parallel()
				var refused []string
				wantReply(t, ask(through(t, raw(c.malformed), &refused), "GET", "/"), c.failed.status, c.failed.body)
				if len(refused) != 1 || !strings.HasPrefix(refused[0], "the answer is refused: ") {
					t.Errorf("refused: %q", refused)
				}
			})

			t.Run("a function that fails is not told to the client", func(t *testing.T) {
				t.Parallel()
				var refused []string
				wantReply(t, ask(through(t, failing{}, &refused), "GET", "/"), c.failed.status, c.failed.body)
				if len(refused) > 0 {
					t.Errorf("refused: %q", refused)
				}
			})

			t.Run("a function that does not answer is given up", func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					var refused []string
					f := through(t, hanging{}, &refused)
					began := time.Now()
					wantReply(t, ask(f, "GET", "/"), c.late.status, c.late.body)
					if waited := time.Since(began); waited != c.timeout {
						t.Errorf("after %v, want %v", waited, c.timeout)
					}
					if want := "there was no answer within " + c.timeout.String() + ", which is how long the service waits"; len(refused) != 1 || refused[0] != want {
						t.Errorf("refused: %q, want %q", refused, want)
					}
				})
			})

			t.Run("a body that is too large does not reach the function", func(t *testing.T) {
				t.Parallel()
				f := alone(t, route, func(context.Context, json.RawMessage) (any, error) {
					t.Error("it did")
					return nil, nil
				})
				w := httptest.NewRecorder()
				f.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "http://localhost/", strings.NewReader(strings.Repeat("x", c.bodyBytes+1))))
				wantReply(t, w, c.tooLarge.status, c.tooLarge.body)
			})
		})
	}
}
