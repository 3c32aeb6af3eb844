package localtest

import (
	"bufio"
	"net/http"
	"strconv"
	"time"
)

// Shape is the form in which one AWS service hands HTTP requests to a function
// as events, and takes its answers.
type Shape uint8

const (
	// HTTPAPI is an HTTP API of API Gateway, with payload format version 2.0.
	HTTPAPI Shape = iota + 1

	// HTTPAPI1 is an HTTP API of API Gateway, with payload format version 1.0.
	HTTPAPI1

	// REST is a REST API of API Gateway with a Lambda proxy integration. It
	// passes on as text what is UTF-8, and everything else in base64, as if its
	// type were among the API's binary media types.
	REST

	// RESTStreaming is a REST API whose integration has the response transfer
	// mode STREAM.
	RESTStreaming

	// ALB is an Application Load Balancer with a function as its target. Events
	// and answers have one value for each header.
	ALB

	// ALBMultiValue is an Application Load Balancer whose target group has
	// lambda.multi_value_headers.enabled: headers are lists of values.
	ALBMultiValue

	// FunctionURL is a function URL with the invoke mode BUFFERED.
	FunctionURL

	// FunctionURLStreaming is a function URL with the invoke mode
	// RESPONSE_STREAM.
	FunctionURLStreaming
)

var shapes = map[Shape]struct {
	name   string
	format format
}{
	HTTPAPI:              {"HTTPAPI", httpAPI{}},
	HTTPAPI1:             {"HTTPAPI1", httpAPI1{}},
	REST:                 {"REST", rest{}},
	RESTStreaming:        {"RESTStreaming", restStreaming{}},
	ALB:                  {"ALB", alb{}},
	ALBMultiValue:        {"ALBMultiValue", alb{multiValue: true}},
	FunctionURL:          {"FunctionURL", functionURL{}},
	FunctionURLStreaming: {"FunctionURLStreaming", functionURLStreaming{}},
}

// String returns the name of the constant.
func (s Shape) String() string {
	if shape, ok := shapes[s]; ok {
		return shape.name
	}
	return "Shape(" + strconv.Itoa(int(s)) + ")"
}

func (s Shape) format() format {
	shape, ok := shapes[s]
	if !ok {
		panic("localtest: there is no such Shape; use one of the package's constants")
	}
	return shape.format
}

// format is what a Shape stands for: its events, answers and limits.
type format interface {
	// event returns what the function is handed, to be encoded as JSON.
	event(gatewayRequest) any

	// answer reads what the function answered. The error says why it is none.
	answer(payload []byte) (gatewayReply, error)

	// failed is the reply to a request for which there is no answer.
	failed(trouble) gatewayReply

	// stamp adds what the service itself puts into the header of every reply.
	stamp(http.Header, gatewayRequest)

	limits() limits
}

// streamFormat is a format whose answers are streams: [format]'s answer is not
// called.
type streamFormat interface {
	format

	// begin reads what comes before the body of an answer, which is of a content
	// type. The reply has no body: it is what is left to read.
	begin(contentType string, answer *bufio.Reader) (gatewayReply, error)
}

// gatewayRequest is a request with all that a gateway knows of it.
type gatewayRequest struct {
	*http.Request
	body       []byte
	route      Route
	id         string // of the request, as API Gateway makes them
	invocation string // a UUID, as Lambda makes them
	time       time.Time
}

// gatewayReply is a reply to the client.
type gatewayReply struct {
	status int
	header http.Header
	body   []byte
}

// trouble is why a request got no answer from its function.
type trouble int

const (
	tooLarge       trouble = iota + 1 // the request's body
	headerTooLarge                    // the request's line and header
	brokenOff                         // the client went in the middle of the request
	noAnswer                          // the function failed, or its answer is none
	noTime                            // the function did not answer in time
)

// limits are those of a service, together with Lambda's own.
type limits struct {
	headerBytes int           // of the request's line and the values of its header; 0 if AWS documents none
	bodyBytes   int64         // of the request's body
	answerBytes int           // of the function's answer, if that is no stream
	timeout     time.Duration // for the function to answer
}

// Lambda's limits for an event, for an answer and for one that is streamed, and
// the longest that a function may take. That an answer may have 100 bytes more is
// what Lambda's own messages say.
// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
const (
	lambdaEventBytes  = 6 << 20
	lambdaAnswerBytes = lambdaEventBytes + 100
	lambdaStreamBytes = 200 << 20
	lambdaTimeout     = 15 * time.Minute
)
