package console

import (
	"cmp"
	"context"
	"net/http"
)

// requestKey is the key of a request in its context.
type requestKey struct{}

// requestOf returns the request that a context belongs to, or nil.
func requestOf(ctx context.Context) *request {
	r, _ := ctx.Value(requestKey{}).(*request)
	return r
}

// Handler goes around the application: it notes each request, its status and
// how long it took. [Journal.Routed] and [Journal.Report] find the request by
// its context.
func (j *Journal) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		noted := j.begin(r.Method, r.URL.EscapedPath())
		witness := &witness{ResponseWriter: w}
		cutOff := true // unless next returns, without the panic that cuts a response off
		defer func() { j.end(noted, witness.status, cutOff) }()
		next.ServeHTTP(witness, r.WithContext(context.WithValue(r.Context(), requestKey{}, noted)))
		cutOff, witness.status = false, cmp.Or(witness.status, http.StatusOK)
	})
}

// witness remembers the status of a response, zero if it never had one.
type witness struct {
	http.ResponseWriter
	status int
}

func (w *witness) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController through.
func (w *witness) Unwrap() http.ResponseWriter { return w.ResponseWriter }
