package ferrule

import (
	"crypto/sha256"
	"fmt"
	"time"
)

// An Address is where an order goes, as it was typed.
type Address struct {
	Name   string `json:"name"`
	Street string `json:"street"`
	City   string `json:"city"`
}

// An Order is a cart as somebody has agreed to it, at the prices of that moment.
//
// The sample keeps the last one in the session, which is all that it knows of
// orders. A real shop writes it to a table of its own first, under the same
// number, with a condition that it is not there yet: then a form that is sent
// again after the session has ended still makes one order.
type Order struct {
	Number string      `json:"number"`
	Placed time.Time   `json:"placed"`
	To     Address     `json:"to"`
	Lines  []OrderLine `json:"lines"`
	Total  Cents       `json:"total"`
}

// An OrderLine is a number of one product at what they cost together.
type OrderLine struct {
	Name     string `json:"name"`
	Quantity int    `json:"quantity"`
	Sum      Cents  `json:"sum"`
}

// OrderNumber is the number of the order that a form makes: always the same,
// so that a form which arrives twice leads to one page.
func OrderNumber(form string) string {
	digest := sha256.Sum256([]byte(form))
	return fmt.Sprintf("%X-%X", digest[:2], digest[2:4])
}

// Order returns what is left of the cart when a form has ordered what is in it:
// nothing, and the form's name.
func (c Cart) Order(form string) Cart { return Cart{Ordered: form} }

// OrderedBy reports whether it was that form which last ordered the cart.
func (c Cart) OrderedBy(form string) bool { return form != "" && c.Ordered == form }
