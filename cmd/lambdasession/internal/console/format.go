package console

import (
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/lambdasession/lambdasession-go/internal/price"
)

// formats are what the templates write values with.
var formats = template.FuncMap{
	"bytes":       byteCount,
	"size":        func(n int) string { return byteCount(int64(n)) },
	"clock":       func(t time.Time) string { return t.Format("15:04:05") },
	"count":       count,
	"datetime":    func(t time.Time) string { return t.Format(time.RFC3339) },
	"dollars":     dollars,
	"micro":       micro,
	"newestFirst": newestFirst,
	"moment":      func(t time.Time) string { return t.Format("2 January 2006, 15:04:05 MST") },
	"price":       price.OnDemand,
	"short":       shortID,
	"span":        span,
	"state":       state,
	"tables":      func(names []string) string { return strings.Join(names, ", ") },
	"thousands":   thousands,
	"took":        took,
	"units":       func(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) },

	"priceBasis": func() string { return price.Basis },
	"pricePage":  func() string { return price.Page },
	"readPrice":  func() float64 { return price.ReadUnit },
	"writePrice": func() float64 { return price.WriteUnit },
}

// count writes a number of things: "1 call", "2,000 calls".
func count(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return thousands(n) + " " + one + "s"
}

func thousands(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}

// dollars writes an amount: exact enough to compare, never zero for something.
func dollars(amount float64) string {
	switch {
	case amount == 0:
		return "$0"
	case amount < 0.001:
		return "less than $0.001"
	case amount < 1:
		return fmt.Sprintf("$%.3f", amount)
	case amount < 1000:
		return fmt.Sprintf("$%.2f", amount)
	default:
		return "$" + thousands(int(amount+0.5))
	}
}

// micro writes micro-dollars to half of the smallest price there is, that of
// half a read unit.
func micro(amount float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(amount, 'f', 4, 64), "0")
}

// byteCount writes a size: "312 B", "4.1 KB".
func byteCount(n int64) string {
	if n < 1024 {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%.1f KB", float64(n)/1024)
}

// took writes how long something took.
func took(d time.Duration) string {
	switch {
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.1f ms", float64(d)/1e6)
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < time.Minute:
		return fmt.Sprintf("%.2f s", d.Seconds())
	default:
		return d.Round(time.Second).String()
	}
}

// span writes a longer time, roughly: "45 s", "12 min", "3 h 20 min", "2 d 4 h".
func span(d time.Duration) string {
	d = d.Round(time.Second)
	days, hours := int(d.Hours())/24, int(d.Hours())%24
	minutes, seconds := int(d.Minutes())%60, int(d.Seconds())%60
	pair := func(n int, unit string, rest int, restUnit string) string {
		if rest == 0 {
			return fmt.Sprintf("%d %s", n, unit)
		}
		return fmt.Sprintf("%d %s %d %s", n, unit, rest, restUnit)
	}
	switch {
	case days > 0:
		return pair(days, "d", hours, "h")
	case hours > 0:
		return pair(hours, "h", minutes, "min")
	case minutes > 0:
		return fmt.Sprintf("%d min", minutes)
	default:
		return fmt.Sprintf("%d s", seconds)
	}
}

// state is what has become of a request, for the style sheet.
func state(r request) string {
	switch {
	case !r.Ended:
		return "running"
	case r.Failed():
		return "failed"
	case r.Status >= 400:
		return "refused"
	case r.Status >= 300:
		return "elsewhere"
	default:
		return "answered"
	}
}

// newestFirst turns requests round.
func newestFirst(requests []request) []request {
	requests = slices.Clone(requests)
	slices.Reverse(requests)
	return requests
}

// shortID is as much of a session's id as tells it from the others here.
func shortID(id string) string { return strings.ToValidUTF8(id[:min(len(id), 12)], "") }

// shorten cuts a text to at most a number of bytes, between characters, and
// says so.
func shorten(text string, length int) string {
	if len(text) <= length {
		return text
	}
	for length > 0 && !utf8.RuneStart(text[length]) {
		length--
	}
	return strings.TrimSpace(text[:length]) + "…"
}
