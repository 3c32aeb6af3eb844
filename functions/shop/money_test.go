package main

import "testing"

func TestCents(t *testing.T) {
	t.Parallel()
	for amount, want := range map[Cents]string{
		0: "€0.00", 5: "€0.05", 90: "€0.90", 1250: "€12.50", 8900: "€89.00", 881100: "€8811.00",
	} {
		expect(t, "the amount", amount.String(), want)
	}
}
