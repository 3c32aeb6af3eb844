package localtest

import (
	"context"
	"net/http/httptest"
	"testing"
)

// Serve starts an HTTP server in front of a handler, which is anything that
// lambda.Start takes, and ends it with the test. It is a [Gateway] of that
// shape, so that requests reach the handler as events, and its answers the
// client as responses, each through JSON. The handler's context carries a
// [lambdacontext.LambdaContext] and a deadline.
//
// A streaming shape passes on, while it is being written, what lambda.Start would
// stream: an io.Reader such as *events.LambdaFunctionURLStreamingResponse. It is
// closed at its end. When the client goes before that, it is read to its end all
// the same, as on Lambda, or until the test is over: then the handler's context
// ends, and so does every stream.
//
// The server speaks plain HTTP on the loopback interface, to which browsers, and
// Go's cookie jars, send Secure cookies all the same.
//
// What fails or panics in the handler is logged with the test, as Lambda logs it;
// so is why an answer is refused, which API Gateway logs too.
//
// [lambdacontext.LambdaContext]: https://pkg.go.dev/github.com/aws/aws-lambda-go/lambdacontext#LambdaContext
func Serve(tb testing.TB, shape Shape, handler any) *httptest.Server {
	tb.Helper()
	over, end := context.WithCancel(context.Background())
	log := func(_ context.Context, err error) { tb.Logf("localtest: %v", err) }
	server := httptest.NewServer(LoggingGateway(shape, &handlerInvoker{logf: tb.Logf, handler: handler, over: over}, log))
	tb.Cleanup(func() {
		end()
		server.Close()
	})
	return server
}
