// Package console is the page on which "lambdasession local" shows what it
// does: each request with its DynamoDB calls and their price, the functions'
// builds, and the sessions in the table.
//
// It has two ends. What happens is written into a [Journal]: start with
// journal.go, then join.go for how a call to DynamoDB finds the request it was
// made for. What is to be seen is read from there by [New]'s handler: start
// with console.go; events.go keeps an open page up to date.
//
// Pages are rendered here, also the rows that reach an open page later. They
// work without JavaScript, by reloading; script.js only puts the rows in.
//
// The page is for the person at this machine. It answers to no other host name
// than this machine's own (guard.go), and it shows no session's key, which
// nobody can tell from the table, and no cookie, which the journal never sees.
package console
