package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"syscall"
	"time"
)

// listen takes the port of the application. A taken one shows before the work,
// not after it.
func listen(ctx context.Context, host string, port int) (net.Listener, error) {
	listener, err := listenOn(ctx, host, port)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("port %d of %s is taken: --port names another, --port 0 takes any free one", port, host)
	}
	if err != nil {
		return nil, fmt.Errorf("serving on --host %s --port %d: %w", host, port, err)
	}
	return listener, nil
}

func listenOn(ctx context.Context, host string, port int) (net.Listener, error) {
	var config net.ListenConfig
	return config.Listen(ctx, "tcp", net.JoinHostPort(host, strconv.Itoa(port)))
}

// portOf is the port that was taken.
func portOf(listener net.Listener) int {
	address, _ := listener.Addr().(*net.TCPAddr)
	return address.Port
}

// address is what to type into a browser.
func address(host string, listener net.Listener) string {
	if ip := net.ParseIP(host); host == "" || ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, strconv.Itoa(portOf(listener)))
}

// serveHTTP serves until ctx ends. It does not wait for requests under way.
func serveHTTP(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serving: %w", err)
	}
	return nil
}

// logRequests prints a line for each request: method, path, status, time. The
// query is left out, since secrets travel in it.
func logRequests(out *terminal, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		watched := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		status := out.paint(red, "cut off") // unless next returns, without the panic that cuts a response off
		defer func() {
			out.printf("%-7s %-40s %s %6d ms", r.Method, r.URL.EscapedPath(), status, time.Since(began).Milliseconds())
		}()
		next.ServeHTTP(watched, r)
		status = fmt.Sprint(watched.status)
		switch {
		case watched.status >= http.StatusInternalServerError:
			status = out.paint(red, status)
		case watched.status >= http.StatusBadRequest:
			status = out.paint(yellow, status)
		}
	})
}

// statusWriter remembers the status of a response.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController through.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
