// Package words is what a rebuild finds behind the function itself.
package words

// Number comes before one.
const Number = "number"
