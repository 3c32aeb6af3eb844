package ferrule

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestACartThatWasOrderedIsEmptyAndKnowsByWhichForm(t *testing.T) {
	t.Parallel()
	full, err := Cart{}.Add("brass-ruler", 2, "a")
	if err != nil {
		t.Fatal(err)
	}
	ordered := full.Order("f")
	if diff := cmp.Diff(Cart{Ordered: "f"}, ordered); diff != "" {
		t.Error(diff)
	}
	filled, err := ordered.Add("pen-tray", 1, "b")
	if err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]Cart{"right after it": ordered, "filled anew": filled, "after removing that": filled.Remove("pen-tray")} {
		if !c.OrderedBy("f") || c.OrderedBy("g") {
			t.Errorf("%s it was ordered by %q, want f", what, c.Ordered)
		}
	}
	if (Cart{}).OrderedBy("") {
		t.Error("a cart that nobody ordered was ordered by a form without a name")
	}
}

func TestAnOrdersNumberIsThatOfItsForm(t *testing.T) {
	t.Parallel()
	if one, again := OrderNumber("form"), OrderNumber("form"); one != again {
		t.Errorf("one form makes the orders %s and %s", one, again)
	}
	// FIPS 180-4's "abc": ba7816bf...
	if diff := cmp.Diff("BA78-16BF", OrderNumber("abc")); diff != "" {
		t.Error(diff)
	}
}
