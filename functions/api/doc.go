// Command api is the shop's cart as JSON: a function on the event of an HTTP API,
// with no framework and no adapter.
//
//	GET    /api/cart         the cart
//	POST   /api/cart         adds {"sku": "brass-ruler", "quantity": 2}
//	DELETE /api/cart/{sku}   removes a product
//
// It answers on the shop's own address and keeps the shop's own sessions: what a
// page's script puts into the cart is there when the page is next rendered. See
// assets/cart.js of the shop, which calls it.
//
// Start with handler.go, which is the whole API.
package main
