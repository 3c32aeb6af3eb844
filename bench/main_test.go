package bench

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain is the function of [BenchmarkEmulator] where the program is started
// as one. Else it fails the package if a goroutine outlives its tests. The one that
// scs.New starts for the store that it makes cannot be ended by anybody.
func TestMain(m *testing.M) {
	if isEmulated() {
		emulated()
	}
	goleak.VerifyTestMain(m, goleak.IgnoreTopFunction("github.com/alexedwards/scs/v2/memstore.(*MemStore).startCleanup"))
}
