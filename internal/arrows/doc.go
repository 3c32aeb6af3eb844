// Package arrows keeps the project's layering: which room may import which,
// what may come in from outside, and what may stand in the root's go.mod. It
// holds tests alone.
//
// Start with rooms_test.go: the table there is the rule, for people and for
// the test that holds every package to it.
package arrows
