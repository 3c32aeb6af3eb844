// Package permissions compares what a function asks of DynamoDB, all through the
// tests of its package, with what its role in template.yaml allows. It is for
// tests alone.
//
// Each function's tests have one [Recorder]: its Client goes into their stores, and
// its Check into TestMain. Package e2e/deploy says the rest of roles: there the
// built functions run under them.
package permissions
