package e2e

import (
	"fmt"
	"slices"
	"strconv"
	"sync"

	"github.com/chromedp/chromedp"

	"github.com/lambdasession/lambdasession-go/localtest"
)

// usage is what calls to DynamoDB add up to: the units and micro-dollars.
type usage struct {
	Calls              int
	Read, Write, Price float64
}

// add adds a call, at what DynamoDB asks in US East on demand: 0.125 dollars a
// million read units, 0.625 a million write units.
// https://aws.amazon.com/dynamodb/pricing/on-demand/
func (u *usage) add(c localtest.TracedCall) {
	u.Calls++
	u.Read += c.ReadUnits
	u.Write += c.WriteUnits
	u.Price += 0.125*c.ReadUnits + 0.625*c.WriteUnits
}

// row is a request as the console shows it.
type row struct {
	Request, Route, Status, Start string
	Usage                         usage
	Calls                         []string // the operations
}

// readRow is a function that reads a row of the page.
const readRow = `(row => {
	const text = part => row.querySelector(part)?.textContent.replace(/\s+/g, " ").trim() ?? "";
	const number = part => parseFloat(text(part)) || 0;
	const calls = Array.from(row.querySelectorAll(".list tbody th"), th => th.textContent);
	return {
		Request: text(".method") + " " + text(".path"), Route: text(".route"),
		Status: text(".status").replace("Status ", ""), Start: text(".start"),
		Usage: {Calls: number(".calls"), Read: number(".read"), Write: number(".write"), Price: number(".price")},
		Calls: calls.length ? calls : null,
	};
})`

// waitForRow waits for a row that is complete, of a request for which the
// function has reported, and returns the newest such one.
func (b *browser) waitForRow(selector string) row {
	b.t.Helper()
	element := fmt.Sprintf(`document.querySelector(%s)`, strconv.Quote(".request"+selector+":has(.start:not(:empty))"))
	b.until(element)
	return evaluate[row](b, readRow+`(`+element+`)`)
}

// waitForCalls waits until the rows show that many calls in all, and no request
// is under way.
func (b *browser) waitForCalls(calls int) {
	b.t.Helper()
	b.until(fmt.Sprintf(`(rows => !rows.some(row => row.dataset.state === "running") &&
		rows.reduce((calls, row) => calls + Number(row.dataset.calls), 0) === %d)(Array.from(document.querySelectorAll(".request")))`, calls))
}

// rows are all rows, oldest first.
func (b *browser) rows() []row {
	b.t.Helper()
	rows := evaluate[[]row](b, `Array.from(document.querySelectorAll(".request"), `+readRow+`)`)
	slices.Reverse(rows)
	return rows
}

// totals are the numbers on top of the page, as soon as they are about that many
// requests. That of cold starts is left out: it depends on how many requests a
// browser makes at once.
func (b *browser) totals(requests int) map[string]float64 {
	b.t.Helper()
	b.until(fmt.Sprintf(`document.querySelector("#totals dd").textContent === "%d"`, requests))
	totals := evaluate[map[string]float64](b, `Object.fromEntries(Array.from(document.querySelectorAll("#totals dl div"),
		div => [div.querySelector("dt").textContent, parseFloat(div.querySelector("dd").textContent)]))`)
	delete(totals, "Cold starts")
	return totals
}

// until waits until an expression is true in the page.
func (b *browser) until(expression string) {
	b.t.Helper()
	b.do(chromedp.Poll[chromedp.Void](expression, chromedp.WithPollingTimeout(0))) // do has a limit
}

// witness remembers the calls of functions that a meter sees.
type witness struct {
	mu   sync.Mutex
	seen []localtest.TracedCall // guarded by mu
}

// observe leaves out what no invocation has made, and what the command's own
// meter asks about the items of a transaction.
func (w *witness) observe(c localtest.TracedCall) {
	if c.TraceID == "" || c.Operation == "TransactGetItems" || c.Operation == "DescribeTable" {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.seen = append(w.seen, c)
}

func (w *witness) calls() []localtest.TracedCall {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.seen)
}

// byRequest are the calls of each request that made any.
func (w *witness) byRequest() [][]localtest.TracedCall {
	var requests [][]localtest.TracedCall
	at := map[string]int{}
	for _, c := range w.calls() {
		i, known := at[c.TraceID]
		if !known {
			i = len(requests)
			at[c.TraceID] = i
			requests = append(requests, nil)
		}
		requests[i] = append(requests[i], c)
	}
	return requests
}
