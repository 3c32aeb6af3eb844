// Package composition shows how sessions go together with the routers and
// adapters that people use on Lambda: each combination is an example that is
// compiled, and run behind the gateway it is for.
//
// Start reading at adapters_test.go. The rule of thumb: where an adapter makes
// requests of events, put lambdasession.Wrap around the adapter; where there
// are no events, or lambdaurl makes the requests, put Manager.Handler around
// the router.
package composition
