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
// browser. The handler gets the events that the service of that [Shape] makes,
// through JSON and within its limits and Lambda's, and the client what the service
// makes of its answers:
//
//	server := localtest.Serve(t, localtest.HTTPAPI, lambdasession.Wrap(sessions, handle))
//	client := server.Client()
//	client.Jar, _ = cookiejar.New(nil) // a visitor
//	response, err := client.Get(server.URL + "/cart")
//
// The shapes and the types of handlers that fit them:
//
//	HTTPAPI               APIGatewayV2HTTPRequest   APIGatewayV2HTTPResponse
//	HTTPAPI1, REST        APIGatewayProxyRequest    APIGatewayProxyResponse
//	RESTStreaming         APIGatewayProxyRequest    *APIGatewayProxyStreamingResponse
//	ALB, ALBMultiValue    ALBTargetGroupRequest     ALBTargetGroupResponse
//	FunctionURL           LambdaFunctionURLRequest  LambdaFunctionURLResponse
//	FunctionURLStreaming  LambdaFunctionURLRequest  *LambdaFunctionURLStreamingResponse
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
// # What goes wrong
//
// [DB.Faults] puts a proxy between a client and the database, so that a test can
// have connections reset, answers lost after a write was applied, black holes,
// throttling, conflicts of transactions, stale reads and more: by operation, by
// count or by chance. See [Fault].
//
//	faults := db.Faults(t)
//	sessions, err := dynamostore.New(faults.Client, dynamostore.Config{Table: db.Table()})
//	...
//	faults.Inject(localtest.Fault{Kind: localtest.Throttling, Operations: []string{"UpdateItem"}, Times: 2})
//
// # Beyond tests
//
// A program starts a DynamoDB Local with [StartDynamoDB], a Redis with [StartRedis],
// a built function with
// [StartFunction], and serves it with [Gateway]. [StartMeterProxy] measures the
// calls that the function makes, and tells which invocation made them. For a
// debugger, [InProcess] keeps the handler in the program.
//
// # The room
//
// Start reading at dynamodb.go for the database and at gateway.go for the
// gateway: a request goes from there through httpapi.go, which makes the event,
// to the function and back through httpapi_answer.go; a streamed answer comes back
// through gateway_stream.go. An invocation goes from function.go through
// function_environment.go, which has a process, to runtime.go, to which that
// speaks. A further [Shape] is two such files and a line in
// shape.go. What the shapes share is in event_header.go, event_body.go and
// answer.go. The package imports the standard library, the AWS SDK,
// aws-lambda-go and, for the schema of the sessions table, dynamostore.
package localtest
