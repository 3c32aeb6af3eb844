package bench

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"

	"github.com/lambdasession/lambdasession-go/localtest"
)

// echo is the function of BenchmarkEmulator.
func echo(_ context.Context, r events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
	return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusOK, Body: r.RawPath}, nil
}

// isEmulated reports whether this program was started as a function.
func isEmulated() bool { return os.Getenv("AWS_LAMBDA_RUNTIME_API") != "" }

// emulated is the program as a function. It does not return.
func emulated() { lambda.Start(echo) }

// BenchmarkEmulator is one invocation, with the event of a browser's request: of
// a handler in this process, and of the same in a process of its own behind the
// Lambda Runtime API. The goal: less than 1 ms more at the median, which is
// printed as ns-median.
func BenchmarkEmulator(b *testing.B) {
	program, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	function, err := localtest.StartFunction(b.Context(), localtest.FunctionConfig{Name: "echo", Bootstrap: program})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = function.Close() })
	headers, _ := browserHeaders()
	event := events.APIGatewayV2HTTPRequest{RawPath: "/cart", Headers: headers}
	event.RequestContext.HTTP.Method = http.MethodGet
	payload, err := json.Marshal(event)
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name    string
		invoker localtest.Invoker
	}{
		{"in process", localtest.InProcess(echo, nil)},
		{"a process of its own", function},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			took := make([]time.Duration, 0, 1<<16)
			for b.Loop() {
				began := time.Now()
				if _, err := c.invoker.Invoke(b.Context(), payload); err != nil {
					b.Fatal(err)
				}
				took = append(took, time.Since(began))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2]), "ns-median")
		})
	}
}
