// Command legacy is a function on the event of a REST API, whose headers come and
// go as lists of values: what an application has that is older than HTTP APIs.
//
//	GET  /legacy/preferences   the visitor's language and currency
//	POST /legacy/preferences   changes them, from a form
//
// Beside the session it sets two cookies of its own, which a page's script may
// read. All three leave in one answer.
//
// Start with handler.go, which is all of it.
package main
