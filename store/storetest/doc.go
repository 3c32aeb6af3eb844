// Package storetest is the contract of package store as a test suite. Whoever
// writes a store runs it:
//
//	func TestContract(t *testing.T) {
//		storetest.Run(t, func(t *testing.T) store.Store {
//			s := mystore.New(...)
//			s.Now = storetest.Now(t)
//			return s
//		})
//	}
//
// Every sub-test is one clause of the contract and is named by it, so that
// go test -v prints the contract. What a suite cannot bring about from outside
// is left to a store's own tests: stored bytes that are no session, a database
// that does not answer, and where exactly a session becomes too large.
//
// Start with [Run]. The clauses stand in one file a topic; trial.go has the
// words they are written in, and machine.go plays random sequences of
// operations against the model in model.go (its flags are those of
// pgregory.net/rapid, such as -rapid.checks).
package storetest
