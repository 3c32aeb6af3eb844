package bench

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/lambdasession/lambdasession-go/dynamostore"
	"github.com/lambdasession/lambdasession-go/lambdasession"
	"github.com/lambdasession/lambdasession-go/localtest"
)

// BenchmarkFirstRequest is the first request after a start that uses its
// session, with and without Warm during init: each time with a new client, over
// TLS as to AWS, but on this machine. What the network's distance adds, three
// round trips of TCP and TLS, comes on top.
func BenchmarkFirstRequest(b *testing.B) {
	db := localtest.DynamoDB(b)
	endpoint, err := url.Parse(db.Endpoint())
	if err != nil {
		b.Fatal(err)
	}
	tls := httptest.NewTLSServer(httputil.NewSingleHostReverseProxy(endpoint))
	b.Cleanup(tls.Close)
	table := db.Table()

	for _, first := range []struct {
		name string
		init func(context.Context, *dynamostore.Store) error
	}{
		{"not warmed", func(context.Context, *dynamostore.Store) error { return nil }},
		{"warmed", func(ctx context.Context, st *dynamostore.Store) error { return st.Warm(ctx) }},
	} {
		b.Run(first.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				b.StopTimer()
				transport := tls.Client().Transport.(*http.Transport).Clone()
				client := dynamodb.New(db.Client.Options(), func(o *dynamodb.Options) {
					o.BaseEndpoint = &tls.URL
					o.HTTPClient = &http.Client{Transport: transport}
				})
				st, err := dynamostore.New(client, dynamostore.Config{Table: table, Timeout: time.Minute})
				if err != nil {
					b.Fatal(err)
				}
				if err := first.init(b.Context(), st); err != nil {
					b.Fatal(err)
				}
				sessions, err := lambdasession.New(lambdasession.Config{Store: st})
				if err != nil {
					b.Fatal(err)
				}
				handle := lambdasession.Wrap(sessions, with(func(s *lambdasession.Session) error { return themeField.Set(s, "dark") }))
				b.StartTimer()
				new(browser).send(b.Context(), b, handle)
				b.StopTimer()
				transport.CloseIdleConnections()
				b.StartTimer()
			}
		})
	}
}
