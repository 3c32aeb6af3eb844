package localtest_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/lambdasession/lambdasession-go/localtest"
)

// everyShape are the shapes there are.
var everyShape = []localtest.Shape{
	localtest.HTTPAPI, localtest.HTTPAPI1, localtest.REST, localtest.RESTStreaming,
	localtest.ALB, localtest.ALBMultiValue, localtest.FunctionURL, localtest.FunctionURLStreaming,
}

// delimiter is what stands between the prelude and the body of a streamed answer.
const delimiter = "\x00\x00\x00\x00\x00\x00\x00\x00"

// invokerFunc is a function as an Invoker.
type invokerFunc func(ctx context.Context, payload []byte) ([]byte, error)

func (f invokerFunc) Invoke(ctx context.Context, payload []byte) ([]byte, error) {
	return f(ctx, payload)
}

// answering is a function that answers every event with the same.
func answering(payload string) invokerFunc {
	return func(context.Context, []byte) ([]byte, error) { return []byte(payload), nil }
}

// through sends a request through a gateway to fn, without a network.
func through(shape localtest.Shape, fn localtest.Invoker, r *http.Request) *httptest.ResponseRecorder {
	recorder := httptest.NewRecorder()
	localtest.Gateway(shape, fn).ServeHTTP(recorder, r)
	return recorder
}

// get makes a request with a header.
func get(target string, header http.Header) *http.Request {
	r := httptest.NewRequest(http.MethodGet, target, nil)
	if header != nil {
		r.Header = header
	}
	return r
}

func wantReply(t *testing.T, got *httptest.ResponseRecorder, status int, body string) {
	t.Helper()
	if got.Code != status || got.Body.String() != body {
		t.Errorf("status %d, body %.100q; want %d, %q", got.Code, got.Body, status, body)
	}
}

