// Package price says what AWS charges. The figures stand here once, for every
// command and every page that shows money. Start with [OnDemand]; around.go has
// what is charged beside the requests to the table.
package price
