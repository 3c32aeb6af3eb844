package ferrule

import "fmt"

// Cents is an amount of money in euro cents: whole, so that sums are exact.
type Cents int

// String formats the amount as in "€12.50".
func (c Cents) String() string { return fmt.Sprintf("€%d.%02d", c/100, c%100) }
