package template

import "strconv"

// Service is what hands HTTP requests to a function.
type Service uint8

const (
	// HTTPAPI is an HTTP API with payload format version 2.0.
	HTTPAPI Service = iota + 1

	// HTTPAPI1 is an HTTP API with payload format version 1.0.
	HTTPAPI1

	// REST is a REST API.
	REST

	// RESTStreaming is a REST API that passes on an answer while it is being
	// written: ResponseTransferMode RESPONSE_STREAM.
	RESTStreaming

	// FunctionURL is a function URL with InvokeMode BUFFERED.
	FunctionURL

	// FunctionURLStreaming is a function URL with InvokeMode RESPONSE_STREAM.
	FunctionURLStreaming
)

var services = [...]string{
	HTTPAPI:              "HTTP API",
	HTTPAPI1:             "HTTP API, payload 1.0",
	REST:                 "REST API",
	RESTStreaming:        "REST API, streaming",
	FunctionURL:          "function URL",
	FunctionURLStreaming: "function URL, streaming",
}

// String is the service's name, for people.
func (s Service) String() string {
	if int(s) < len(services) && services[s] != "" {
		return services[s]
	}
	return "Service(" + strconv.Itoa(int(s)) + ")"
}

// IsFunctionURL reports whether the service is a function URL, which has no
// routes: all requests go to its function.
func (s Service) IsFunctionURL() bool { return s == FunctionURL || s == FunctionURLStreaming }

// IsREST reports whether the service is a REST API.
func (s Service) IsREST() bool { return s == REST || s == RESTStreaming }

// Route is what requests of an API go to a function, or its function URL.
//
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
type Route struct {
	Service Service
	API     string // the API's name in the template, such as ServerlessHttpApi; empty for a function URL
	Stage   string // the API's, such as Prod; empty for a function URL
	Method  string // upper case, or ANY; empty for $default and for a function URL
	Path    string // such as /orders/{id} or /{proxy+}; empty for $default, which takes what no other route does, and for a function URL
	Line    int    // in the template, counted from 1
}

// Key is the route as API Gateway writes it: "GET /orders/{id}", "$default".
// Function URLs say "$default" too.
func (r Route) Key() string {
	if r.Path == "" {
		return "$default"
	}
	return r.Method + " " + r.Path
}
