package bench

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/lambdasession/emf"
	"github.com/lambdasession/lambdasession-go/localtest"
)

// A step is a number of like requests, and what one of them costs.
type step struct {
	name     string
	requests int
	handle   handler
	calls    int     // of DynamoDB
	units    float64 // read and write capacity
}

// A walked visit is what all its steps took.
type walked struct {
	requests int
	used     localtest.Usage
	items    int64 // in the table, when there were most bytes in it
	stored   int64 // those bytes
	metrics  int   // bytes that lambdasession/emf would have printed
}

func (w walked) units() float64 { return w.used.ReadUnits + w.used.WriteUnits }

// visit is a visit to a shop, 120 requests in a few minutes: 46 that do not
// use the session, 20 of them before there is one; 55 that read it; 12 that
// write a field without reading; 5 that read and write; a sign-in and a
// sign-out. Between the first write and the last the session has 1 to 2 KB, so
// that a read takes 1 unit and a write 2.
//
// The mix is made to be compared. Over it a store that loads the session at
// every request and writes it back at every response takes 199 calls, and 239
// if it does so for a visitor without a session too; one that loads at every
// request and writes what changed takes 139. There is no renewal in it but the
// sign-in's own.
var visit = []step{
	{"no session yet, none used", 20, bare, 0, 0},
	// The session, its device and the check for a revocation, in a transaction.
	{"sign-in", 1, with(signIn), 1, 6},
	{"cart filled, unread", 1, with(fillCart), 1, 2},
	{"session not used", 26, bare, 0, 0},
	{"cart read", 55, with(readCart), 1, 1},
	{"theme set, unread", 10, with(setTheme), 1, 2},
	{"cart read and changed", 5, with(changeCart), 2, 3},
	{"cart emptied, unread", 1, with(cartField.Delete), 1, 2},
	// The session's end, and its device's.
	{"sign-out", 1, with((*lambdasession.Session).Destroy), 2, 2},
}

// besides is another visit, of what the first one left out.
var besides = []step{
	{"first write", 1, with(setTheme), 1, 1},
	// Read, then the old session's mark, the new session, its device and the
	// check for a revocation.
	{"sign-in with a session", 1, with(signIn), 2, 9},
	// Read, then the old session's mark, the new session and its device.
	{"renewal", 1, with((*lambdasession.Session).Renew), 2, 7},
	{"sign-out after reading", 1, with(readAndSignOut), 3, 3},
	{"read without a session", 1, with(readCart), 0, 0},
}

func TestVisit(t *testing.T) {
	t.Parallel()
	t.Run("120 requests to a shop take 80 calls and 102 units", func(t *testing.T) {
		t.Parallel()
		sum := walk(t, visit)
		if sum.requests != 120 || sum.used.Calls != 80 || sum.units() != 102 {
			t.Errorf("%d requests took %d calls and %v units", sum.requests, sum.used.Calls, sum.units())
		}
	})
	t.Run("other requests cost what they do", func(t *testing.T) {
		t.Parallel()
		walk(t, besides)
	})
}

// walk makes the requests on DynamoDB Local, holds each step to what it may
// cost, prints a table, and returns the sum.
func walk(t *testing.T, steps []step) (sum walked) {
	t.Helper()
	db := localtest.DynamoDB(t)
	table := db.Table()
	st, err := dynamostore.New(db.Client, dynamostore.Config{Table: table})
	if err != nil {
		t.Fatal(err)
	}
	var metrics bytes.Buffer
	observer, err := emf.New(emf.Config{Writer: &metrics})
	if err != nil {
		t.Fatal(err)
	}
	sessions, err := lambdasession.New(lambdasession.Config{Store: st, Observer: observer})
	if err != nil {
		t.Fatal(err)
	}

	var text strings.Builder
	fmt.Fprintf(&text, "%-32s %8s %8s %8s %8s\n", "", "requests", "calls", "read", "written")
	row := func(name string, requests int, u localtest.Usage) {
		fmt.Fprintf(&text, "%-32s %8d %8d %8v %8v\n", name, requests, u.Calls, u.ReadUnits, u.WriteUnits)
	}
	var b browser
	for _, s := range steps {
		db.Meter().Reset()
		for range s.requests {
			b.send(t.Context(), t, lambdasession.Wrap(sessions, s.handle))
		}
		used := db.Meter().Usage()
		if units := used.ReadUnits + used.WriteUnits; used.Calls != s.requests*s.calls || units != float64(s.requests)*s.units {
			t.Errorf("%s: %d requests took %d calls and %v units, want %d and %v",
				s.name, s.requests, used.Calls, units, s.requests*s.calls, float64(s.requests)*s.units)
		}
		row(s.name, s.requests, used)
		sum.requests += s.requests
		sum.used.Calls += used.Calls
		sum.used.ReadUnits += used.ReadUnits
		sum.used.WriteUnits += used.WriteUnits
		items, stored := tableSize(t, db.Client, table)
		if stored > sum.stored {
			sum.items, sum.stored = items, stored
		}
	}
	sum.metrics = metrics.Len()
	row("in all", sum.requests, sum.used)
	t.Log("\n" + text.String())
	return sum
}

// tableSize is what is in a table.
func tableSize(t *testing.T, client *dynamodb.Client, table string) (items, stored int64) {
	t.Helper()
	out, err := client.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: &table})
	if err != nil {
		t.Fatal(err)
	}
	return *out.Table.ItemCount, *out.Table.TableSizeBytes
}

func signIn(s *lambdasession.Session) error { return s.SetSubject("ada", "Firefox on Linux") }

// fillCart brings the session to between 1 and 2 KB.
func fillCart(s *lambdasession.Session) error {
	var c cart
	for i := range 30 {
		c.Lines = append(c.Lines, line{fmt.Sprintf("article-%02d", i), 1, 1999})
	}
	return cartField.Set(s, c)
}

func changeCart(s *lambdasession.Session) error {
	_, err := cartField.Update(s, func(c cart) (cart, error) {
		c.Lines[0].Count++
		return c, nil
	})
	return err
}

func readAndSignOut(s *lambdasession.Session) error {
	if err := readCart(s); err != nil {
		return err
	}
	return s.Destroy()
}
