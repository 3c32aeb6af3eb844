package bench

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/localtest"
)

// BenchmarkDynamoDB is a request that uses its session in DynamoDB Local, beside
// the same calls by the SDK alone: the very input that the store gave it, sent
// again. The goal: of a request's time, the wrapper and the store take less than
// a tenth.
//
// The two take turns, so that whatever slows the machine or the database down
// slows both, and each is given by its median. One op is both of them.
func BenchmarkDynamoDB(b *testing.B) {
	v := newCustomer(b)
	b.Run("a field read", func(b *testing.B) {
		compare(b, v.request(b, readCart), func() { v.get(b) })
	})
	b.Run("a field set", func(b *testing.B) {
		compare(b, v.request(b, setTheme), func() { v.update(b) })
	})
	b.Run("a field read and another set", func(b *testing.B) {
		dark := false
		compare(b, v.request(b, func(s *lambdasession.Session) error {
			if err := readCart(s); err != nil {
				return err
			}
			dark = !dark // to set what is there is no change
			return themeField.Set(s, map[bool]string{true: "dark", false: "lite"}[dark])
		}), func() { v.get(b); v.update(b) })
	})
}

func compare(b *testing.B, wrapped, alone func()) {
	b.Helper()
	for range 500 { // Java warms up
		wrapped()
		alone()
	}
	var with, without []time.Duration
	for b.Loop() {
		begin := time.Now()
		wrapped()
		middle := time.Now()
		alone()
		with, without = append(with, middle.Sub(begin)), append(without, time.Since(middle))
	}
	all, sdk := median(with), median(without)
	b.Logf("the SDK alone %v, wrapped %v: the wrapper's share is %.1f %%",
		sdk.Round(time.Microsecond), all.Round(time.Microsecond), 100*float64(all-sdk)/float64(all))
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}

// A customer is a browser with a session of some 200 bytes in DynamoDB Local.
type customer struct {
	browser  browser
	sessions *lambdasession.Manager
	sent     *lastSent
}

func newCustomer(b *testing.B) *customer {
	b.Helper()
	db := localtest.DynamoDB(b)
	// Without the meter, which reads every request and answer.
	client := dynamodb.New(db.Client.Options(), func(o *dynamodb.Options) {
		transport := &http.Transport{}
		b.Cleanup(transport.CloseIdleConnections)
		o.HTTPClient = &http.Client{Transport: transport}
	})
	v := &customer{sent: &lastSent{Client: client}}
	st, err := dynamostore.New(v.sent, dynamostore.Config{Table: db.Table()})
	if err != nil {
		b.Fatal(err)
	}
	v.sessions, err = lambdasession.New(lambdasession.Config{Store: st})
	if err != nil {
		b.Fatal(err)
	}
	for _, do := range []func(*lambdasession.Session) error{
		func(s *lambdasession.Session) error { return cartField.Set(s, someCart) }, readCart, setTheme,
	} {
		v.request(b, do)()
	}
	return v
}

// request returns a function that sends one request that does something with
// its session.
func (v *customer) request(b *testing.B, do func(*lambdasession.Session) error) func() {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), time.Hour)
	b.Cleanup(cancel)
	handle := lambdasession.Wrap(v.sessions, with(do))
	return func() { v.browser.send(ctx, b, handle) }
}

// lastSent is a client that keeps what it was last given to send.
type lastSent struct {
	*dynamodb.Client
	get    *dynamodb.GetItemInput
	update *dynamodb.UpdateItemInput
}

func (l *lastSent) GetItem(ctx context.Context, in *dynamodb.GetItemInput, o ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error) {
	l.get = in
	return l.Client.GetItem(ctx, in, o...)
}

func (l *lastSent) UpdateItem(ctx context.Context, in *dynamodb.UpdateItemInput, o ...func(*dynamodb.Options)) (*dynamodb.UpdateItemOutput, error) {
	l.update = in
	return l.Client.UpdateItem(ctx, in, o...)
}

func (v *customer) get(b *testing.B) {
	b.Helper()
	if out, err := v.sent.Client.GetItem(b.Context(), v.sent.get); err != nil || len(out.Item) == 0 {
		b.Fatalf("%v, %v", out, err)
	}
}

func (v *customer) update(b *testing.B) {
	b.Helper()
	if _, err := v.sent.Client.UpdateItem(b.Context(), v.sent.update); err != nil {
		b.Fatal(err)
	}
}
