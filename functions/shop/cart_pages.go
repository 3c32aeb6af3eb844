package main

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/lambdasession/lambdasession-go/functions/internal/ferrule"
	"github.com/lambdasession/lambdasession-go/lambdasession"
)

// A pricedLine is a line of the cart as its page shows it.
type pricedLine struct {
	Product  ferrule.Product
	Quantity int
	Sum      ferrule.Cents
}

// pricedCart is the cart at today's prices.
type pricedCart struct {
	Lines  []pricedLine
	Total  ferrule.Cents
	Unsold bool // something in it is no longer sold
}

// price looks the cart's lines up in the catalogue. What is no longer sold is
// shown without a price, so that it can be removed.
func price(c ferrule.Cart) pricedCart {
	var priced pricedCart
	for _, line := range c.Lines {
		product, ok := ferrule.FindProduct(line.SKU)
		if !ok {
			product = ferrule.Product{SKU: line.SKU, Name: "No longer sold"}
			priced.Unsold = true
		}
		sum := product.Price * ferrule.Cents(line.Quantity)
		priced.Lines = append(priced.Lines, pricedLine{product, line.Quantity, sum})
		priced.Total += sum
	}
	return priced
}

func (s *shop) showCart(w http.ResponseWriter, r *http.Request) {
	c, err := cart.Get(lambdasession.From(r.Context()))
	if err != nil {
		s.sessions.WriteError(w, r, err)
		return
	}
	s.show(w, r, http.StatusOK, "cart.html", "Your cart", price(c))
}

func (s *shop) addToCart(w http.ResponseWriter, r *http.Request) {
	form, ok := parseCartForm(w, r)
	if !ok {
		return
	}
	before, err := cart.Get(lambdasession.From(r.Context()))
	if err != nil {
		s.sessions.WriteError(w, r, err)
		return
	}
	message := "%s: %d in your cart."
	if before.AddedBy(form.product.SKU, form.id) {
		message = "%s: your browser sent that twice, and it counts once. There are %d in your cart."
	}
	s.updateCart(w, r, form.product, message, func(c ferrule.Cart) (ferrule.Cart, error) {
		return c.Add(form.product.SKU, form.quantity, form.id)
	})
}

func (s *shop) changeQuantity(w http.ResponseWriter, r *http.Request) {
	form, ok := parseCartForm(w, r)
	if !ok {
		return
	}
	s.updateCart(w, r, form.product, "%s: %d in your cart.", func(c ferrule.Cart) (ferrule.Cart, error) {
		return c.Change(form.product.SKU, form.quantity)
	})
}

// updateCart changes the cart and goes to its page, which shows the message
// with the product's name and its quantity filled in. Change may run more than
// once: see [lambdasession.Field.Update].
func (s *shop) updateCart(
	w http.ResponseWriter, r *http.Request, product ferrule.Product, message string, change func(ferrule.Cart) (ferrule.Cart, error),
) {
	c, err := cart.Update(lambdasession.From(r.Context()), change)
	if quantity, ok := errors.AsType[ferrule.QuantityError](err); ok {
		refuseQuantity(w, fmt.Sprintf("That would make %d of “%s”.", int(quantity), product.Name))
		return
	}
	if err != nil {
		s.sessions.WriteError(w, r, err)
		return
	}
	s.redirect(w, r, "/cart", fmt.Sprintf(message, product.Name, c.Quantity(product.SKU)))
}

func (s *shop) removeFromCart(w http.ResponseWriter, r *http.Request) {
	if !parseForm(w, r) {
		return
	}
	// Not looked up in the catalogue: what is no longer sold can be removed.
	sku := r.PostForm.Get("sku")
	session := lambdasession.From(r.Context())
	if _, err := cart.Update(session, func(c ferrule.Cart) (ferrule.Cart, error) { return c.Remove(sku), nil }); err != nil {
		s.sessions.WriteError(w, r, err)
		return
	}
	s.redirect(w, r, "/cart", "Removed from your cart.")
}

// redirect ends a POST: the next page says message once.
func (s *shop) redirect(w http.ResponseWriter, r *http.Request, to, message string) {
	if err := flash.Set(lambdasession.From(r.Context()), message); err != nil {
		s.sessions.WriteError(w, r, err)
		return
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}
