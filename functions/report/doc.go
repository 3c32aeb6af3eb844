// Command report is a function behind a function URL that streams its answers:
// the orders of whoever is signed in, as a CSV file of any length.
//
//	GET  /              what there is, or the form to sign in
//	POST /signin        signs in
//	POST /signout       signs out
//	GET  /style.css     how the page looks
//	GET  /orders.csv    the orders; ?rows= says how many, up to a million
//
// The session is read before the first byte of the answer leaves, and saved: a
// stream cannot set cookies. A function URL is an origin of its own, so a visitor
// signs in here apart from the shop; but both keep their sessions in one table,
// and "sign out everywhere else" on the shop's account page ends the one here.
//
// Start with handler.go; orders.go makes the file.
package main
