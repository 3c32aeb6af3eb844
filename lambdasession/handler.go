package lambdasession

import (
	"bufio"
	"errors"
	"io"
	"maps"
	"net"
	"net/http"
	"time"
)

// Handler is [Wrap] for net/http: middleware that gives next a session, in a
// container, on a laptop, or under lambdaurl.Start.
//
// The session is saved before the first byte of the response: at the first
// Write, WriteHeader, Flush or Hijack, or when next returns, whatever status
// it answers. If the session could not be saved, the response is
// [Config.ErrorReply]'s instead and further writes return the error. If next
// panics before that, nothing is saved and the panic goes on.
//
// Inside a request that the same manager already has in hand, such as that of
// an adapter under [Wrap], Handler does nothing.
func (m *Manager) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if outer := exchangeOf(r.Context()); outer != nil && outer.m == m {
			next.ServeHTTP(w, r)
			return
		}
		x, err := m.Begin(r.Context(), Request{
			Method:    r.Method,
			Host:      r.Host,
			Cookies:   r.Header["Cookie"],
			Origin:    r.Header.Get("Origin"),
			FetchSite: r.Header.Get("Sec-Fetch-Site"),
		})
		if err != nil {
			m.WriteError(w, r, err)
			return
		}
		defer x.Close()
		rw := &responseWriter{inner: w, x: x, r: r, before: w.Header().Clone()}
		next.ServeHTTP(rw, r.WithContext(&x.ctx))
		_ = rw.commit() // on failure the reply is out
	})
}

// a responseWriter commits the session before anything leaves. It has no
// Unwrap, or http.ResponseController would flush and hijack past the commit;
// what is safe to hand through, it hands through by name. It has no Push.
type responseWriter struct {
	inner  http.ResponseWriter
	x      *Exchange
	r      *http.Request
	before http.Header // as it was before the handler

	done   bool
	cookie bool  // a session cookie must still go out
	err    error // of the commit: the reply is out, and nothing may follow
}

// commit saves the session, once, and amends the header. If that fails it
// answers in the handler's stead.
func (w *responseWriter) commit() error {
	if w.done {
		return w.err
	}
	w.done = true
	header, err := w.x.Commit()
	if err == nil {
		amend(w.inner.Header(), header)
		w.cookie = header["Set-Cookie"] != nil
		return nil
	}
	w.err = err
	current := w.inner.Header()
	clear(current)
	maps.Copy(current, w.before)
	w.x.m.WriteError(w.inner, w.r, err)
	return err
}

func (w *responseWriter) Header() http.Header { return w.inner.Header() }

func (w *responseWriter) WriteHeader(status int) {
	if status >= 100 && status < 200 && status != http.StatusSwitchingProtocols {
		// An adapter of Lambda would take a 1xx for the response itself.
		if w.r.Context().Value(http.ServerContextKey) != nil && !w.done {
			w.inner.WriteHeader(status)
		}
		return
	}
	if w.commit() == nil {
		w.inner.WriteHeader(status)
		w.cookie = false
	}
}

func (w *responseWriter) Write(p []byte) (int, error) {
	if err := w.commit(); err != nil {
		return 0, err
	}
	return w.inner.Write(p)
}

func (w *responseWriter) WriteString(s string) (int, error) {
	if err := w.commit(); err != nil {
		return 0, err
	}
	return io.WriteString(w.inner, s)
}

func (w *responseWriter) ReadFrom(src io.Reader) (int64, error) {
	if err := w.commit(); err != nil {
		return 0, err
	}
	return io.Copy(w.inner, src)
}

// Flush is always there, because code that sends events asserts it.
func (w *responseWriter) Flush() { _ = w.FlushError() }

func (w *responseWriter) FlushError() error {
	if err := w.commit(); err != nil {
		return err
	}
	return w.controller().Flush()
}

func (w *responseWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	if err := w.commit(); err != nil {
		return nil, nil, err
	}
	if w.cookie {
		return nil, nil, errors.New("lambdasession: cannot hijack the connection: a session cookie has to be sent; begin or renew the session in a request before this one")
	}
	return w.controller().Hijack()
}

func (w *responseWriter) SetReadDeadline(t time.Time) error {
	return w.controller().SetReadDeadline(t)
}

func (w *responseWriter) SetWriteDeadline(t time.Time) error {
	return w.controller().SetWriteDeadline(t)
}

func (w *responseWriter) EnableFullDuplex() error { return w.controller().EnableFullDuplex() }

func (w *responseWriter) controller() *http.ResponseController {
	return http.NewResponseController(w.inner)
}
