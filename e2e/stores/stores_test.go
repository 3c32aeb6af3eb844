package stores

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/lambdasession/lambdasession-go/sealedstore"
	"github.com/lambdasession/lambdasession-go/store"
	"github.com/lambdasession/lambdasession-go/store/storetest"
)

// tableVariable names a file to write the table to, for those who would not see
// what a test prints that passes.
const tableVariable = "STORES_TABLE"

// TestEveryStoreKeepsTheContract runs one store after the other, so that the
// times in the table can be compared.
func TestEveryStoreKeepsTheContract(t *testing.T) { //nolint:paralleltest // see above
	var runs []*run
	for _, kind := range kinds {
		plain := &run{name: kind.name}
		around := &run{name: "sealedstore around " + kind.name}
		runs = append(runs, plain, around)
		t.Run(kind.name, func(t *testing.T) {
			open := kind.begin(t)
			t.Run("itself", func(t *testing.T) { plain.check(t, open) })
			t.Run("with a sealed store around it", func(t *testing.T) {
				around.check(t, func(t *testing.T) store.Store { return sealed(t, open(t)) })
			})
		})
	}
	table := render(runs)
	fmt.Fprint(t.Output(), "\n"+table)
	if file := os.Getenv(tableVariable); file != "" {
		if err := os.WriteFile(file, []byte(table), 0o600); err != nil {
			t.Error(err)
		}
	}
}

// A run is the contract on one store.
type run struct {
	name   string
	passed bool
	took   time.Duration

	mu      sync.Mutex
	clauses map[string]bool // the names of those that were run; guarded by mu
}

// check runs the contract on the stores that open makes. The suite opens one for
// each of its sub-tests, by whose names the clauses are counted.
func (r *run) check(t *testing.T, open func(*testing.T) store.Store) {
	began := time.Now()
	r.clauses = map[string]bool{}
	storetest.Run(t, func(t *testing.T) store.Store {
		r.note(t.Name())
		return open(t)
	})
	r.took, r.passed = time.Since(began), !t.Failed()
}

// note takes down a clause, if the sub-test is one: contract/group/sentence.
func (r *run) note(test string) {
	_, clause, _ := strings.Cut(test, "/contract/")
	if strings.Contains(clause, "/") {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.clauses[clause] = true
	}
}

// render makes the table. A clause does not apply to a store if it was run on
// another one alone: some are for stores that keep the state, some for those
// whose keys hold it, some for those that list a user's devices.
func render(runs []*run) string {
	all := map[string]bool{}
	for _, r := range runs {
		for clause := range r.clauses {
			all[clause] = true
		}
	}
	var b bytes.Buffer
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "store\tclauses that hold\tthat do not apply\ttime")
	for _, r := range runs {
		holds := fmt.Sprint(len(r.clauses))
		switch {
		case r.clauses == nil:
			holds = "not run"
		case !r.passed:
			holds = "FAILED"
		}
		fmt.Fprintf(w, "%s\t%s\t%d\t%.1f s\n", r.name, holds, len(all)-len(r.clauses), r.took.Seconds())
	}
	_ = w.Flush() // to a buffer
	return b.String()
}

// sealed is a sealed store around another one, with a key that all of a test
// binary's have.
func sealed(t *testing.T, inner store.Store) store.Store {
	t.Helper()
	return must(sealedstore.New(inner, sealedstore.Config{Keys: [][]byte{key()}}))(t)
}

// key is the 32 bytes that seal what the tests store.
var key = sync.OnceValue(func() []byte {
	b := make([]byte, 32)
	rand.Read(b) // never fails: it crashes the program instead
	return b
})

// must returns what a constructor made, or ends the test.
func must[T any](v T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}
