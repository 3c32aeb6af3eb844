package main

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/lambdasession/lambdasession-go/functions/internal/ferrule"
	"github.com/lambdasession/lambdasession-go/lambdasession"
)

// A checkout is what its page shows: what would be ordered, and where it goes.
type checkout struct {
	pricedCart
	Seen    string // what a visitor agrees to who places the order
	Fields  []addressField
	Mistake bool // the address is not complete
	Changed bool // the cart is not the one that the visitor has seen
}

func (s *shop) showCheckout(w http.ResponseWriter, r *http.Request) {
	subject, c, ok := s.shopper(w, r)
	switch {
	case !ok:
	case len(c.Lines) == 0:
		nothingToOrder(w)
	case subject == "":
		http.Redirect(w, r, "/signin?next=/checkout", http.StatusSeeOther)
	default:
		s.checkoutPage(w, r, http.StatusOK, checkout{})
	}
}

// placeOrder orders what the visitor has seen, and nothing else.
func (s *shop) placeOrder(w http.ResponseWriter, r *http.Request) {
	form, ok := parseOrderForm(w, r)
	if !ok {
		return
	}
	subject, c, ok := s.shopper(w, r)
	switch {
	case !ok:
		return
	case subject == "":
		sessionIsOver(w)
		return
	case c.OrderedBy(form.id):
		s.redirect(w, r, orderPath(form.id), "Your browser sent that order twice. It is one order.")
		return
	}
	// Saved whatever comes of the rest, so that nobody types it again.
	if err := address.Set(lambdasession.From(r.Context()), form.to); err != nil {
		s.sessions.WriteError(w, r, err)
		return
	}
	switch {
	case form.backToCart:
		http.Redirect(w, r, "/cart", http.StatusSeeOther)
	case len(c.Lines) == 0:
		nothingToOrder(w)
	case form.seen != agreed(subject, c):
		s.checkoutPage(w, r, http.StatusConflict, checkout{Changed: true})
	case !complete(form.to):
		s.checkoutPage(w, r, http.StatusUnprocessableEntity, checkout{Mistake: true})
	default:
		s.takeOrder(w, r, c, form)
	}
}

// errCartChanged ends an order whose cart another request changed at the same
// moment. The library then saves nothing at all, and answers so.
var errCartChanged = errors.New("the cart is not the one that was ordered")

// takeOrder empties the cart and keeps the order: one write, which fails if the
// cart is no longer this one. Where the same form came twice at once, the
// second finds the cart ordered by itself, and ends on the page of the first.
func (s *shop) takeOrder(w http.ResponseWriter, r *http.Request, seen ferrule.Cart, form orderForm) {
	session := lambdasession.From(r.Context())
	_, err := cart.Update(session, func(c ferrule.Cart) (ferrule.Cart, error) {
		switch {
		case c.OrderedBy(form.id):
			return c, nil
		case agreed("", c) != agreed("", seen):
			return c, errCartChanged
		default:
			return c.Order(form.id), nil
		}
	})
	if err == nil {
		err = order.Set(session, newOrder(price(seen), form))
	}
	if err != nil {
		s.sessions.WriteError(w, r, err)
		return
	}
	http.Redirect(w, r, orderPath(form.id), http.StatusSeeOther)
}

// shopper returns whose session it is and the cart, or answers why it cannot.
func (s *shop) shopper(w http.ResponseWriter, r *http.Request) (subject string, c ferrule.Cart, ok bool) {
	session := lambdasession.From(r.Context())
	subject, err := session.Subject()
	if err == nil {
		c, err = cart.Get(session)
	}
	if err != nil {
		s.sessions.WriteError(w, r, err)
	}
	return subject, c, err == nil
}

// checkoutPage shows the cart and the address as they are now. Note says what
// was wrong with the form, if one was posted.
func (s *shop) checkoutPage(w http.ResponseWriter, r *http.Request, status int, note checkout) {
	subject, c, ok := s.shopper(w, r)
	if !ok {
		return
	}
	to, err := address.Get(lambdasession.From(r.Context()))
	if err != nil {
		s.sessions.WriteError(w, r, err)
		return
	}
	note.pricedCart, note.Seen, note.Fields = price(c), agreed(subject, c), addressFields(to, note.Mistake)
	if note.Unsold {
		s.redirect(w, r, "/cart", "Nothing was ordered. Please remove what is no longer sold first.")
		return
	}
	s.show(w, r, status, "checkout.html", "Check out", note)
}

// agreed stands for all that somebody agrees to who orders the cart: who it is,
// what, how many, at which prices, and after which order. A form from before
// any of it changed is asked about again.
func agreed(subject string, c ferrule.Cart) string {
	var all strings.Builder
	fmt.Fprintf(&all, "%q %q", subject, c.Ordered)
	for _, line := range price(c).Lines {
		fmt.Fprintf(&all, " %q %d %d", line.Product.SKU, line.Quantity, line.Sum)
	}
	digest := sha256.Sum256([]byte(all.String()))
	return base64.RawURLEncoding.EncodeToString(digest[:12])
}

func newOrder(c pricedCart, form orderForm) ferrule.Order {
	o := ferrule.Order{
		Number: ferrule.OrderNumber(form.id),
		Placed: time.Now().UTC().Truncate(time.Second),
		To:     form.to,
		Total:  c.Total,
	}
	for _, line := range c.Lines {
		o.Lines = append(o.Lines, ferrule.OrderLine{Name: line.Product.Name, Quantity: line.Quantity, Sum: line.Sum})
	}
	return o
}

func orderPath(form string) string { return "/orders/" + ferrule.OrderNumber(form) }
