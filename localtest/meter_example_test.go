package localtest_test

import (
	"context"
	"fmt"
	"log"

	"github.com/lambdasession/lambdasession-go/localtest"
)

// What an invocation costs: the calls of a function that knows nothing of the
// meter are there when it has answered.
func ExampleStartMeterProxy() {
	ctx := context.Background()
	db, err := localtest.StartDynamoDB(ctx, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = db.Close() }()

	calls := make(chan localtest.TracedCall, 100)
	proxy, err := localtest.StartMeterProxy(db.Endpoint(), func(c localtest.TracedCall) { calls <- c })
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = proxy.Close() }()

	shop, err := localtest.StartFunction(ctx, localtest.FunctionConfig{
		Name:      "Shop",
		Bootstrap: "bootstrap",
		Env:       map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": proxy.Endpoint()},
	})
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = shop.Close() }()

	if _, err := shop.Invoke(ctx, []byte(`{}`)); err != nil {
		log.Fatal(err)
	}
	for range len(calls) {
		c := <-calls
		fmt.Println(c.TraceID, c.Operation, c.Tables, c.ReadUnits, c.WriteUnits)
	}
}
