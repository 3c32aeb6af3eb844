package ferrule

import (
	"fmt"
	"slices"
)

// MaxQuantity is how many of one thing a cart holds.
const MaxQuantity = 99

// A Cart is what a visitor wants to have. Its methods return a new cart and
// leave the old one alone, since an Update may have to apply them again to
// another cart than the one it began with.
type Cart struct {
	Lines   []Line `json:"lines"`
	Ordered string `json:"ordered,omitempty"` // the form that ordered what was in it last
}

// A Line is a number of one product.
type Line struct {
	SKU      string `json:"sku"`
	Quantity int    `json:"quantity"`
	Form     string `json:"form,omitempty"` // the form that added to it last
}

// A QuantityError is a quantity that no line may have.
type QuantityError int

func (e QuantityError) Error() string {
	return fmt.Sprintf("quantity %d is not from 1 to %d", int(e), MaxQuantity)
}

// Add returns the cart with quantity more of a product, at the end if there
// were none. Form names the form that asked for it, or is empty: a form adds
// but once, however often a browser sends it. The error is a [QuantityError]
// carrying the sum.
func (c Cart) Add(sku string, quantity int, form string) (Cart, error) {
	if c.AddedBy(sku, form) {
		return c, nil
	}
	c.Lines = slices.Clone(c.Lines)
	i := c.index(sku)
	if i < 0 {
		i = len(c.Lines)
		c.Lines = append(c.Lines, Line{SKU: sku})
	}
	c.Lines[i].Quantity += quantity
	c.Lines[i].Form = form
	return c, CheckQuantity(c.Lines[i].Quantity)
}

// AddedBy reports whether it was that form which last added to the product.
func (c Cart) AddedBy(sku, form string) bool {
	i := c.index(sku)
	return i >= 0 && form != "" && c.Lines[i].Form == form
}

// Change returns the cart with that quantity of a product it holds already.
// One that it does not hold, as it was removed in another tab, stays out.
func (c Cart) Change(sku string, quantity int) (Cart, error) {
	if i := c.index(sku); i >= 0 {
		c.Lines = slices.Clone(c.Lines)
		c.Lines[i].Quantity = quantity
	}
	return c, CheckQuantity(quantity)
}

// Remove returns the cart without the product.
func (c Cart) Remove(sku string) Cart {
	c.Lines = slices.DeleteFunc(slices.Clone(c.Lines), func(l Line) bool { return l.SKU == sku })
	return c
}

// Quantity is how many of the product the cart holds.
func (c Cart) Quantity(sku string) int {
	if i := c.index(sku); i >= 0 {
		return c.Lines[i].Quantity
	}
	return 0
}

// Items is how many things the cart holds in all.
func (c Cart) Items() int {
	n := 0
	for _, l := range c.Lines {
		n += l.Quantity
	}
	return n
}

func (c Cart) index(sku string) int {
	return slices.IndexFunc(c.Lines, func(l Line) bool { return l.SKU == sku })
}

// CheckQuantity returns a [QuantityError] if no line may have that quantity.
func CheckQuantity(n int) error {
	if n < 1 || n > MaxQuantity {
		return QuantityError(n)
	}
	return nil
}
