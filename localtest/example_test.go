package localtest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/lambdasession/lambdasession-go/localtest"
)

// A test asks a handler as a browser would.
func ExampleServe() {
	var t *testing.T // the test's

	handle := func(ctx context.Context, r events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		return events.APIGatewayV2HTTPResponse{StatusCode: http.StatusOK, Body: "hello"}, nil
	}
	server := localtest.Serve(t, localtest.HTTPAPI, handle)

	visitor := server.Client()
	visitor.Jar, _ = cookiejar.New(nil)
	response, err := visitor.Get(server.URL + "/cart?size=m")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("status %s", response.Status)
	}
}

// A test works on a table of its own and looks at what that would cost.
func ExampleDynamoDB() {
	var t *testing.T // the test's

	db := localtest.DynamoDB(t)
	table := aws.String(db.Table())

	if _, err := db.Client.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: table, Key: keyOf("a")}); err != nil {
		t.Fatal(err)
	}
	if got := db.Meter().Usage(); got.Calls != 1 || got.ReadUnits != 0.5 {
		t.Errorf("usage %+v", got)
	}
}

func ExampleStartDynamoDB() {
	server, err := localtest.StartDynamoDB(context.Background(), nil)
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = server.Close() }()

	tables, err := server.Client().ListTables(context.Background(), &dynamodb.ListTablesInput{Limit: aws.Int32(1)})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(tables.TableNames) <= 1)
	// Output: true
}

func ExampleGateway() {
	function := lambda.NewHandler(func(r events.APIGatewayV2HTTPRequest) (events.APIGatewayV2HTTPResponse, error) {
		return events.APIGatewayV2HTTPResponse{
			StatusCode: http.StatusTeapot,
			Cookies:    []string{"seen=yes; Path=/"},
			Body:       r.RequestContext.HTTP.Method + " " + r.RawPath,
		}, nil
	})
	gateway := httptest.NewServer(localtest.Gateway(localtest.HTTPAPI, function))
	defer gateway.Close()

	response, err := gateway.Client().Get(gateway.URL + "/tea")
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(response.Status)
	fmt.Println(response.Header["Set-Cookie"])
	fmt.Println(string(body))
	// Output:
	// 418 I'm a teapot
	// [seen=yes; Path=/]
	// GET /tea
}

// clock is a function that streams.
type clock struct{}

func (clock) Invoke(context.Context, []byte) ([]byte, error) {
	return nil, errors.New("this function streams its answer")
}

func (clock) InvokeStream(_ context.Context, _ []byte, pass func(contentType string, answer io.Reader) error) error {
	return pass("text/plain", strings.NewReader("tick tock")) // in truth, what is being written
}

// A function that streams reaches the client while it is still writing.
func ExampleStreamInvoker() {
	gateway := httptest.NewServer(localtest.Gateway(localtest.FunctionURLStreaming, clock{}))
	defer gateway.Close()

	response, err := gateway.Client().Get(gateway.URL)
	if err != nil {
		log.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(response.Header.Get("Content-Type"))
	fmt.Println(string(body))
	// Output:
	// text/plain
	// tick tock
}

// A gateway's own router says which route it chose.
func ExampleWithRoute() {
	function := lambda.NewHandler(func(r events.APIGatewayV2HTTPRequest) (string, error) {
		return r.RouteKey + " with " + r.PathParameters["id"], nil
	})
	gateway := localtest.Gateway(localtest.HTTPAPI, function)

	router := http.NewServeMux()
	router.HandleFunc("GET /products/{id}", func(w http.ResponseWriter, r *http.Request) {
		gateway.ServeHTTP(w, localtest.WithRoute(r, localtest.Route{
			Key:            r.Pattern,
			PathParameters: map[string]string{"id": r.PathValue("id")},
		}))
	})

	response := httptest.NewRecorder()
	router.ServeHTTP(response, httptest.NewRequest(http.MethodGet, "/products/7", nil))
	fmt.Println(response.Body)
	// Output: GET /products/{id} with 7
}
