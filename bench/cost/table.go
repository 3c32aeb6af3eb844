package cost

import (
	"fmt"
	"io"
	"strings"

	"github.com/lambdasession/lambdasession-go/internal/price"
)

// Render prints the bills for a visit side by side, and how each line comes
// about.
func Render(out io.Writer, v Visit, perSecond ...float64) {
	bills := make([]Bill, len(perSecond))
	for i, rate := range perSecond {
		bills[i] = Month(v, rate)
	}
	line := func(what string, of func(Bill) string) {
		fmt.Fprintf(out, "%-34s", what)
		for _, b := range bills {
			fmt.Fprintf(out, " %14s", of(b))
		}
		fmt.Fprintln(out)
	}
	dollars := func(of func(Bill) float64) func(Bill) string {
		return func(b Bill) string { return "$" + thousands(of(b), 2) }
	}

	fmt.Fprintf(out, "A visit as counted: %d requests, %d calls of DynamoDB, %v read units, %v write units;\n", v.Requests, v.Calls, v.ReadUnits, v.WriteUnits)
	fmt.Fprintf(out, "in the table at most %d bytes in %d items;\n", v.StoredBytes, v.Items)
	fmt.Fprintf(out, "%d bytes of metrics.\n\n", v.MetricsBytes)
	line("requests a second", func(b Bill) string { return thousands(b.PerSecond, 0) })
	line("requests a month", func(b Bill) string { return thousands(b.Requests/1e6, 2) + " M" })
	fmt.Fprintln(out, "\nthe sessions, in DynamoDB")
	line("  reads", dollars(func(b Bill) float64 { return b.Reads }))
	line("  writes", dollars(func(b Bill) float64 { return b.Writes }))
	line("  storage", dollars(func(b Bill) float64 { return b.Storage }))
	line("  point-in-time recovery", dollars(func(b Bill) float64 { return b.Backups }))
	line("  what TTL deletes", func(Bill) string { return "free" })
	line("  in all", dollars(Bill.Sessions))
	fmt.Fprintln(out, "\nnot the library's")
	line("  Lambda, requests", dollars(func(b Bill) float64 { return b.LambdaRequests }))
	line("  Lambda, time (assumed)", dollars(func(b Bill) float64 { return b.LambdaTime }))
	line("  API Gateway, an HTTP API", dollars(func(b Bill) float64 { return b.HTTPAPI }))
	line("  in all", dollars(Bill.Around))
	fmt.Fprintln(out, "\nonly with lambdasession/emf")
	line("  its lines in CloudWatch Logs", dollars(func(b Bill) float64 { return b.Metrics }))

	fmt.Fprintf(out, `
reads       requests / %d x %v units x $%v a million
writes      requests / %d x %v units x $%v a million
storage     requests a second / %d x %.0f h x (%d bytes + %d items x %d) x $%v a GB, beyond %d GB
recovery    the same GB x $%.2f
Lambda      requests x $%.2f a million, and x %.1f ms x %v GB x $%.10f a GB-second (arm64):
            assumed are %v of the handler's own work and %v for each of %.2f calls a request
API Gateway requests x $1.00 a million up to 300 million, $0.90 beyond
metrics     requests / %d x %d bytes x $0.50 a GB, less beyond 10 TB
Not in it: taxes, data transfer, WAF, logs of Lambda's own, X-Ray, KMS, alarms, custom metrics.
%s.
All else: %s.
`,
		v.Requests, v.ReadUnits, price.ReadUnit,
		v.Requests, v.WriteUnits, price.WriteUnit,
		v.Requests, Stored.Hours(), v.StoredBytes, v.Items, price.StoredItemBytes, price.StorageGB, price.StorageFreeGB,
		price.RecoveryGB,
		price.LambdaRequests, running(v).Seconds()*1e3, MemoryGB, price.LambdaGBSecond,
		OwnWork, EachCall, float64(v.Calls)/float64(v.Requests),
		v.Requests, v.MetricsBytes,
		price.Basis, price.AroundBasis)
}

// thousands writes a number with so many decimals and commas between thousands.
func thousands(n float64, decimals int) string {
	whole, rest, _ := strings.Cut(fmt.Sprintf("%.*f", decimals, n), ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if rest == "" {
		return whole
	}
	return whole + "." + rest
}
