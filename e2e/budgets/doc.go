// Package budgets holds what requests cost in DynamoDB, counted by the meter
// through a manager, a store and DynamoDB Local: calls, and the units and bytes
// of them. Each test is a row of a price list; a change that makes one dearer
// fails here. Start with request_test.go.
package budgets
