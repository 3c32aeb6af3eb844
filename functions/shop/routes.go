package main

import (
	"net/http"

	"github.com/lambdasession/lambdasession-go/functions/internal/ferrule"
	"github.com/lambdasession/lambdasession-go/lambdasession"
)

// What a session of the shop holds.
var (
	cart    = ferrule.CartField
	address = lambdasession.NewField[ferrule.Address]("address") // where orders go, as typed so far
	order   = lambdasession.NewField[ferrule.Order]("order")     // the last one
	flash   = lambdasession.NewField[string]("flash")            // what the next page says once
)

// A shop answers the requests for its pages.
type shop struct {
	sessions *lambdasession.Manager
}

// newShop lists every page. What changes something is a POST that redirects to
// a GET, so that reloading a page never does anything twice.
func newShop(sessions *lambdasession.Manager) http.Handler {
	s := &shop{sessions: sessions}
	mux := http.NewServeMux()

	mux.HandleFunc("GET /{$}", s.showCatalogue)
	mux.HandleFunc("GET /products/{sku}", s.showProduct)

	mux.HandleFunc("GET /cart", s.showCart)
	mux.HandleFunc("POST /cart/add", s.addToCart)
	mux.HandleFunc("POST /cart/change", s.changeQuantity)
	mux.HandleFunc("POST /cart/remove", s.removeFromCart)

	mux.HandleFunc("GET /checkout", s.showCheckout)
	mux.HandleFunc("POST /checkout", s.placeOrder)
	mux.HandleFunc("GET /orders/{number}", s.showOrder)

	mux.HandleFunc("GET /signin", s.showSignIn)
	mux.HandleFunc("POST /signin", s.signIn)
	mux.HandleFunc("POST /signout", s.signOut)
	mux.HandleFunc("GET /signed-out", s.showSignedOut)

	mux.HandleFunc("GET /account", s.showAccount)
	mux.HandleFunc("POST /account/signout", s.signOutDevice)
	mux.HandleFunc("POST /account/signout-others", s.signOutOthers)
	mux.HandleFunc("POST /account/password", s.changePassword)

	mux.HandleFunc("GET /assets/{build}/{name}", serveAsset)
	mux.HandleFunc("/", notFound)

	return withLimits(withHeaders(mux))
}
