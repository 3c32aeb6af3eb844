package main

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"time"

	"github.com/lambdasession/lambdasession-go/functions/internal/ferrule"
)

// orders is a CSV file that is made while it is read: it never is in memory as a
// whole.
type orders struct {
	products []ferrule.Product
	random   *rand.Rand
	day      time.Time
	next     int // number of the next row
	rows     int
	line     bytes.Buffer // what is not read yet
}

// newOrders is the orders of a user, newest first: always the same ones, since
// there is nothing behind this sample that would know any.
func newOrders(user string, rows int, now time.Time) io.Reader {
	o := &orders{
		products: ferrule.Catalogue(),
		random:   rand.New(rand.NewChaCha8(sha256.Sum256([]byte(user)))), //nolint:gosec // made-up orders are no secret
		day:      now.UTC(),
		rows:     rows,
	}
	o.line.WriteString("date,order,sku,quantity,price_cents\n")
	return o
}

// Read implements [io.Reader].
func (o *orders) Read(p []byte) (int, error) {
	for o.line.Len() < len(p) && o.next < o.rows {
		o.next++
		o.day = o.day.Add(-time.Duration(o.random.IntN(180)) * time.Minute)
		product := o.products[o.random.IntN(len(o.products))]
		fmt.Fprintf(&o.line, "%s,%07d,%s,%d,%d\n",
			o.day.Format(time.DateOnly), o.rows-o.next+1, product.SKU, 1+o.random.IntN(3), product.Price)
	}
	return o.line.Read(p)
}
