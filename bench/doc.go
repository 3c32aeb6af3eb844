// Package bench measures what a session costs: in time and allocations on top
// of a bare handler, beside another session library, and in DynamoDB calls and
// capacity units over a whole visit. It holds tests and benchmarks alone.
//
// Run make bench, which prints a table for each. Start with httpapi_test.go for
// the times and visit_test.go for the visit. What a month of such visits costs
// is in folder cost; what a new environment takes, with the library and without,
// in folder coldstart.
//
// It is a module of its own so that what it compares with stays out of the
// library's.
package bench
