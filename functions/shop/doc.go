// Command shop is the sample application: a small shop, rendered on the
// server, that keeps its cart and its sign-in in a session.
//
// Start with main.go, then routes.go, which lists every page. The session itself
// is used in five places: page.go reads what the header shows, cart_pages.go
// updates the cart, checkout.go turns it into an order, signin.go signs in and
// out, account.go shows what the session says of itself. Everything else is an
// ordinary net/http program.
//
// Every page works without JavaScript. Where there is some, assets/cart.js adds
// to the cart without leaving the page, by the API of command api.
//
// What the environment sets is in the documentation of package internal/ferrule.
package main
