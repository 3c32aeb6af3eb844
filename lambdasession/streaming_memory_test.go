package lambdasession_test

import (
	"context"
	"io"
	"net/http"
	"runtime"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/localtest"
	"github.com/lambdasession/lambdasession-go/memstore"
)

// zeros is a body that is made while it is read.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// A wrapped response streams on: nothing collects its body.
func TestAStreamedBodyTakesNoMemory(t *testing.T) { //nolint:paralleltest // it counts everybody's allocations
	const size, most = 50 << 20, 4 << 20
	sessions, err := lambdasession.New(lambdasession.Config{Store: memstore.New()})
	if err != nil {
		t.Fatal(err)
	}
	server := localtest.Serve(t, localtest.FunctionURLStreaming, lambdasession.Wrap(sessions,
		func(ctx context.Context, _ events.LambdaFunctionURLRequest) (*events.LambdaFunctionURLStreamingResponse, error) {
			return &events.LambdaFunctionURLStreamingResponse{
				StatusCode: http.StatusOK, Body: io.LimitReader(zeros{}, size),
			}, apples.Set(lambdasession.From(ctx), 1)
		}))

	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	res, err := server.Client().Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	got, err := io.Copy(io.Discard, res.Body)
	runtime.ReadMemStats(&after)
	if err != nil || got != size || len(res.Cookies()) != 1 {
		t.Errorf("%d bytes and cookies %v, %v, want %d bytes and one", got, res.Cookies(), err, size)
	}
	if took := after.TotalAlloc - before.TotalAlloc; took > most {
		t.Errorf("%d bytes of memory for a body of %d", took, size)
	}
}
