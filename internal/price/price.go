package price

// What a request unit costs with on-demand capacity in US East (N. Virginia),
// table class Standard, since 1 November 2024: USD a million units, which is
// the same as micro-dollars a unit.
//
// https://aws.amazon.com/dynamodb/pricing/on-demand/
const (
	ReadUnit  = 0.125
	WriteUnit = 0.625
)

// Basis names what the figures hold for, as a page or a command says it beside
// an amount.
const Basis = "DynamoDB on demand in US East (N. Virginia), list price since November 2024"

// Page is where AWS says so.
const Page = "https://aws.amazon.com/dynamodb/pricing/on-demand/"

// OnDemand is what some request units cost, in micro-dollars: read units of up
// to 4 KB (strongly consistent), write units of up to 1 KB. Storage, backups,
// transfer and what is around the table are not in it.
func OnDemand(readUnits, writeUnits float64) float64 {
	return readUnits*ReadUnit + writeUnits*WriteUnit
}
