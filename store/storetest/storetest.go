package storetest

import (
	"errors"
	"slices"
	"testing"

	"github.com/lambdasession/lambdasession-go/store"
)

// Run checks every clause of the contract on the stores that open makes.
//
// Run calls open once for each sub-test, with that sub-test's own t; sub-tests
// run at once. The store must take the time from [Now] of that same t. It need
// not be empty: the suite uses subjects and keys that nobody else has, so all
// of them may share one table. Everything has ended when Run returns.
//
// The clauses of store.Subjects are checked if the store implements it and
// does not answer Devices with store.ErrUnsupported. A store whose keys hold the
// state, by store.KeyFormOf, is held to what the contract says of such a store,
// and to that of all.
func Run(t *testing.T, open func(t *testing.T) store.Store) {
	t.Helper()
	// Without the suite's clock most clauses would fail, none with the reason.
	if !t.Run("the store goes by storetest.Now", func(t *testing.T) { checkClock(newTrial(t, open)) }) {
		return
	}
	// One sub-test around all, since parallel ones go on after their parent's
	// function has returned.
	t.Run("contract", func(t *testing.T) {
		for _, g := range groups() {
			t.Run(g.name, func(t *testing.T) {
				t.Parallel()
				clauses := g.of(newTrial(t, open))
				if len(clauses) == 0 {
					t.Log("this store does not have it")
				}
				for _, c := range clauses {
					t.Run(c.sentence, func(t *testing.T) {
						t.Parallel()
						c.check(newTrial(t, open))
					})
				}
			})
		}
	})
}

// A clause is one sentence of the contract and the check that holds a store
// to it.
type clause struct {
	sentence string
	check    func(*trial)
}

// A group is the clauses on one topic.
type group struct {
	name    string
	clauses []clause          // on any store
	kept    []clause          // on a store that keeps the state
	carried []clause          // on a store whose state travels with the key
	applies func(*trial) bool // whether any of them apply to the store; nil if they do
}

// of returns the clauses that apply to the trial's store.
func (g group) of(x *trial) []clause {
	switch {
	case g.applies != nil && !g.applies(x):
		return nil
	case x.carries():
		return slices.Concat(g.clauses, g.carried)
	default:
		return slices.Concat(g.clauses, g.kept)
	}
}

// groups is the one place that says what is checked on which store.
func groups() []group {
	return []group{
		{name: "Load", clauses: loadClauses()},
		{name: "values", clauses: valueClauses(), kept: keptValueClauses(), carried: carriedValueClauses()},
		{name: "keys", clauses: keyClauses(), carried: carriedKeyClauses()},
		{name: "Save", clauses: saveClauses(), kept: keptSaveClauses()},
		{name: "Update", clauses: updateClauses(), kept: keptUpdateClauses(), carried: carriedUpdateClauses()},
		{name: "Expect", clauses: expectClauses()},
		{name: "UpdateTTL", clauses: updateTTLClauses(), kept: keptUpdateTTLClauses(), carried: carriedUpdateTTLClauses()},
		{name: "Rotate", clauses: rotateClauses(), kept: keptRotateClauses(), carried: carriedRotateClauses()},
		{name: "Delete", clauses: deleteClauses(), kept: keptDeleteClauses(), carried: carriedDeleteClauses()},
		{name: "mark", clauses: markClauses(), kept: keptMarkClauses()},
		{name: "arguments", clauses: argumentClauses()},
		{name: "sharing", clauses: sharingClauses()},
		{name: "at once", clauses: concurrentClauses(), kept: keptConcurrentClauses(), carried: carriedConcurrentClauses()},
		{name: "Devices", clauses: deviceClauses(), applies: listsDevices},
		{name: "Revoke", clauses: revokeClauses(), applies: listsDevices},
		{name: "RevokeAll", clauses: revokeAllClauses(), applies: listsDevices},
		{name: "revoking at once", clauses: concurrentRevokeClauses(), applies: listsDevices},
		{name: "any sequence", clauses: sequenceClauses()},
	}
}

// listsDevices reports whether the store has the Subjects capability.
func listsDevices(x *trial) bool {
	if x.subjects == nil {
		return false
	}
	_, err := x.subjects.Devices(x.Context(), newSubject())
	return !errors.Is(err, store.ErrUnsupported)
}
