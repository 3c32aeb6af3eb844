package lambdasession_test

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain fails the package if a goroutine outlives its tests: none may
// outlive its invocation (L4).
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
