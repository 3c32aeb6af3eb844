// Package redistest gives the tests of redisstore real servers: one, a cluster
// of three, one with TLS and an ACL, one with little memory; and a connection
// to one that fails as told. Each ends with its test, or with the test binary,
// however that ends.
//
// It takes the redis-server that the environment variable REDIS_SERVER names,
// else the first redis-server in PATH; Valkey's will do as well. If there is
// none, tests fail and say what to install.
//
// Start with [Start] and [StartCluster]; program.go says how a server is kept.
package redistest
