package seal_test

import (
	"bytes"
	"testing"
)

// How long something takes is no matter for a test; how often memory is asked
// for tells whether the same steps are taken. It is counted for the whole
// process, so this test runs alone.
func TestOpenTakesTheSameStepsWhateverIsWrong(t *testing.T) { //nolint:paralleltest // see above
	plaintext, ad := bytes.Repeat([]byte("p"), 300), []byte("ad")
	s := sealer(t, purpose, "a", "b", "c")
	genuine := s.Seal(nil, plaintext, ad)
	flipped := func(i int) []byte {
		sealed := bytes.Clone(genuine)
		sealed[i] ^= 1
		return sealed
	}
	steps := func(sealed, ad []byte) float64 {
		return testing.AllocsPerRun(100, func() { _, _ = s.Open(sealed, ad) })
	}
	want := steps(flipped(0), ad)
	for what, got := range map[string]float64{
		"the nonce's end is wrong":          steps(flipped(20), ad),
		"the first byte is wrong":           steps(flipped(24), ad),
		"the tag is wrong":                  steps(flipped(len(genuine)-1), ad),
		"the associated data is wrong":      steps(genuine, []byte("ae")),
		"the key is wrong":                  steps(sealer(t, purpose, "x").Seal(nil, plaintext, ad), ad),
		"the purpose is wrong":              steps(sealer(t, "another", "a").Seal(nil, plaintext, ad), ad),
		"nothing is wrong":                  steps(genuine, ad),
		"it was sealed with the second key": steps(sealer(t, purpose, "b").Seal(nil, plaintext, ad), ad),
		"it was sealed with the last key":   steps(sealer(t, purpose, "c").Seal(nil, plaintext, ad), ad),
	} {
		if got != want {
			t.Errorf("where %s: %v allocations, and %v where the nonce is", what, got, want)
		}
	}
}
