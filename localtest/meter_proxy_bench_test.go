package localtest_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/lambdasession/lambdasession-go/localtest"
)

// BenchmarkMeterProxy reads an item of 1 KB by the SDK, with and without the
// proxy: from DynamoDB Local, and from a server that answers at once, where the
// difference is the proxy's own time.
func BenchmarkMeterProxy(b *testing.B) {
	db := localtest.DynamoDB(b)
	table := aws.String(db.Table())
	item := sized("a", 1<<10)
	if _, err := db.Client.PutItem(b.Context(), &dynamodb.PutItemInput{TableName: table, Item: item}); err != nil {
		b.Fatal(err)
	}
	answer := []byte(`{"ConsumedCapacity":{"CapacityUnits":1,"TableName":"t"},"Item":{"pk":{"S":"a"},"sk":{"S":"s"},"v":{"S":"` +
		strings.Repeat("x", 1<<10) + `"}}}`)
	instant := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-amz-json-1.0")
		_, _ = w.Write(answer)
	}))
	defer instant.Close()

	for _, server := range []struct{ name, endpoint string }{
		{"DynamoDB Local", db.Endpoint()}, {"a server that answers at once", instant.URL},
	} {
		for _, way := range []struct{ name, endpoint string }{
			{"straight", server.endpoint}, {"through the proxy", meter(b, server.endpoint).Endpoint()},
		} {
			b.Run(server.name+"/"+way.name, func(b *testing.B) {
				c := client(b, way.endpoint)
				for b.Loop() {
					_, err := c.GetItem(b.Context(), &dynamodb.GetItemInput{TableName: table, Key: keyOf("a"), ConsistentRead: aws.Bool(true)})
					if err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
