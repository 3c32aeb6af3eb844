package localtest_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/lambdasession/lambdasession-go/localtest"
)

func sendOnce(o *dynamodb.Options) { o.Retryer = aws.NopRetryer{} }

// What goes wrong behind the proxy goes wrong in front of it: a client fails
// where it would fail without it, and is as well advised to try again.
func TestMeterProxyPassesFailuresOn(t *testing.T) {
	t.Parallel()
	for _, fault := range []localtest.Fault{
		{Kind: localtest.ConnectionReset},
		{Kind: localtest.ConnectionReset, Applied: true},
		{Kind: localtest.ServerError},
		{Kind: localtest.InvalidJSON},
		{Kind: localtest.Delay, Pause: time.Millisecond},
		{Kind: localtest.Trickle, Pause: time.Millisecond},
		{Kind: localtest.TruncatedAnswer},
		{Kind: localtest.Throttling},
		{Kind: localtest.AccessDenied},
		{Kind: localtest.NoSuchTable},
	} {
		for _, retrying := range []bool{false, true} {
			t.Run(fmt.Sprintf("%v, applied: %v, tried again: %v", fault.Kind, fault.Applied, retrying), func(t *testing.T) {
				t.Parallel()
				type outcome struct {
					failed   bool
					requests int
				}
				try := func(proxied bool) (outcome, []localtest.TracedCall) {
					faults := localtest.DynamoDB(t).Faults(t)
					fault.Times = 1
					faults.Inject(fault)
					proxy := meter(t, faults.Endpoint())
					endpoint := faults.Endpoint()
					if proxied {
						endpoint = proxy.Endpoint()
					}
					options := []func(*dynamodb.Options){sendOnce}
					if retrying {
						options = nil
					}
					_, err := client(t, endpoint, options...).ListTables(t.Context(), &dynamodb.ListTablesInput{})
					return outcome{err != nil, len(faults.Requests())}, proxy.observed()
				}
				want, _ := try(false)
				got, calls := try(true)
				if got != want {
					t.Errorf("through the proxy %+v, without it %+v", got, want)
				}
				if len(calls) != got.requests {
					t.Errorf("%d requests, of which it tells %d", got.requests, len(calls))
				}
				if failed := calls[len(calls)-1].Err != nil; failed != got.failed {
					t.Errorf("the last call: %+v", calls[len(calls)-1])
				}
			})
		}
	}
}

func TestMeterProxyWithoutDynamoDBLocal(t *testing.T) {
	t.Parallel()
	proxy := meter(t, "http://127.0.0.1:1") // nothing listens there
	c := client(t, proxy.Endpoint(), func(o *dynamodb.Options) { o.RetryMaxAttempts = 2 })
	_, err := c.ListTables(t.Context(), &dynamodb.ListTablesInput{})
	if err == nil || !strings.Contains(err.Error(), "ServiceUnavailable: DynamoDB Local does not answer: ") {
		t.Errorf("error is %v", err)
	}
	calls := proxy.observed()
	if len(calls) != 2 || calls[0].Err == nil || calls[1].Err == nil || calls[0].Operation != "ListTables" {
		t.Errorf("calls %+v", calls)
	}
}

// slow is a DynamoDB that says when a request has come, and answers when it may.
func slow(t *testing.T) (endpoint string, came <-chan struct{}, answer chan<- struct{}) {
	t.Helper()
	arrived, answers := make(chan struct{}, 10), make(chan struct{}, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // else nobody notices that the client goes away
		arrived <- struct{}{}
		select {
		case <-answers:
			_, _ = io.WriteString(w, `{"TableNames":[]}`)
		case <-r.Context().Done():
		}
	}))
	t.Cleanup(server.Close)
	return server.URL, arrived, answers
}

func TestMeterProxyAndItsClientsEnd(t *testing.T) {
	t.Parallel()

	t.Run("a call is made, and told of, although its client has gone away", func(t *testing.T) {
		t.Parallel()
		endpoint, came, answer := slow(t)
		proxy := meter(t, endpoint)
		ctx, leave := context.WithCancel(t.Context())
		left := make(chan error)
		go func() {
			_, err := client(t, proxy.Endpoint(), sendOnce).ListTables(ctx, &dynamodb.ListTablesInput{})
			left <- err
		}()
		<-came
		leave()
		if err := <-left; err == nil {
			t.Error("the client has an answer")
		}
		answer <- struct{}{} // the request is still there
		eventually(t, "the call is not told of", func() bool { return len(proxy.observed()) == 1 })
		if call := proxy.observed()[0]; call.Err != nil {
			t.Errorf("call %+v", call)
		}
	})

	t.Run("a request that its client breaks off is no call", func(t *testing.T) {
		t.Parallel()
		endpoint, came, _ := slow(t)
		proxy := meter(t, endpoint)
		conn, err := net.Dial("tcp", strings.TrimPrefix(proxy.Endpoint(), "http://"))
		if err != nil {
			t.Fatal(err)
		}
		_, err = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: localhost\r\nX-Amz-Target: DynamoDB_20120810.PutItem\r\nContent-Length: 100\r\n\r\n{")
		if err != nil {
			t.Fatal(err)
		}
		if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, conn) // until the proxy gives up as well
		_ = conn.Close()
		if calls := proxy.observed(); len(calls) != 0 || len(came) != 0 {
			t.Errorf("%d requests came, calls %+v", len(came), calls)
		}
	})

	t.Run("its end is that of the calls under way", func(t *testing.T) {
		t.Parallel()
		endpoint, came, _ := slow(t)
		proxy := meter(t, endpoint)
		answered := make(chan error)
		go func() {
			_, err := client(t, proxy.Endpoint(), sendOnce).ListTables(t.Context(), &dynamodb.ListTablesInput{})
			answered <- err
		}()
		<-came
		if err := proxy.Close(); err != nil {
			t.Error(err)
		}
		calls := proxy.observed()
		if len(calls) != 1 || calls[0].Err == nil {
			t.Errorf("calls %+v", calls)
		}
		if err := <-answered; err == nil {
			t.Error("the client has an answer")
		}
		if err := proxy.Close(); err != nil {
			t.Error("the second time:", err)
		}
		if conn, err := net.Dial("tcp", strings.TrimPrefix(proxy.Endpoint(), "http://")); err == nil {
			_ = conn.Close()
			t.Error("somebody still listens there")
		}
	})

	t.Run("its end closes the connections of clients that keep them", func(t *testing.T) {
		t.Parallel()
		db := localtest.DynamoDB(t)
		proxy := meter(t, db.Endpoint())
		c := client(t, proxy.Endpoint(), sendOnce)
		listTables(t, c)
		if err := proxy.Close(); err != nil {
			t.Error(err)
		}
		if _, err := c.ListTables(t.Context(), &dynamodb.ListTablesInput{}); err == nil {
			t.Error("the client has an answer")
		}
	})
}
