package price

// AroundBasis names what the figures below hold for.
const AroundBasis = "list prices in US East (N. Virginia) of May 2025, without the free tier of new accounts"

// What a sessions table costs beside its requests, in USD a month for each GB
// (10^9 bytes): table class Standard, and the continuous backups of
// point-in-time recovery. The first GBs of a region's tables are free.
//
// https://aws.amazon.com/dynamodb/pricing/on-demand/
const (
	StorageGB     = 0.25
	StorageFreeGB = 25
	RecoveryGB    = 0.20
)

// StoredItemBytes is what DynamoDB adds to an item's own bytes when it bills
// storage. Same page.
const StoredItemBytes = 100

// What Lambda charges on arm64, for the first 7.5 billion GB-seconds of a month:
// USD a million requests, and USD a GB-second.
//
// https://aws.amazon.com/lambda/pricing/
const (
	LambdaRequests = 0.20
	LambdaGBSecond = 0.0000133334
)

// A tier is the price of what lies below its end, and beyond the end of the tier
// before it.
type tier struct{ end, price float64 }

const endless = 1e300

// httpAPI is what an HTTP API of API Gateway charges, in USD a million requests
// of up to 512 KB.
//
// https://aws.amazon.com/api-gateway/pricing/
var httpAPI = []tier{{300, 1.00}, {endless, 0.90}}

// HTTPAPI is what a month's requests to an HTTP API cost, in USD.
func HTTPAPI(millions float64) float64 { return sum(httpAPI, millions) }

// logs is what CloudWatch Logs charges for what functions print, in USD a GB, to
// log groups of class Standard. Keeping it, and metrics made of it, cost more.
//
// https://aws.amazon.com/cloudwatch/pricing/
var logs = []tier{{10_000, 0.50}, {30_000, 0.25}, {50_000, 0.10}, {endless, 0.05}}

// Logs is what it costs in USD to take that many GB of a month's logs in.
func Logs(gb float64) float64 { return sum(logs, gb) }

func sum(tiers []tier, amount float64) (usd float64) {
	begin := 0.0
	for _, t := range tiers {
		if amount <= begin {
			break
		}
		usd += (min(amount, t.end) - begin) * t.price
		begin = t.end
	}
	return usd
}
