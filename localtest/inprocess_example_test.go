package localtest_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"

	"github.com/aws/aws-lambda-go/events"

	"github.com/lambdasession/lambdasession-go/localtest"
)

// A main of your own serves a handler in its own process, where a debugger can
// stop in it: with http.ListenAndServe("localhost:3000", gateway) in the place of
// this example's server.
func ExampleInProcess() {
	handle := func(_ context.Context, r events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusOK, Body: "you asked for " + r.RawPath}, nil
	}
	gateway := localtest.Gateway(localtest.HTTPAPI, localtest.InProcess(handle, os.Stderr))
	server := httptest.NewServer(gateway)
	defer server.Close()

	response, err := http.Get(server.URL + "/tea")
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(response.Status, string(body))
	// Output: 200 OK you asked for /tea
}