func TestGateway(t *testing.T) {
	t.Parallel()

	post := func(contentType string, bytes int) *http.Request {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(strings.Repeat("x", bytes)))
		r.Header.Set("Content-Type", contentType)
		return r
	}
	const (
		failed      = `{"message":"Internal Server Error"}`
		tooLarge    = `{"message":"Request Entity Too Large"}`
		eventLimit  = 6291456 // Lambda's
		answerLimit = 6291556
	)

	t.Run("a function that fails is a 500 that does not say why", func(t *testing.T) {
		t.Parallel()
		fn := invokerFunc(func(context.Context, []byte) ([]byte, error) { return nil, errors.New("secret") })
		wantReply(t, through(localtest.HTTPAPI, fn, get("/", nil)), 500, failed)
	})

	t.Run("a function that is not done in 30 seconds is a 503, whatever it says then", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			for name, err := range map[string]error{"an answer": nil, "an error": errors.New("late")} {
				fn := invokerFunc(func(ctx context.Context, _ []byte) ([]byte, error) {
					<-ctx.Done()
					return []byte(`{"statusCode":200}`), err
				})
				began := time.Now()
				reply := through(localtest.HTTPAPI, fn, get("/", nil))
				if reply.Code != 503 || reply.Body.String() != `{"message":"Service Unavailable"}` {
					t.Errorf("%s: status %d, body %q", name, reply.Code, reply.Body)
				}
				if waited := time.Since(began); waited != 30*time.Second {
					t.Errorf("%s: after %v", name, waited)
				}
			}
		})
	})

	t.Run("a function does not learn that the client is gone", func(t *testing.T) {
		t.Parallel()
		gone, leave := context.WithCancel(t.Context())
		fn := invokerFunc(func(ctx context.Context, _ []byte) ([]byte, error) {
			leave()
			return []byte(`"done"`), ctx.Err()
		})
		wantReply(t, through(localtest.HTTPAPI, fn, get("/", nil).WithContext(gone)), 200, "done")
	})

	t.Run("a body over 10 MB does not reach the function", func(t *testing.T) {
		t.Parallel()
		fn := invokerFunc(func(context.Context, []byte) ([]byte, error) {
			t.Error("it did")
			return nil, nil
		})
		wantReply(t, through(localtest.HTTPAPI, fn, post("text/plain", 10<<20+1)), 413, tooLarge)
	})

	t.Run("an event over Lambda's 6 MB does not reach the function", func(t *testing.T) {
		t.Parallel()
		var reached []int
		fn := invokerFunc(func(_ context.Context, event []byte) ([]byte, error) {
			reached = append(reached, len(event))
			return []byte(`"ok"`), nil
		})
		small := 0
		through(localtest.HTTPAPI, invokerFunc(func(_ context.Context, event []byte) ([]byte, error) {
			small = len(event)
			return nil, nil
		}), post("text/plain", 1_000_000))
		most := eventLimit - (small - 1_000_000) // beside all else in the event
		wantReply(t, through(localtest.HTTPAPI, fn, post("text/plain", most)), 200, "ok")
		wantReply(t, through(localtest.HTTPAPI, fn, post("text/plain", most+1)), 413, tooLarge)
		wantReply(t, through(localtest.HTTPAPI, fn, post("image/png", 5_000_000)), 413, tooLarge) // in base64 a third more
		if len(reached) != 1 || reached[0] != eventLimit {
			t.Errorf("events of %v bytes did", reached)
		}
	})

	t.Run("an answer over Lambda's 6 MB is a 500", func(t *testing.T) {
		t.Parallel()
		body := strings.Repeat("x", answerLimit-len(`""`))
		wantReply(t, through(localtest.HTTPAPI, answering(`"`+body+`"`), get("/", nil)), 200, body)
		wantReply(t, through(localtest.HTTPAPI, answering(`"`+body+`x"`), get("/", nil)), 500, failed)
	})

	t.Run("a request line and header over 10,240 bytes do not reach the function", func(t *testing.T) {
		t.Parallel()
		const line = len("GET / HTTP/1.1") + len("example.com")
		header := func(bytes int) http.Header {
			return http.Header{"Cookie": {strings.Repeat("x", 4096)}, "X": {strings.Repeat("x", bytes-4096-line)}}
		}
		wantReply(t, through(localtest.HTTPAPI, answering(`"ok"`), get("/", header(10240))), 200, "ok")
		wantReply(t, through(localtest.HTTPAPI, answering(`"ok"`), get("/", header(10241))), 431, `{"message":"Request Header Fields Too Large"}`)
	})

	t.Run("a body that breaks off does not reach the function", func(t *testing.T) {
		t.Parallel()
		r := httptest.NewRequest(http.MethodPost, "/", brokenReader{})
		if reply := through(localtest.HTTPAPI, answering(`"ok"`), r); reply.Code != http.StatusBadRequest {
			t.Errorf("status %d", reply.Code)
		}
	})

	t.Run("a reply carries the id that its event had", func(t *testing.T) {
		t.Parallel()
		var event []byte
		reply := through(localtest.HTTPAPI, invokerFunc(func(_ context.Context, payload []byte) ([]byte, error) {
			event = payload
			return []byte(`"ok"`), nil
		}), get("/", nil))
		if id := reply.Header().Get("Apigw-Requestid"); id == "" || !strings.Contains(string(event), `"requestId":"`+id+`"`) {
			t.Errorf("id %q, event %s", id, event)
		}
	})

	t.Run("a HEAD has the header of a GET and no body", func(t *testing.T) {
		t.Parallel()
		server := httptest.NewServer(localtest.Gateway(localtest.HTTPAPI, answering(`{"statusCode":200,"body":"hello"}`)))
		t.Cleanup(server.Close)
		response, body := fetch(t, server, httptest.NewRequest(http.MethodHead, "/", nil))
		if body != "" || response.ContentLength != 5 {
			t.Errorf("body %q, content-length %d", body, response.ContentLength)
		}
	})

	t.Run("a shape that is none is refused at once", func(t *testing.T) {
		t.Parallel()
		defer func() {
			if recover() == nil {
				t.Error("no panic")
			}
		}()
		localtest.Gateway(0, answering(`"ok"`))
	})
}

// brokenReader is a body whose client is gone.
type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, errors.New("connection reset by peer") }
