package ferrule_test

import (
	"testing"

	"github.com/lambdasession/lambdasession-go/functions/internal/ferrule"
)

func TestCents(t *testing.T) {
	t.Parallel()
	for amount, want := range map[ferrule.Cents]string{
		0: "€0.00", 5: "€0.05", 90: "€0.90", 1250: "€12.50", 8900: "€89.00", 881100: "€8811.00",
	} {
		if got := amount.String(); got != want {
			t.Errorf("%d cents are %s, want %s", int(amount), got, want)
		}
	}
}
