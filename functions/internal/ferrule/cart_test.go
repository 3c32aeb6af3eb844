package ferrule

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestCart(t *testing.T) {
	t.Parallel()

	full := Cart{Lines: []Line{{SKU: "ruler", Quantity: 2, Form: "a"}, {SKU: "mug", Quantity: 98}}}
	for _, c := range []struct {
		what   string
		change func(Cart) (Cart, error)
		want   []Line
		err    error
	}{
		{
			"a new product goes to the end",
			func(c Cart) (Cart, error) { return c.Add("lamp", 3, "b") },
			[]Line{{SKU: "ruler", Quantity: 2, Form: "a"}, {SKU: "mug", Quantity: 98}, {SKU: "lamp", Quantity: 3, Form: "b"}},
			nil,
		},
		{
			"more of the same is added up where it stands",
			func(c Cart) (Cart, error) { return c.Add("ruler", 5, "b") },
			[]Line{{SKU: "ruler", Quantity: 7, Form: "b"}, {SKU: "mug", Quantity: 98}},
			nil,
		},
		{
			"the last that fits is added",
			func(c Cart) (Cart, error) { return c.Add("mug", 1, "b") },
			[]Line{{SKU: "ruler", Quantity: 2, Form: "a"}, {SKU: "mug", Quantity: 99, Form: "b"}},
			nil,
		},
		{
			"one more than fits is refused",
			func(c Cart) (Cart, error) { return c.Add("mug", 2, "b") },
			nil, QuantityError(100),
		},
		{
			"a form that was posted before adds nothing more",
			func(c Cart) (Cart, error) { return c.Add("ruler", 1, "a") },
			full.Lines, nil,
		},
		{
			"two posts without a form's name both add",
			func(c Cart) (Cart, error) { return c.Add("mug", 1, "") },
			[]Line{{SKU: "ruler", Quantity: 2, Form: "a"}, {SKU: "mug", Quantity: 99}},
			nil,
		},
		{
			"the same form may add another product",
			func(c Cart) (Cart, error) { return c.Add("lamp", 1, "a") },
			[]Line{{SKU: "ruler", Quantity: 2, Form: "a"}, {SKU: "mug", Quantity: 98}, {SKU: "lamp", Quantity: 1, Form: "a"}},
			nil,
		},
		{
			"a quantity is replaced",
			func(c Cart) (Cart, error) { return c.Change("ruler", 9) },
			[]Line{{SKU: "ruler", Quantity: 9, Form: "a"}, {SKU: "mug", Quantity: 98}},
			nil,
		},
		{
			"the quantity of what is not in the cart changes nothing",
			func(c Cart) (Cart, error) { return c.Change("lamp", 9) },
			full.Lines, nil,
		},
		{
			"no quantity below one",
			func(c Cart) (Cart, error) { return c.Change("ruler", 0) },
			nil, QuantityError(0),
		},
		{
			"no negative quantity",
			func(c Cart) (Cart, error) { return c.Change("ruler", -1) },
			nil, QuantityError(-1),
		},
		{
			"no thousand of anything",
			func(c Cart) (Cart, error) { return c.Change("ruler", 1000) },
			nil, QuantityError(1000),
		},
		{
			"what is removed is gone",
			func(c Cart) (Cart, error) { return c.Remove("ruler"), nil },
			[]Line{{SKU: "mug", Quantity: 98}},
			nil,
		},
		{
			"what was removed before can be removed again",
			func(c Cart) (Cart, error) { return c.Remove("lamp"), nil },
			full.Lines, nil,
		},
	} {
		t.Run(c.what, func(t *testing.T) {
			t.Parallel()
			before := Cart{Lines: append(make([]Line, 0, 8), full.Lines...)}
			after, err := c.change(before)
			if !errors.Is(err, c.err) {
				t.Fatalf("error %v, want %v", err, c.err)
			}
			if diff := cmp.Diff(full, before); diff != "" {
				t.Errorf("the cart it began with changed (-before +after):\n%s", diff)
			}
			if err != nil {
				return
			}
			if diff := cmp.Diff(c.want, after.Lines); diff != "" {
				t.Errorf("lines (-want +got):\n%s", diff)
			}
		})
	}
}

func TestItemsAreCountedOverAllLines(t *testing.T) {
	t.Parallel()
	if n := (Cart{}).Items(); n != 0 {
		t.Errorf("an empty cart holds %d", n)
	}
	if n := (Cart{Lines: []Line{{SKU: "ruler", Quantity: 2}, {SKU: "mug", Quantity: 5}}}).Items(); n != 7 {
		t.Errorf("2 rulers and 5 mugs are %d things, want 7", n)
	}
}
