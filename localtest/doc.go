// Package localtest runs on this machine what a function meets on AWS: a
// DynamoDB, a gateway that turns requests into events, and the Lambda runtime.
// It is for tests, and the command lambdasession is built from it.
//
// # A test against DynamoDB
//
// [DynamoDB] gives a test a client of a real DynamoDB Local, and fresh tables:
//
//	func TestCart(t *testing.T) {
//		db := localtest.DynamoDB(t)
//		sessions, err := dynamostore.New(db.Client, dynamostore.Config{Table: db.Table()})
//		...
//	}
//
// The first call in a test binary starts the server, which takes a second, and
// the others share it; it ends with the binary, however that ends. Tests may run
// in parallel, since each has its own tables. It needs Java 17 and Maven, or
// Docker, or the address of a server in DYNAMODB_LOCAL_ENDPOINT; a test on a
// machine that has none of them fails and says so.
//
// # A test of a handler
//
// [Serve] puts an HTTP server in front of a handler, so that a test can be the
// browser. The handler gets the events that API Gateway makes, through JSON and
// within Lambda's limits, and the client what API Gateway makes of its answers:
//
//	server := localtest.Serve(t, localtest.HTTPAPI, lambdasession.Wrap(sessions, handle))
//	client := server.Client()
//	client.Jar, _ = cookiejar.New(nil) // a visitor
//	response, err := client.Get(server.URL + "/cart")
//
// # A budget
//
// The [Meter] of a [DB] counts calls, the units that AWS would bill, and bytes, so
// that a test can hold a page to its price:
//
//	db.Meter().Reset()
//	response, err := client.Get(server.URL + "/cart")
//	...
//	if got := db.Meter().Usage(); got.Calls != 1 || got.ReadUnits != 1 {
//		t.Errorf("the cart costs %+v", got)
//	}
//
// # Beyond tests
//
// A program starts a DynamoDB Local with [StartDynamoDB], a built function with
// [StartFunction], and serves it with [Gateway].
//
// # The room
//
// Start reading at dynamodb.go for the database and at gateway.go for the
// gateway: a request goes from there through httpapi.go, which makes the event,
// to the function and back through httpapi_answer.go. A further [Shape] is two
// such files. The package imports the standard library, the AWS SDK,
// aws-lambda-go and, for the schema of the sessions table, dynamostore.
package localtest
