// Package front is the one port behind which all functions of a template are:
// it takes each HTTP request to the function whose route it is, as an event of
// the service that has that route.
//
// APIs are at the main host, at its root, without their stage, as if each had a
// domain name of its own. Function URLs have an origin each, as on AWS:
// shopfunction.localhost, which browsers and curl take for this machine.
//
// Start reading at front.go: a request goes from there through hosts.go, which
// knows the function URLs, or routes.go, which finds the most specific route, to
// the localtest.Gateway of its service.
package front
