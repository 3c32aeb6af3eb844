package localtest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"sync"
)

// A MeterProxy measures the calls that other programs make to a DynamoDB
// Local, as a [Meter] does those of a client in this one. Their clients need
// to know nothing of it but its address.
//
// What it answers is what DynamoDB Local answers. Where that gives no answer at
// all, it is status 502 with the reason, which an SDK takes for a failure of
// the service and tries again.
type MeterProxy struct {
	endpoint string
	close    func() error
}

// StartMeterProxy starts a proxy on a free port of the loopback interface, in
// front of the DynamoDB Local whose URL is endpoint, such as
// [Server.Endpoint].
//
// Observe is told of every call, and its client has the answer only when
// observe has returned: who waits for a function's response knows all the calls
// that the function waited for. It is called from several goroutines at once.
//
// A call that has been sent to the proxy is made, and observed, even if its
// client does not wait for the answer.
func StartMeterProxy(endpoint string, observe func(TracedCall)) (*MeterProxy, error) {
	upstream, err := url.Parse(endpoint)
	if err != nil || upstream.Host == "" || (upstream.Scheme != "http" && upstream.Scheme != "https") {
		return nil, fmt.Errorf("localtest: the endpoint is %q; it must be the URL of a DynamoDB Local, such as http://localhost:8000", endpoint)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("localtest: %w", err)
	}
	over, end := context.WithCancel(context.Background())
	onward := newTransport()
	onward.DisableCompression = true // whether to compress is between the client and DynamoDB

	var connections sync.WaitGroup // each is a goroutine, and its handler's
	server := &http.Server{
		Handler: meterHandler(over, upstream, newMeterTransport(onward, func(c TracedCall) {
			if c.Operation != "" { // a browser's request, or a health check's
				observe(c)
			}
		})),
		ErrorLog: log.New(io.Discard, "", 0), // of clients that went away
		ConnState: func(_ net.Conn, state http.ConnState) {
			switch state {
			case http.StateNew:
				connections.Add(1)
			case http.StateClosed:
				connections.Done()
			}
		},
	}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()

	return &MeterProxy{
		endpoint: "http://" + listener.Addr().String(),
		close: sync.OnceValue(func() error {
			end()
			_ = server.Close()
			err := <-served // no connection is new any more
			connections.Wait()
			onward.CloseIdleConnections()
			if errors.Is(err, http.ErrServerClosed) {
				return nil
			}
			return err
		}),
	}, nil
}

// Endpoint is the proxy's URL: what AWS_ENDPOINT_URL_DYNAMODB wants.
func (p *MeterProxy) Endpoint() string { return p.endpoint }

// Close ends the proxy, and the calls that are under way fail. When it returns,
// observe is called no more. It may be called more than once.
func (p *MeterProxy) Close() error { return p.close() }

func meterHandler(over context.Context, upstream *url.URL, metered http.RoundTripper) http.Handler {
	proxy := &httputil.ReverseProxy{
		Rewrite:       func(r *httputil.ProxyRequest) { r.SetURL(upstream) },
		Transport:     metered,
		FlushInterval: -1, // so that half an answer gets through as such
		ErrorHandler:  func(w http.ResponseWriter, _ *http.Request, err error) { replyUnreachable(w, err) },
		ErrorLog:      log.New(io.Discard, "", 0),
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := readBody(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler) // the client went away before it had asked
		}
		ctx, cancel := context.WithCancel(context.WithoutCancel(r.Context()))
		defer cancel()
		defer context.AfterFunc(over, cancel)()
		r = r.WithContext(ctx)
		r.Body = io.NopCloser(bytes.NewReader(body))
		r.ContentLength = int64(len(body))
		r.TransferEncoding = nil
		w.Header()["Content-Type"] = nil // or it would be guessed where DynamoDB tells none
		proxy.ServeHTTP(w, r)
	})
}

// replyUnreachable answers in DynamoDB's own form, for a program that shows
// nothing but its SDK's error.
func replyUnreachable(w http.ResponseWriter, err error) {
	body, _ := json.Marshal(map[string]string{ // strings always can be
		"__type":  "com.amazonaws.dynamodb.v20120810#ServiceUnavailable",
		"message": "DynamoDB Local does not answer: " + err.Error(),
	})
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.WriteHeader(http.StatusBadGateway)
	_, _ = w.Write(body)
}
