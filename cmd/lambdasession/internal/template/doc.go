// Package template reads the part of a SAM template that a laptop can stand in
// for: Go functions with their HTTP API routes, and DynamoDB tables.
//
// Start with [Read]. What it finds and cannot honour is a [Note] with its line,
// so that nobody wonders why the cloud behaves differently; what would make it
// guess is an error with its line.
//
// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification.html
package template
