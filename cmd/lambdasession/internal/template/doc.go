// Package template reads the part of a SAM template that a laptop can stand in
// for: Go functions with the routes of their HTTP and REST APIs and their function
// URLs, DynamoDB tables with their indexes, and the parameters and conditions that
// all of that hangs on.
//
// Start with [Read]: it declares what the template's names stand for (declare.go)
// and then reads each resource (function.go, event.go, table.go). Values go
// through scope.go, which resolves intrinsic functions. What it finds and cannot
// honour is a [Note] with its line, so that nobody wonders why the cloud behaves
// differently; what would make it guess is an error with its line.
//
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification.html
package template
