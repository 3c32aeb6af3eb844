package localtest_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"github.com/lambdasession/lambdasession-go/localtest"
)

// breakingOff is a function whose streamed answer breaks off.
type breakingOff struct{ invokerFunc }

func (breakingOff) InvokeStream(_ context.Context, _ []byte, pass func(string, io.Reader) error) error {
	return pass("text/plain", io.MultiReader(strings.NewReader("begun"), iotest.ErrReader(errors.New("out of memory"))))
}

func TestLoggingGateway(t *testing.T) {
	t.Parallel()
	type requestKey struct{}
	logged := func(shape localtest.Shape, fn localtest.Invoker) (log []string) {
		gateway := localtest.LoggingGateway(shape, fn, func(ctx context.Context, err error) {
			log = append(log, ctx.Value(requestKey{}).(string)+": "+err.Error())
		})
		defer func() {
			if p := recover(); p != nil && p != http.ErrAbortHandler {
				panic(p)
			}
		}()
		r := get("/", nil)
		gateway.ServeHTTP(httptest.NewRecorder(), r.WithContext(context.WithValue(r.Context(), requestKey{}, "#1")))
		return log
	}
	want := func(t *testing.T, log []string, lines ...string) {
		t.Helper()
		if diff := cmp.Diff(lines, log); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}

	t.Run("says why an answer is none, with the request's values", func(t *testing.T) {
		t.Parallel()
		want(t, logged(localtest.HTTPAPI, answering(`{"statusCode":99}`)), "#1: the answer is refused: its statusCode is 99")
		want(t, logged(localtest.RESTStreaming, answering(`{}`)), "#1: the answer is refused: it ends before a delimiter of 8 zero bytes")
	})
	t.Run("says that an answer was late", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			hanging := invokerFunc(func(ctx context.Context, _ []byte) ([]byte, error) {
				<-ctx.Done()
				return nil, ctx.Err()
			})
			want(t, logged(localtest.REST, hanging), "#1: there was no answer within 29s, which is how long the service waits")
			want(t, logged(localtest.FunctionURLStreaming, hanging), "#1: there was no answer within 15m0s, which is how long the service waits")
		})
	})
	t.Run("says why an answer broke off", func(t *testing.T) {
		t.Parallel()
		want(t, logged(localtest.FunctionURLStreaming, breakingOff{}), "#1: the answer broke off: out of memory")
	})
	t.Run("leaves it to the function to say why it failed", func(t *testing.T) {
		t.Parallel()
		want(t, logged(localtest.HTTPAPI, invokerFunc(func(context.Context, []byte) ([]byte, error) {
			return nil, errors.New("no table")
		})))
	})
	t.Run("has nothing to say of a good answer", func(t *testing.T) {
		t.Parallel()
		want(t, logged(localtest.HTTPAPI, answering(`"hello"`)))
	})
}
