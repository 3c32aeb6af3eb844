package bench

import "testing"

// BenchmarkHTTPAPI is a request of an HTTP API with a session's cookie. The
// goals: a session that is never used adds less than 1 µs and at most 4
// allocations to the bare handler; reading a field adds less than 5 µs to what
// the store takes.
func BenchmarkHTTPAPI(b *testing.B) {
	plain := newVisitor(b)
	signed := newVisitor(b, hmacKey)

	b.Run("session never used", func(b *testing.B) {
		b.Run("bare handler", func(b *testing.B) { measure(b, plain.bare(b, bare)) })
		b.Run("wrapped", func(b *testing.B) { measure(b, plain.wrapped(b, bare)) })
		b.Run("wrapped, signed cookie", func(b *testing.B) { measure(b, signed.wrapped(b, bare)) })
	})
	b.Run("a field read", func(b *testing.B) {
		b.Run("Load of memstore alone", func(b *testing.B) { measure(b, plain.load(b)) })
		b.Run("wrapped", func(b *testing.B) { measure(b, plain.wrapped(b, with(readCart))) })
		b.Run("wrapped, signed cookie", func(b *testing.B) { measure(b, signed.wrapped(b, with(readCart))) })
	})
	b.Run("a field set", func(b *testing.B) {
		b.Run("Update of memstore alone", func(b *testing.B) { measure(b, plain.update(b)) })
		b.Run("wrapped", func(b *testing.B) { measure(b, plain.wrapped(b, with(setTheme))) })
		b.Run("wrapped, signed cookie", func(b *testing.B) { measure(b, signed.wrapped(b, with(setTheme))) })
	})
}

func TestASessionThatIsNeverUsedAddsAtMostFourAllocations(t *testing.T) { //nolint:paralleltest // AllocsPerRun counts everybody's
	for cookie, v := range map[string]*visitor{"plain": newVisitor(t), "signed": newVisitor(t, hmacKey)} {
		without := testing.AllocsPerRun(1000, v.bare(t, bare))
		with := testing.AllocsPerRun(1000, v.wrapped(t, bare))
		if added := with - without; added > 4 {
			t.Errorf("with a %s cookie: %v allocations beyond the %v of the bare handler, want at most 4", cookie, added, without)
		}
	}
}

func measure(b *testing.B, once func()) {
	b.Helper()
	b.ReportAllocs()
	for b.Loop() {
		once()
	}
}
