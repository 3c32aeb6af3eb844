// Package stores runs the contract of package store on every store of this
// repository, and on a sealed store around each, and prints one table of them
// (make test shows it at its end). Start with stores_test.go; servers_test.go
// starts what they keep their sessions in.
package stores
