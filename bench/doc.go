// Package bench measures what a session costs: in time and allocations on top
// of a bare handler, beside another session library, and in DynamoDB calls and
// capacity units over a whole visit. It holds tests and benchmarks alone.
//
// Run make bench, which prints two tables. Start with httpapi_test.go for the
// first and visit_test.go for the second.
//
// It is a module of its own so that what it compares with stays out of the
// library's.
package bench
