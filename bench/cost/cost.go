package cost

import (
	"time"

	"github.com/lambdasession/lambdasession-go/internal/price"
)

// A Visit is what was counted over one visitor's requests.
type Visit struct {
	Requests     int
	Calls        int     // of DynamoDB
	ReadUnits    float64 // read request units
	WriteUnits   float64 // write request units
	Items        int64   // in the table when there were most bytes in it
	StoredBytes  int64   // those bytes
	MetricsBytes int     // that lambdasession/emf would have printed
}

// What a bill assumes, since nothing here can count it.
const (
	Hours = 730 // a month's, as AWS has it in its calculator

	// How long what a visit left is stored: to the absolute timeout, and the two
	// days within which TTL deletes what has expired.
	// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html
	Stored = 12*time.Hour + 48*time.Hour

	// How long a request runs: the handler's own work, and each call of DynamoDB
	// that it waits for. And how much memory the function has.
	OwnWork  = 5 * time.Millisecond
	EachCall = 5 * time.Millisecond
	MemoryGB = 0.5
)

// A Bill is what a month costs, in USD.
type Bill struct {
	PerSecond float64 // requests
	Requests  float64 // in the month

	// The sessions, in DynamoDB: amounts, and what they cost.
	ReadUnits, WriteUnits, StoredGB float64
	Reads, Writes, Storage, Backups float64

	// What is not the library's.
	GBSeconds                           float64
	LambdaRequests, LambdaTime, HTTPAPI float64

	// The lines of lambdasession/emf, where that is switched on.
	MetricsGB, Metrics float64
}

// Sessions is what the library costs. What TTL deletes is free.
func (b Bill) Sessions() float64 { return b.Reads + b.Writes + b.Storage + b.Backups }

// Around is what else the same requests cost, the time included in which they wait
// for DynamoDB.
func (b Bill) Around() float64 { return b.LambdaRequests + b.LambdaTime + b.HTTPAPI }

// Month is the bill for so many requests a second, day and night, all of them
// part of such visits.
func Month(v Visit, perSecond float64) Bill {
	b := Bill{PerSecond: perSecond, Requests: perSecond * 3600 * Hours}
	visits := b.Requests / float64(v.Requests)

	b.ReadUnits = visits * v.ReadUnits
	b.WriteUnits = visits * v.WriteUnits
	b.Reads = price.OnDemand(b.ReadUnits, 0) / 1e6
	b.Writes = price.OnDemand(0, b.WriteUnits) / 1e6

	atOnce := perSecond / float64(v.Requests) * Stored.Seconds()
	b.StoredGB = atOnce * float64(v.StoredBytes+price.StoredItemBytes*v.Items) / 1e9
	b.Storage = max(0, b.StoredGB-price.StorageFreeGB) * price.StorageGB
	b.Backups = b.StoredGB * price.RecoveryGB

	b.GBSeconds = b.Requests * running(v).Seconds() * MemoryGB
	b.LambdaRequests = b.Requests / 1e6 * price.LambdaRequests
	b.LambdaTime = b.GBSeconds * price.LambdaGBSecond
	b.HTTPAPI = price.HTTPAPI(b.Requests / 1e6)

	b.MetricsGB = visits * float64(v.MetricsBytes) / 1e9
	b.Metrics = price.Logs(b.MetricsGB)
	return b
}

// running is how long a request runs, taken over the visit.
func running(v Visit) time.Duration {
	return OwnWork + EachCall*time.Duration(v.Calls)/time.Duration(v.Requests)
}
