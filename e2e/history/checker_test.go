package history

import (
	"slices"
	"testing"

	"github.com/anishathalye/porcupine"
)

// at is an operation between two moments.
func at(call, answer int64, in input, out output) porcupine.Operation {
	if in.kind == signIn || in.kind == forbid {
		in.earliest, in.latest = call, call+1
	}
	if in.kind == forbid {
		in.latest = answer
	}
	return porcupine.Operation{Input: in, Output: out, Call: call, Return: answer}
}

// What no store may do, the checker must see; what happens at once may come in
// either order.
func TestTheChecker(t *testing.T) {
	t.Parallel()
	signedIn := []porcupine.Operation{at(0, 9, input{kind: signIn, value: 1}, output{key: "k"})}
	saw := func(n, v int) output { return output{live: true, signedIn: true, counter: n, register: v} }
	for _, c := range []struct {
		name    string
		history []porcupine.Operation
		want    bool
	}{
		{"takes additions at once, in either order", []porcupine.Operation{
			at(10, 19, input{kind: add, key: "k"}, output{counter: 1}),
			at(10, 19, input{kind: add, key: "k"}, output{counter: 0}),
			at(20, 29, input{kind: read, key: "k"}, saw(2, 1)),
		}, true},
		{"sees an addition that was lost", []porcupine.Operation{
			at(10, 19, input{kind: add, key: "k"}, output{counter: 0}),
			at(10, 19, input{kind: add, key: "k"}, output{counter: 0}),
		}, false},
		{"sees a session that was half saved", []porcupine.Operation{
			at(10, 30, input{kind: both, key: "k", value: 2}, output{counter: 0}),
			at(11, 19, input{kind: read, key: "k"}, saw(1, 1)),
		}, false},
		{"sees a read of the past", []porcupine.Operation{
			at(10, 19, input{kind: set, key: "k", value: 2}, output{}),
			at(20, 29, input{kind: read, key: "k"}, saw(0, 1)),
		}, false},
		{"sees a session that is alive after its sign-out", []porcupine.Operation{
			at(10, 19, input{kind: signOut, key: "k"}, output{live: true}),
			at(20, 29, input{kind: read, key: "k"}, saw(0, 1)),
		}, false},
		{"sees a write after the sign-out", []porcupine.Operation{
			at(10, 19, input{kind: signOut, key: "k"}, output{live: true}),
			at(15, 29, input{kind: set, key: "k", value: 2}, output{}),
			at(20, 29, input{kind: read, key: "k"}, saw(0, 2)),
		}, false},
		{"sees two keys of one session", []porcupine.Operation{
			at(10, 19, input{kind: renew, key: "k"}, output{key: "k1"}),
			at(10, 19, input{kind: renew, key: "k"}, output{key: "k2"}),
		}, false},
		{"sees a write that a renewal left behind", []porcupine.Operation{
			at(10, 19, input{kind: renew, key: "k"}, output{key: "k1"}),
			at(10, 19, input{kind: set, key: "k", value: 2}, output{}),
			at(20, 29, input{kind: read, key: "k1"}, saw(0, 1)),
		}, false},
		{"takes a sign-out by the cookie from before the renewal", []porcupine.Operation{
			at(10, 19, input{kind: renew, key: "k"}, output{key: "k1"}),
			at(20, 29, input{kind: signOut, key: "k"}, output{live: true}),
			at(30, 39, input{kind: list}, output{}),
		}, true},
		{"sees a session that the list leaves out", []porcupine.Operation{
			at(10, 19, input{kind: list}, output{}),
		}, false},
		{"sees a refusal without a reason", []porcupine.Operation{
			at(10, 19, input{kind: set, key: "k", value: 2}, output{refused: true}),
		}, false},
		{"sees a session that is alive after a revocation of all", []porcupine.Operation{
			at(10, 19, input{kind: forbid, id: 'A'}, output{}),
			at(10, 19, input{kind: end, id: 'A'}, output{}),
			at(20, 29, input{kind: list}, output{live: true}),
		}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			wantCheck(t, c.want, slices.Concat(signedIn, c.history))
		})
	}
}

func TestTheCheckerOfSignInsDuringARevocationOfAll(t *testing.T) {
	t.Parallel()
	revocation := []porcupine.Operation{
		at(10, 19, input{kind: forbid, id: 'A'}, output{}),
		at(10, 19, input{kind: end, id: 'A'}, output{}),
	}
	alive := at(40, 49, input{kind: list}, output{live: true})
	for _, c := range []struct {
		name    string
		history []porcupine.Operation
		want    bool
	}{
		{"sees one that began before and lives", []porcupine.Operation{
			at(5, 30, input{kind: signIn}, output{key: "k"}), alive,
		}, false},
		{"takes one that began meanwhile and lives", []porcupine.Operation{
			at(15, 30, input{kind: signIn}, output{key: "k"}), alive,
		}, true},
		{"takes one that began before and is ended", []porcupine.Operation{
			at(5, 30, input{kind: signIn}, output{key: "k"}), at(40, 49, input{kind: list}, output{}),
		}, true},
		{"takes one that began before and is refused", []porcupine.Operation{
			at(5, 30, input{kind: signIn}, output{refused: true}),
		}, true},
		{"sees one that began afterwards and is refused", []porcupine.Operation{
			at(25, 30, input{kind: signIn}, output{refused: true}),
		}, false},
		{"takes one that is refused, and another that is ended by the same revocation", []porcupine.Operation{
			at(5, 13, input{kind: signIn}, output{refused: true}),
			at(14, 16, input{kind: signIn}, output{key: "k"}),
			at(40, 49, input{kind: list}, output{}),
		}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			wantCheck(t, c.want, slices.Concat(revocation, c.history))
		})
	}
}

func wantCheck(t *testing.T, want bool, history []porcupine.Operation) {
	t.Helper()
	if got := porcupine.CheckOperations(model, history); got != want {
		t.Errorf("linearizable: %v, want %v", got, want)
	}
}
