// Package cost works out what a month of sessions costs, from the units that a
// visit was counted to take and from the prices of internal/price. It does no
// counting: the tests of package bench walk the visit, and print the table
// (make cost). Start with [Month].
package cost
