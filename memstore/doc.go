// Package memstore keeps sessions in the memory of one process: for tests,
// for demonstrations, and for a laptop without DynamoDB Local.
//
// It is not for production on AWS Lambda. Lambda runs a function in many
// environments at once and ends each when it likes; a session kept here is
// unknown to every other environment and gone with its own.
//
// It keeps the whole contract of package store, [store.Subjects] included, on
// a map and a mutex, and can be read as that contract in executable form.
// Start with memstore.go; session.go says what a key names at a given moment.
package memstore
