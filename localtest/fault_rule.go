package localtest

import (
	"math/rand/v2"
	"slices"
)

// faultRule counts what a Fault has met.
type faultRule struct {
	Fault
	chance      *rand.Rand
	passed, met int
}

func newFaultRule(f Fault) *faultRule {
	f.Operations = slices.Clone(f.Operations)
	return &faultRule{Fault: f, chance: rand.New(rand.NewPCG(f.Seed, 0))}
}

// meets reports whether this request meets the fault.
func (r *faultRule) meets(q faultRequest) bool {
	possible := kinds[r.Kind].operations
	switch {
	case r.Operations != nil && !slices.Contains(r.Operations, q.operation),
		possible != nil && !slices.Contains(possible, q.operation),
		r.Kind == StaleRead && q.consistent,
		r.Times > 0 && r.met == r.Times:
		return false
	case r.passed < r.After:
		r.passed++
		return false
	case r.Probability > 0 && r.chance.Float64() >= r.Probability:
		return false
	}
	r.met++
	return true
}
