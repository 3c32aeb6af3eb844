package lambdasession_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/aws-lambda-go/events"

	"github.com/lambdasession/lambdasession-go/lambdasession"
)

func FuzzRESTEvent(f *testing.F) { // L10
	fuzzEvent[events.APIGatewayProxyRequest, events.APIGatewayProxyResponse](f)
}

func FuzzHTTPAPIEvent(f *testing.F) { // L10
	fuzzEvent[events.APIGatewayV2HTTPRequest, events.APIGatewayV2HTTPResponse](f)
}

func FuzzFunctionURLEvent(f *testing.F) { // L10
	fuzzEvent[events.LambdaFunctionURLRequest, *events.LambdaFunctionURLStreamingResponse](f)
}

func FuzzALBEvent(f *testing.F) { // L10
	fuzzEvent[events.ALBTargetGroupRequest, events.ALBTargetGroupResponse](f)
}

// fuzzEvent hands a wrapped handler every event that JSON can hold. It must
// answer without a panic, and never take a stranger's cookie for a session.
func fuzzEvent[In lambdasession.HTTPEvent, Out lambdasession.HTTPResponse](f *testing.F) {
	samples, err := filepath.Glob(filepath.Join("testdata", "events", "*.json"))
	if err != nil || len(samples) == 0 {
		f.Fatalf("samples %v, %v", samples, err)
	}
	for _, file := range samples {
		sample, err := os.ReadFile(file)
		succeed(f, err)
		f.Add(sample)
	}
	for _, seed := range []string{
		`{}`, `{"headers":null,"multiValueHeaders":null,"cookies":null}`, `{"headers":{"":"","COOKIE":"__Host-session="}}`,
		`{"httpMethod":"POST","headers":{"origin":"\u0000"}}`, `{"multiValueHeaders":{"Cookie":[],"host":[],"origin":["",""]}}`,
		`{"cookies":["__Host-session=x","__Host-session=y"],"requestContext":{"http":{"method":"\uffff"}}}`,
	} {
		f.Add([]byte(seed))
	}
	known := -1
	handle := lambdasession.Wrap(newSessions(f, lambdasession.Config{}), func(ctx context.Context, _ In) (out Out, err error) {
		known, err = visits.Update(lambdasession.From(ctx), func(n int) (int, error) { return n + 1, nil })
		return out, err
	})
	f.Fuzz(func(t *testing.T, payload []byte) {
		var in In
		if json.Unmarshal(payload, &in) != nil {
			return // aws-lambda-go answers that
		}
		known = 1
		if _, err := handle(t.Context(), in); err != nil || known != 1 {
			t.Errorf("error %v after %d visits; want none after the first", err, known)
		}
	})
}
